import { emailKey, normalizeEmail } from '@matchday/contracts'
import type { Transaction } from '@matchday/kernel'
import type { Account } from '../domain/account.ts'

/** Reads rows, in a transaction or outside of one. */
export type Reading = <Row>(text: string, values: readonly unknown[]) => Promise<readonly Row[]>

/** What a sign-up and the account that it becomes have in common. */
export const personColumns = /* sql */ `
  id, email, first_name as "firstName", last_name as "lastName", language, password_hash as "passwordHash"`
export const personInsert = 'id, email, email_key, first_name, last_name, language, password_hash'
export function personValues(person: Omit<NewAccount, 'confirmedAt' | 'platformRole'>): readonly unknown[] {
  const { id, email, firstName, lastName, language, passwordHash } = person
  return [id, normalizeEmail(email), emailKey(email), firstName, lastName, language, passwordHash]
}

const columns = /* sql */ `${personColumns},
  confirmed_at as "confirmedAt", generation, phone, platform_role as "platformRole",
  shows_full_name as "showsFullName", created_at as "createdAt"`

const byIdStatement = `select ${columns} from accounts where id = $1`
const byEmailStatement = `select ${columns} from accounts where email_key = $1`
const lockStatement = `${byIdStatement} for update`

export async function accountById(read: Reading, id: string): Promise<Account | null> {
  return (await read<Account>(byIdStatement, [id]))[0] ?? null
}

export async function accountByEmail(read: Reading, email: string): Promise<Account | null> {
  return (await read<Account>(byEmailStatement, [emailKey(email)]))[0] ?? null
}

/** The account as it is now and stays until the transaction ends. */
export async function lockedAccount(transaction: Transaction, id: string): Promise<Account | null> {
  return (await transaction.query<Account>(lockStatement, [id]))[0] ?? null
}

export type NewAccount = Pick<
  Account,
  'id' | 'email' | 'firstName' | 'lastName' | 'language' | 'passwordHash' | 'confirmedAt' | 'platformRole'
>

/** Breaks `accounts_email_is_unique` when the address has an account. */
export async function insertAccount(
  transaction: Transaction,
  account: NewAccount,
  now: string,
): Promise<void> {
  const { email, confirmedAt, platformRole } = account
  await transaction.query(
    /* sql */ `
      insert into accounts (${personInsert}, confirmed_at, platform_role, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [...personValues(account), confirmedAt, platformRole, now],
  )
  // What still waits to become this account never will.
  await transaction.query('delete from sign_ups where email_key = $1', [emailKey(email)])
}

export async function hasSuperadmin(read: Reading): Promise<boolean> {
  const [found] = await read<{ exists: boolean }>(
    `select exists (select from accounts where platform_role = 'superadmin') as exists`,
    [],
  )
  return found!.exists
}

/** A password was set by who has the mailbox, or the one before: links that were sent earlier are void. */
export async function setPassword(transaction: Transaction, id: string, passwordHash: string): Promise<void> {
  await transaction.query('update accounts set password_hash = $2 where id = $1', [id, passwordHash])
  await transaction.query('delete from reset_links where account_id = $1', [id])
}
