import type { PlayerAccountId } from '@matchday/contracts'
import { Fault } from '@matchday/kernel'
import type { AccountOf } from '../domain/anonymize-player.ts'
import { accountSecret } from '../domain/person-secrets.ts'

/**
 * Whose account somebody has, from the secrets of his tournament. An account is kept with the event that tells its
 * mark; it is missing only if that event came in between.
 */
export function accountReader(secrets: ReadonlyMap<string, string>): AccountOf {
  return ({ id, account }) => {
    if (account === null) return null
    const accountId = secrets.get(accountSecret(id))
    if (accountId === undefined)
      throw new Fault('unavailable', `no account of ${id} yet`, { retryable: true })
    // Nothing but an account's id is kept there.
    return accountId as PlayerAccountId
  }
}
