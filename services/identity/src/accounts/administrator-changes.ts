import type { JsonObject, Transaction } from '@matchday/kernel'
import type { Account } from '../domain/account.ts'

export type AdministratorChange = 'added' | 'changed' | 'removed'

const insertStatement = /* sql */ `
  insert into administrator_changes (id, at, by, account_id, change, after) values ($1, $2, $3, $4, $5, $6)`

/** Who did what to which administrator, in the transaction that did it. No secrets: what others may see of him. */
export async function recordChange(
  transaction: Transaction,
  id: string,
  by: string,
  change: AdministratorChange,
  account: Pick<Account, 'id' | 'email' | 'firstName' | 'lastName' | 'phone' | 'platformRole'>,
  now: Date,
): Promise<void> {
  const { email, firstName, lastName, phone, platformRole: role } = account
  const after: JsonObject | null = change === 'removed' ? null : { email, firstName, lastName, phone, role }
  const json = after === null ? null : JSON.stringify(after)
  await transaction.query(insertStatement, [id, now, by, account.id, change, json])
}
