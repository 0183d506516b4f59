import { normalizeEmail, normalizeName } from '@matchday/contracts'
import type { Transaction } from '@matchday/kernel'
import type { SuperadminConfig } from '../config.ts'
import { accountByEmail, hasSuperadmin, insertAccount } from './accounts.ts'

const insertStatement = /* sql */ `
  insert into setup (link_id, created_at) values ($1, $2)
  on conflict (single) do update set single = setup.single returning link_id as id`

/**
 * The id of the link that makes the account of the first superadmin; null when there is one already. The same one until
 * it is used, whoever asks.
 */
export async function ensureSetup(
  transaction: Transaction,
  newId: () => string,
  now: Date,
): Promise<string | null> {
  if (await hasSuperadmin(transaction.query)) return null
  const [setup] = await transaction.query<{ id: string }>(insertStatement, [newId(), now])
  return setup!.id
}

/** Uses the link up. False: somebody else did, or there is a superadmin by now. */
export async function takeSetup(transaction: Transaction, id: string): Promise<boolean> {
  const taken = await transaction.query('delete from setup where link_id = $1 returning link_id', [id])
  return taken.length > 0 && !(await hasSuperadmin(transaction.query))
}

/**
 * The administrator whom the configuration names. Once there is an account with this address nothing is done, so that
 * a restart never brings an old password back. False: there was one.
 */
export async function insertSuperadmin(
  transaction: Transaction,
  id: string,
  { email, firstName = 'Super', lastName = 'Admin' }: Omit<SuperadminConfig, 'password'>,
  passwordHash: string,
  now: Date,
): Promise<boolean> {
  // Two instances that start at once take turns.
  await transaction.query(`select pg_advisory_xact_lock(hashtext('identity superadmin'))`)
  if ((await accountByEmail(transaction.query, email)) !== null) return false
  const account = {
    id,
    email: normalizeEmail(email),
    firstName: normalizeName(firstName),
    lastName: normalizeName(lastName),
    language: 'en',
    passwordHash,
    // Whoever writes the configuration answers for the address.
    confirmedAt: now,
    platformRole: 'superadmin',
  } as const
  await insertAccount(transaction, account, now.toISOString())
  await transaction.query('delete from setup')
  return true
}
