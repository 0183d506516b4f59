import { type OrganizationId, organizationInternals } from '@matchday/contracts'
import { type PrepareContext, type Rejection, reject } from '@matchday/kernel'
import { type AccessRefusal, accessRefusal } from '../domain/standing.ts'
import { signedIn } from '../sessions/signed-in.ts'

/** Why the caller may not act as an owner of an organisation; null: he may. Asked anew each time: roles change. */
export async function ownerRefusal(
  { ask, caller }: Pick<PrepareContext, 'ask' | 'caller'>,
  organizationId: OrganizationId,
): Promise<Rejection<AccessRefusal> | null> {
  const somebody = signedIn(caller)
  if (somebody.kind !== 'staff') return reject('not-found')
  const { accountId, platformRole } = somebody
  const isAdministrator = platformRole !== undefined
  const standing = await ask(organizationInternals.getStanding, {
    organizationId,
    accountId,
    isAdministrator,
  })
  const refusal = accessRefusal(standing.kind === 'ok' ? standing.body : null, isAdministrator, 'owner')
  return refusal === null ? null : reject(refusal)
}
