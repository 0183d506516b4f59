import type { Caller, Operation, OrganizationId } from '@matchday/contracts'
import { type JsonObject, type ReadContext, type Rejection, reject } from '@matchday/kernel'
import { type StandingCode, standingRefusal } from './domain/standing.ts'
import { standingOf } from './standings.ts'

/** Why a caller may not do what is about no one tournament; null: he may. */
export async function refusalOutside(
  { policy, scope }: Operation,
  caller: Caller,
  { organizationId }: JsonObject,
  { ask }: Pick<ReadContext, 'ask'>,
): Promise<Rejection<StandingCode> | null> {
  switch (policy) {
    case 'anyone':
      return null
    case 'staff':
    case 'player-account':
      return caller.kind === policy ? null : reject('not-allowed')
    case 'support':
    case 'manager':
    case 'owner': {
      // The contract says that it is an organisation's id.
      const standing = await standingOf(ask, caller, organizationId as OrganizationId, scope)
      return standingRefusal(standing, caller, policy)
    }
    default:
      return reject('not-allowed')
  }
}
