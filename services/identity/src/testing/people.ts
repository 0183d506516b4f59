import type { Caller, PlayerAccountId, Realm, SessionId, StaffId } from '@matchday/contracts'
import { realmOperations } from '../realm-operations.ts'
import { type Asking, bodyOf, type IdentityLab } from './identity-lab.ts'

export const goodPassword = 'correct horse battery staple'

export type SessionBody = {
  readonly accountId: string
  readonly sessionId: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly accessExpiresAt: string
  readonly refreshExpiresAt: string
}
export type Person = SessionBody & { readonly email: string; readonly caller: Caller }

/** The caller that a session's access token stands for. */
export function callerOf(
  realm: Realm,
  { accountId, sessionId }: SessionBody,
  role?: 'admin' | 'superadmin',
): Caller {
  const session = sessionId as SessionId
  if (realm === 'players') {
    return { kind: 'player-account', accountId: accountId as PlayerAccountId, sessionId: session }
  }
  const caller = { kind: 'staff', accountId: accountId as StaffId, sessionId: session } as const
  return role === undefined ? caller : { ...caller, platformRole: role }
}

/** The token in the fragment of a link. */
export function tokenOf(link: string | null | undefined): string {
  const token = link?.split('#')[1]
  if (token === undefined) throw new Error('no link')
  return token
}

/** Delivers what waits; the token of the link in the newest mail to somebody. */
export async function mailedToken(lab: IdentityLab, email: string): Promise<string> {
  await lab.job('mails')
  return tokenOf(lab.notices.findLast(({ to }) => to === email)?.link)
}

const names = { firstName: 'Ada', lastName: 'Lovelace' }

/** Signs up and opens the link of the mail. */
export async function register(
  lab: IdentityLab,
  email: string,
  { realm = 'staff', password = goodPassword, ...asking }: Asking & { realm?: Realm; password?: string } = {},
): Promise<Person> {
  const { signUp, confirmEmail } = realmOperations[realm]
  bodyOf(await lab.call(signUp.name, { email, password, ...names }, asking))
  const token = await mailedToken(lab, email)
  const session = bodyOf<SessionBody>(await lab.call(confirmEmail.name, { token, password }, asking))
  return { ...session, email, caller: callerOf(realm, session) }
}

/** Another session of somebody. */
export async function signInAs(
  lab: IdentityLab,
  email: string,
  { realm = 'staff', password = goodPassword, ...asking }: Asking & { realm?: Realm; password?: string } = {},
): Promise<Person> {
  const session = bodyOf<SessionBody>(
    await lab.call(realmOperations[realm].signIn.name, { email, password }, asking),
  )
  return { ...session, email, caller: callerOf(realm, session) }
}

/** The first account, by the link that the server prints. */
export async function setUp(lab: IdentityLab, email = 'root@matchday.test'): Promise<Person> {
  await lab.job('first-account')
  const setup = tokenOf(lab.setupLinks.at(-1))
  bodyOf(await lab.call('signUpStaff', { email, password: goodPassword, ...names, setup }))
  const person = await signInAs(lab, email)
  return { ...person, caller: callerOf('staff', person, 'superadmin') }
}

/** Makes somebody with an account an administrator; his sessions end, so he signs in anew. */
export async function makeAdministrator(lab: IdentityLab, by: Person, email: string): Promise<Person> {
  bodyOf(await lab.call('addAdministrator', { email, ...names }, { by: by.caller }))
  const person = await signInAs(lab, email)
  return { ...person, caller: callerOf('staff', person, 'admin') }
}
