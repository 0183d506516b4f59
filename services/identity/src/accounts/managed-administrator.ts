import { isStrictlyJunior } from '@matchday/contracts'
import { type Rejection, reject, type Transaction } from '@matchday/kernel'
import type { Account } from '../domain/account.ts'
import { lockedAccount } from './accounts.ts'

/** An administrator whom another one may manage: only the strictly junior. */
export async function managedAdministrator(
  transaction: Transaction,
  accountId: string,
  managerId: string,
): Promise<{ readonly kind: 'managed'; readonly account: Account } | Rejection<'not-found' | 'not-junior'>> {
  const account = await lockedAccount(transaction, accountId)
  if (account === null || account.platformRole === null) return reject('not-found')
  const manager = accountId === managerId ? account : await lockedAccount(transaction, managerId)
  const role = manager?.platformRole ?? null
  if (role === null || !isStrictlyJunior(account.platformRole, role)) return reject('not-junior')
  return { kind: 'managed', account }
}
