import { type Id, isEmail, newId, type Realm } from '@matchday/contracts'
import { type Clock, Fault, type Log, silentLog, systemClock } from '@matchday/kernel'
import { type BudgetLimits, budgetLimits } from './budgets/budget-limits.ts'
import { newPasswordProblem, passwordProblemTexts } from './domain/password-rules.ts'
import { type HashingLimits, hashingLimits } from './passwords/hashing-limits.ts'
import { isKnownPassword } from './passwords/known-passwords.ts'
import { type KeyTimes, keyTimes } from './tokens/key-times.ts'

export type RegistrationMode = 'open' | 'approved' | 'closed'

/** A mail that nobody sends, because no mail server is set up: whoever runs the server hands the link on. */
export type MailNotice = { readonly to: string; readonly subject: string; readonly link: string | null }

export type OidcConfig = {
  /** What people know the other service by. */
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  /** Where the browser comes back to. */
  readonly redirectUrl: () => string
  /** Plain http to the other service; for tests on one machine. */
  readonly isInsecureAllowed?: boolean
}

export type SuperadminConfig = {
  readonly email: string
  readonly password: string
  readonly firstName?: string
  readonly lastName?: string
}

/** What the service needs from the outside. Everything that is random, or time, can be replaced by tests. */
export type IdentityConfig = {
  readonly realm: Realm
  readonly registration: RegistrationMode
  /** All keys are derived from it: at least 32 bytes. */
  readonly secret: string | Uint8Array
  /** Where the pages are that links of mails lead to; without a slash at the end. */
  readonly publicUrl: () => string
  /** Left out: mails are kept in the outbox, and `onMail` is told. */
  readonly smtp?: { readonly url: string; readonly from: string }
  readonly onMail?: (mail: MailNotice) => void
  /** The link that makes the first account. Told once by each process, as long as there is none. */
  readonly onSetupLink?: (link: string) => void
  /** Staff only: made at start, unless there is an account with this address already. */
  readonly superadmin?: SuperadminConfig
  readonly oidc?: OidcConfig
  /** Told what went wrong with mails. */
  readonly log?: Log
  readonly clock?: Clock
  readonly newId?: <Kind extends string>() => Id<Kind>
  readonly hashing?: Partial<HashingLimits>
  readonly budgets?: Partial<BudgetLimits>
  readonly keyTimes?: Partial<KeyTimes>
}

export type CompleteIdentityConfig = Omit<
  IdentityConfig,
  'log' | 'clock' | 'newId' | 'hashing' | 'budgets' | 'keyTimes'
> & {
  readonly log: Log
  readonly clock: Clock
  readonly newId: <Kind extends string>() => Id<Kind>
  readonly hashing: HashingLimits
  readonly budgets: BudgetLimits
  readonly keyTimes: KeyTimes
}

/** Throws Fault `bad-configuration`. */
export function completeConfig(config: IdentityConfig): CompleteIdentityConfig {
  if (config.superadmin !== undefined) checkSuperadmin(config.superadmin)
  return {
    ...config,
    log: config.log ?? silentLog,
    clock: config.clock ?? systemClock,
    // Without an argument: an id holds the time at which it is made.
    newId: config.newId ?? (<Kind extends string>() => newId<Kind>()),
    hashing: { ...hashingLimits, ...config.hashing },
    budgets: { ...budgetLimits, ...config.budgets },
    keyTimes: { ...keyTimes, ...config.keyTimes },
  }
}

function checkSuperadmin(superadmin: SuperadminConfig): void {
  if (!isEmail(superadmin.email))
    throw new Fault('bad-configuration', 'The superadmin’s e-mail address is not one.')
  const problem = superadminPasswordProblem(superadmin)
  if (problem === undefined) return
  throw new Fault('bad-configuration', `The superadmin’s password is not good: ${problem}`)
}

/** What everybody must obey, the configuration must too. In words, without the password. */
export function superadminPasswordProblem(superadmin: SuperadminConfig): string | undefined {
  const { email, password, firstName = '', lastName = '' } = superadmin
  const problem = newPasswordProblem(password, 'staff', { email, firstName, lastName }, isKnownPassword)
  return problem === undefined ? undefined : passwordProblemTexts[problem]
}
