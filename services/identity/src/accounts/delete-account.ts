import type { DomainEvent, Transaction } from '@matchday/kernel'
import type { Account } from '../domain/account.ts'
import { endAllSessions } from '../sessions/sessions.ts'
import { recordChange } from './administrator-changes.ts'

/** All that is personal goes with the row, by foreign keys and a trigger; its tokens are out of use at once. */
export async function deleteAccount(
  transaction: Transaction,
  newId: () => string,
  account: Account,
  by: string,
  now: Date,
): Promise<readonly DomainEvent[]> {
  const ended = await endAllSessions(transaction, account.id, now)
  if (account.platformRole !== null) await recordChange(transaction, newId(), by, 'removed', account, now)
  await transaction.query('delete from accounts where id = $1', [account.id])
  return [ended, { type: 'account-deleted', data: {} }]
}

const othersStatement = /* sql */ `
  select
    exists (select from accounts where platform_role = 'superadmin' and id <> $1) as "hasSuperadmin",
    exists (select from accounts where id <> $1) as "hasOthers"`

/** Nobody could make an administrator any more. Alone he may go: then the first account can be made once more. */
export async function isLastSuperadmin(
  transaction: Transaction,
  { id, platformRole }: Pick<Account, 'id' | 'platformRole'>,
): Promise<boolean> {
  if (platformRole !== 'superadmin') return false
  // Two who go at once take turns.
  await transaction.query(`select pg_advisory_xact_lock(hashtext('identity superadmin'))`)
  type Others = { readonly hasSuperadmin: boolean; readonly hasOthers: boolean }
  const [others] = await transaction.query<Others>(othersStatement, [id])
  return others!.hasOthers && !others!.hasSuperadmin
}
