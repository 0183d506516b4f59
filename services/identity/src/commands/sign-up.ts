import { emailKey, normalizeName, organizationInternals } from '@matchday/contracts'
import {
  type PrepareContext,
  type Rejection,
  type RowAcceptance,
  reject,
  rowCommand,
  type Transaction,
} from '@matchday/kernel'
import { accountByEmail, hasSuperadmin, insertAccount } from '../accounts/accounts.ts'
import { takeSetup } from '../accounts/setup.ts'
import { insertSignUp, type SignUp, signUpEnd } from '../accounts/sign-ups.ts'
import { newPasswordProblem } from '../domain/password-rules.ts'
import { queueMail } from '../mail/queue-mail.ts'
import type { IdentityParts } from '../parts.ts'
import { isKnownPassword } from '../passwords/known-passwords.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { badPassword, isRejection, tooMany, whenNotBusy } from '../refusals.ts'
import { readOneTimeToken } from '../tokens/one-time-token.ts'

type Parts = Pick<IdentityParts, 'realm' | 'registration' | 'keys' | 'newId' | 'budgets' | 'passwords'>
type Input = {
  readonly email: string
  readonly password: string
  readonly firstName: string
  readonly lastName: string
  readonly language?: 'en' | 'de'
  readonly invitation?: string
  readonly setup?: string
}
type Facts = {
  readonly kind: 'ready'
  readonly signUp: SignUp
  /** Of the link that makes the first superadmin. */
  readonly setupId: string | null
  readonly sendsMail: boolean
}

/**
 * Nothing in the answer, nor in how long it takes, says whether the address is known: a password is hashed and a mail
 * is queued in either case. Who has the account is told by the mail.
 */
export const signUp = (operation: RealmOperations['signUp'], parts: Parts) =>
  rowCommand(operation, {
    prepare: async (input, context) => {
      const tooOften = await parts.budgets.takeRequest(context.rows, context.address)
      if (tooOften !== null) return tooMany(tooOften)
      const { email, password } = input
      const problem = newPasswordProblem(password, parts.realm, input, isKnownPassword)
      if (problem !== undefined) return badPassword(problem, 'password')
      const way = await wayIn(parts, input, context)
      if (way.kind === 'rejected') return way
      const passwordHash = await whenNotBusy(() => parts.passwords.hash(password))
      if (isRejection(passwordHash)) return passwordHash
      const sendsMail = await parts.budgets.takeMail(context.rows, emailKey(email), context.address)
      const facts: Facts = {
        kind: 'ready',
        signUp: {
          id: parts.newId(),
          email,
          firstName: normalizeName(input.firstName),
          lastName: normalizeName(input.lastName),
          language: input.language ?? 'en',
          passwordHash,
        },
        setupId: way.setupId,
        sendsMail,
      }
      return facts
    },
    stream: (_input, facts) => (facts.kind === 'ready' ? facts.signUp.id : parts.newId()),
    run: (transaction, { facts, now }) => {
      if (facts.kind === 'rejected') return Promise.resolve(facts)
      return facts.setupId === null
        ? keepSignUp(parts, transaction, facts, new Date(now))
        : makeFirstAccount(transaction, facts.signUp, facts.setupId, now)
    },
    present: ({ next }) => ({ next: next as 'check-mail' | 'sign-in' }),
    conflicts: { accounts_email_is_unique: 'link-expired' },
  })

/** Whether one may sign up here, and how. */
async function wayIn(
  { realm, registration, keys }: Parts,
  { setup, invitation }: Input,
  { rows, ask }: Pick<PrepareContext, 'rows' | 'ask'>,
): Promise<{ kind: 'open'; setupId: string | null } | Rejection<'registration-closed' | 'link-expired'>> {
  if (setup !== undefined) {
    const setupId = readOneTimeToken(keys, 'setup', setup)
    if (setupId === null || realm !== 'staff' || (await hasSuperadmin(rows))) return reject('link-expired')
    return { kind: 'open', setupId }
  }
  if (registration !== 'closed') return { kind: 'open', setupId: null }
  if (invitation === undefined || realm !== 'staff') return reject('registration-closed')
  const found = await ask(organizationInternals.checkInvitation, { token: invitation })
  return found.kind === 'ok' && found.body.isGood ? { kind: 'open', setupId: null } : reject('link-expired')
}

async function keepSignUp(
  { newId }: Parts,
  transaction: Transaction,
  { signUp, sendsMail }: Facts,
  now: Date,
): Promise<RowAcceptance> {
  const accepted: RowAcceptance = { kind: 'accepted', answer: { next: 'check-mail' } }
  if (!sendsMail) return accepted
  const known = await accountByEmail(transaction.query, signUp.email)
  // Kept in either case, and where there is an account already for nothing: nobody is told its link.
  await insertSignUp(transaction, signUp, now)
  await queueMail(
    transaction,
    newId(),
    known === null
      ? { kind: 'confirm', signUpId: signUp.id, expiresAt: signUpEnd(now) }
      : { kind: 'known-address', accountId: known.id },
    now,
  )
  return accepted
}

/** The link was shown to whoever started the server: no mail is needed to know that it is he. */
async function makeFirstAccount(
  transaction: Transaction,
  signUp: SignUp,
  setupId: string,
  now: string,
): Promise<RowAcceptance | Rejection<'link-expired'>> {
  if (!(await takeSetup(transaction, setupId))) return reject('link-expired')
  const role = { confirmedAt: null, platformRole: 'superadmin' } as const
  await insertAccount(transaction, { ...signUp, ...role }, now)
  return { kind: 'accepted', answer: { next: 'sign-in' }, events: [{ type: 'account-created', data: {} }] }
}
