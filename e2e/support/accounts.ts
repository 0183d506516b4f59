import { randomBytes } from 'node:crypto'
import { allOperations, type OperationName, type Realm } from '@matchday/contracts'
import { ask, requestOf } from './ask.ts'
import { must } from './client.ts'
import { Waited } from './live.ts'

/** Somebody with an account, as he is signed in now. */
export type Account = {
  readonly realm: Realm
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly id: string
  password: string
  sessionId: string
  accessToken: string
  refreshToken: string
}

/** The token of the link that was mailed last to an address. */
export type Mailbox = (realm: Realm, email: string) => Promise<string>

/** What both realms have, by the names that each gives it. */
export const realmOperations = {
  staff: {
    getSignIn: 'getStaffSignIn',
    signUp: 'signUpStaff',
    confirmEmail: 'confirmStaffEmail',
    signIn: 'signInStaff',
    renewSession: 'renewStaffSession',
    signOut: 'signOutStaff',
    requestReset: 'requestStaffReset',
    resetPassword: 'resetStaffPassword',
    changePassword: 'changeStaffPassword',
    deleteAccount: 'deleteStaffAccount',
    getProfile: 'getStaffProfile',
    listMails: 'listStaffMails',
  },
  players: {
    getSignIn: 'getPlayerSignIn',
    signUp: 'signUpPlayer',
    confirmEmail: 'confirmPlayerEmail',
    signIn: 'signInPlayer',
    renewSession: 'renewPlayerSession',
    signOut: 'signOutPlayer',
    requestReset: 'requestPlayerReset',
    resetPassword: 'resetPlayerPassword',
    changePassword: 'changePlayerPassword',
    deleteAccount: 'deletePlayerAccount',
    getProfile: 'getPlayerProfile',
    listMails: 'listPlayerMails',
  },
} as const satisfies Record<Realm, Record<string, OperationName>>

/** Good enough for both realms, and nobody else's. */
export function freshPassword(): string {
  return `harbour lantern ${randomBytes(6).toString('hex')}`
}

export function freshEmail(name = 'somebody'): string {
  return `${name}.${randomBytes(6).toString('hex')}@example.org`
}

/** Of a server without a mail server, on this computer: what it would have sent can be read there. */
export function outboxOf(url: string): Mailbox {
  return async (realm, email) => tokenIn(await mailedPath(url, realm, email))
}

