import { identityLimits } from '@matchday/contracts'
import type { Transaction } from '@matchday/kernel'
import type { Account } from '../domain/account.ts'
import { personColumns, personInsert, personValues, type Reading } from './accounts.ts'

/** Somebody who wants an account, and still has to prove that the address is his. */
export type SignUp = Pick<Account, 'id' | 'email' | 'firstName' | 'lastName' | 'language'> & {
  readonly passwordHash: string
}

export function signUpEnd(now: Date): Date {
  return new Date(now.getTime() + identityLimits.confirmLinkHours * 60 * 60 * 1_000)
}

export async function signUpById(read: Reading, id: string, now: Date): Promise<SignUp | null> {
  const statement = `select ${personColumns} from sign_ups where id = $1 and expires_at > $2`
  return (await read<SignUp>(statement, [id, now]))[0] ?? null
}

/**
 * Takes it out: it can become an account once. All sign-ups of its address are locked first, in one order: two of them
 * that are confirmed at once would wait for each other when one becomes the account and the rest is deleted.
 */
export async function takeSignUp(transaction: Transaction, id: string, now: Date): Promise<SignUp | null> {
  await transaction.query(
    /* sql */ `
      select from sign_ups where email_key = (select email_key from sign_ups where id = $1)
      order by id for update`,
    [id],
  )
  const statement = `delete from sign_ups where id = $1 and expires_at > $2 returning ${personColumns}`
  return (await transaction.query<SignUp>(statement, [id, now]))[0] ?? null
}

export async function insertSignUp(transaction: Transaction, signUp: SignUp, now: Date): Promise<void> {
  await transaction.query(
    /* sql */ `
      insert into sign_ups (${personInsert}, created_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [...personValues(signUp), now, signUpEnd(now)],
  )
}
