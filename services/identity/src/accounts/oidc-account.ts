import { isEmail } from '@matchday/contracts'
import { type DomainEvent, type Rejection, reject, type Transaction } from '@matchday/kernel'
import type { RegistrationMode } from '../config.ts'
import { type Account, fittingName } from '../domain/account.ts'
import type { OidcPerson } from '../oidc/oidc-client.ts'
import { accountByEmail, insertAccount, lockedAccount } from './accounts.ts'

export type OidcAccount = {
  readonly kind: 'found'
  readonly account: Pick<Account, 'id' | 'platformRole'>
  readonly events: readonly DomainEvent[]
}

const linkedStatement = 'select account_id as id from oidc_identities where issuer = $1 and subject = $2'
const linkStatement = 'insert into oidc_identities (issuer, subject, account_id) values ($1, $2, $3)'
const confirmStatement = 'update accounts set confirmed_at = coalesce(confirmed_at, $2) where id = $1'

/**
 * The account of somebody whom the other service knows: the one that he has signed in with before; else the one with
 * his address; else a new one. An address opens an account only if both sides have proved it: the other service says
 * so, and here it was confirmed, or nobody has ever had a password for it (an administrator who was named).
 */
export async function oidcAccount(
  transaction: Transaction,
  registration: RegistrationMode,
  person: OidcPerson,
  newAccountId: string,
  now: string,
): Promise<OidcAccount | Rejection<'sign-in-failed' | 'registration-closed'>> {
  const { issuer, subject, email, isEmailVerified } = person
  const [linked] = await transaction.query<{ id: string }>(linkedStatement, [issuer, subject])
  if (linked !== undefined) {
    const account = await lockedAccount(transaction, linked.id)
    return account === null ? reject('sign-in-failed') : { kind: 'found', account, events: [] }
  }
  if (email === null || !isEmailVerified || !isEmail(email)) return reject('sign-in-failed')
  const known = await accountByEmail(transaction.query, email)
  if (known !== null) {
    const isSafe = known.confirmedAt !== null || known.passwordHash === null
    if (!isSafe) return reject('sign-in-failed')
    await transaction.query(linkStatement, [issuer, subject, known.id])
    await transaction.query(confirmStatement, [known.id, now])
    return { kind: 'found', account: known, events: [] }
  }
  if (registration === 'closed') return reject('registration-closed')
  const account = newAccount(newAccountId, email, person, new Date(now))
  await insertAccount(transaction, account, now)
  await transaction.query(linkStatement, [issuer, subject, account.id])
  return { kind: 'found', account, events: [{ type: 'account-created', data: {} }] }
}

function newAccount(id: string, email: string, { firstName, lastName, name }: OidcPerson, now: Date) {
  const whole = fittingName(name)?.split(/\s+/u) ?? []
  const [local = ''] = email.split('@')
  return {
    id,
    email,
    firstName: fittingName(firstName) ?? fittingName(whole[0]) ?? fittingName(local) ?? 'New',
    lastName: fittingName(lastName) ?? fittingName(whole.slice(1).join(' ')) ?? 'Member',
    language: 'en',
    passwordHash: null,
    confirmedAt: now,
    platformRole: null,
  } as const
}