/** Where the link of the latest such mail leads, without the host. */
export async function mailedPath(url: string, realm: Realm, email: string): Promise<string> {
  const { body } = await must(url, realmOperations[realm].listMails, { query: { limit: 100 } })
  const links = body.items.flatMap(({ to, text }) =>
    to === email ? (text.match(/https?:\/\/\S+#\S+/) ?? []) : [],
  )
  const [link] = links
  if (link === undefined) throw new Error(`no mail with a link to ${email}`)
  const { pathname, hash } = new URL(link)
  return pathname + hash
}

/** Of processes that print the links: give it what they print. */
export function terminalMailbox(): { read(chunk: string): void; mailbox: Mailbox } {
  const printed = new Waited<string>()
  let text = ''
  const linkTo = (email: string) => {
    const at = text.lastIndexOf(`Mail to ${email}:`)
    return at === -1 ? undefined : text.slice(at).match(/^[^\n]*\n\s+(\S+#\S+)\n/)?.[1]
  }
  return {
    read(chunk) {
      text += chunk
      printed.push(chunk)
    },
    mailbox: async (_realm, email) => {
      await printed.until(() => linkTo(email) !== undefined, 20_000)
      return tokenIn(linkTo(email) ?? '')
    },
  }
}

function tokenIn(text: string): string {
  const token = text.match(/#([A-Za-z0-9._~-]{20,})/)?.[1]
  if (token === undefined) throw new Error(`no link: ${text.slice(0, 300)}`)
  return token
}

export type Newcomer = {
  readonly email?: string
  readonly password?: string
  readonly firstName?: string
  readonly lastName?: string
  /** The token of an invitation, where it needs one. */
  readonly invitation?: string
}

/** Signs up, and confirms by the link of the mail. */
export async function makeAccount(
  url: string,
  realm: Realm,
  mailbox: Mailbox,
  newcomer: Newcomer = {},
): Promise<Account> {
  const { firstName = 'Ada', lastName = 'Lovelace' } = newcomer
  const { email = freshEmail(firstName.toLowerCase()), password = freshPassword(), invitation } = newcomer
  const { signUp, confirmEmail } = realmOperations[realm]
  const invited = invitation === undefined ? {} : { invitation }
  await must(url, signUp, { body: { email, password, firstName, lastName, ...invited } })
  const token = await mailbox(realm, email)
  const { body } = await must(url, confirmEmail, { body: { token, password } })
  return { realm, email, password, firstName, lastName, id: body.accountId, ...tokensOf(body) }
}

/** The first account of an installation, by the link that it printed. */
export async function firstAccount(url: string, printed: string): Promise<Account> {
  const setup = printed.match(/\/setup#(\S+)/)?.[1]
  if (setup === undefined) throw new Error(`no link for the first account:\n${printed}`)
  const [firstName, lastName] = ['Ada', 'Lovelace']
  const somebody = { email: freshEmail('ada'), password: freshPassword() }
  await must(url, 'signUpStaff', { body: { ...somebody, firstName, lastName, setup } })
  return { ...(await signedIn(url, 'staff', somebody)), firstName, lastName }
}

/** Signs in once more; the account's tokens are the new ones from then on. */
export async function signIn(url: string, account: Account): Promise<Account> {
  const { email, password } = account
  const { body } = await must(url, realmOperations[account.realm].signIn, { body: { email, password } })
  return Object.assign(account, tokensOf(body))
}

/** Somebody who is an account already: the administrator of the configuration. */
export async function signedIn(
  url: string,
  realm: Realm,
  { email, password }: { email: string; password: string },
): Promise<Account> {
  const { body } = await must(url, realmOperations[realm].signIn, { body: { email, password } })
  return { realm, email, password, firstName: '', lastName: '', id: body.accountId, ...tokensOf(body) }
}

/**
 * The administrator whom the configuration names. He is made a moment after the start; each try comes from an address
 * of its own, so that none counts against the next.
 */
export async function signedInAtStart(
  url: string,
  { email, password }: { email: string; password: string },
): Promise<Account> {
  const operation = allOperations[realmOperations.staff.signIn]
  for (let tried = 1; tried <= 250; tried++) {
    const told = await ask(url, requestOf(operation, { body: { email, password }, from: `127.9.0.${tried}` }))
    if (told.code === 'ok') return signedIn(url, 'staff', { email, password })
    if (told.code !== 'wrong-credentials') throw new Error(told.text)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the administrator of the configuration was not made in time')
}

/** A new administrator, who sets his password by the link of the mail. */
export async function makeAdministrator(
  url: string,
  mailbox: Mailbox,
  root: Account,
  firstName = 'Grace',
): Promise<Account> {
  const email = freshEmail('admin')
  const password = freshPassword()
  await must(url, 'addAdministrator', {
    token: root.accessToken,
    body: { email, firstName, lastName: 'Hopper' },
  })
  const token = await mailbox('staff', email)
  await must(url, 'resetStaffPassword', { body: { token, newPassword: password } })
  return { ...(await signedIn(url, 'staff', { email, password })), firstName, lastName: 'Hopper' }
}

export type SessionTokens = Pick<Account, 'sessionId' | 'accessToken' | 'refreshToken'>

export function tokensOf(session: {
  sessionId: string
  accessToken?: string
  refreshToken?: string
}): SessionTokens {
  const { sessionId, accessToken = '', refreshToken = '' } = session
  return { sessionId, accessToken, refreshToken }
}
