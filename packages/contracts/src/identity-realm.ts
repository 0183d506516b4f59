import { Type } from 'typebox'
import type { RejectionCode } from './codes.ts'
import { passwordLengthMax, passwordLengthMin } from './credentials.ts'
import type { Id, SessionId, StaffId } from './ids.ts'
import type { Realm } from './roles.ts'
import {
  Closed,
  Email,
  IdOf,
  Name,
  Nullable,
  OneOf,
  OneTimeToken,
  Page,
  PageQuery,
  TimeSchema,
  TypedPassword,
} from './schemas.ts'

type Specs = Record<string, { rejections: readonly RejectionCode[]; [key: string]: unknown }>

const NewPassword = (realm: Realm) =>
  Type.String({
    minLength: passwordLengthMin[realm],
    maxLength: passwordLengthMax,
    description: 'In code points. Passwords that are known to everybody are refused',
  })
/** `true`: the tokens go into cookies of the browser, and not into the answer. */
const Cookies = Type.Optional(
  Type.Boolean({ description: 'For pages: the tokens come as cookies, not in the body' }),
)
export const Language = OneOf(['en', 'de'])

const SessionAnswer = <I extends Id<string>>() =>
  Closed({
    accountId: IdOf<I>(),
    sessionId: IdOf<SessionId>(),
    accessExpiresAt: TimeSchema,
    refreshExpiresAt: TimeSchema,
    accessToken: Type.Optional(Type.String({ description: 'Send it as `Authorization: Bearer …`' })),
    refreshToken: Type.Optional(
      Type.String({ description: 'Good for one renewal; keep it as you keep a password' }),
    ),
  })

/** Ways in, for whoever is nobody yet. The same in both realms, apart from who somebody is. */
function entrances<I extends Id<string>, const R extends Realm>(realm: R) {
  const begins = { session: { realm, effect: 'begins' }, private: true, tellsAddress: true } as const
  const open = {
    kind: 'command',
    policy: 'anyone',
    private: true,
    tellsAddress: true,
    knows: realm,
  } as const
  return {
    getSignIn: {
      summary: 'How one can sign up and in here',
      kind: 'query',
      policy: 'anyone',
      knows: realm,
      answers: 'ok',
      output: Closed({
        registration: OneOf(
          ['open', 'approved', 'closed'],
          'approved: organisations wait for an administrator',
        ),
        needsSetup: Type.Boolean({
          description: 'There is no superadmin yet: the link in the terminal makes that account',
        }),
        oidc: Nullable(Type.String({ description: 'Name of the other service that one can sign in with' })),
        mail: OneOf(['smtp', 'outbox'], 'outbox: links are shown in the terminal of the server'),
        passwordLengthMin: Type.Integer(),
      }),
      rejections: [],
    },
    signUp: {
      ...open,
      summary: 'Make an account; the answer is the same whether or not the address is known',
      body: Closed({
        email: Email,
        password: NewPassword(realm),
        firstName: Name('person'),
        lastName: Name('person'),
        language: Type.Optional(Language),
        invitation: Type.Optional(OneTimeToken),
        setup: Type.Optional(OneTimeToken),
      }),
      answers: 'ok',
      output: Closed({
        next: OneOf(['check-mail', 'sign-in'], 'sign-in: the address needs no confirmation'),
      }),
      rejections: ['registration-closed', 'link-expired', 'invalid-input', 'too-many-requests'],
    },
    confirmEmail: {
      ...open,
      ...begins,
      summary: 'Confirm the e-mail address by the link of the mail and the password of the account',
      body: Closed({ token: OneTimeToken, password: TypedPassword, cookies: Cookies }),
      answers: 'created',
      output: SessionAnswer<I>(),
      rejections: ['link-expired', 'wrong-credentials', 'too-many-requests'],
    },
    signIn: {
      ...open,
      ...begins,
      summary: 'Sign in with e-mail address and password',
      body: Closed({ email: Email, password: TypedPassword, cookies: Cookies }),
      answers: 'created',
      output: SessionAnswer<I>(),
      rejections: ['wrong-credentials', 'too-many-requests'],
    },
  } as const satisfies Specs
}

/** Ways back in, and ways around a password. */
function returns<I extends Id<string>, const R extends Realm>(realm: R) {
  const begins = { session: { realm, effect: 'begins' }, private: true, tellsAddress: true } as const
  const open = {
    kind: 'command',
    policy: 'anyone',
    private: true,
    tellsAddress: true,
    knows: realm,
  } as const
  return {
    renewSession: {
      ...open,
      summary: 'Exchange the refresh token (of the body or the cookie) for a new pair',
      session: { realm, effect: 'renews' },
      body: Closed({ refreshToken: Type.Optional(OneTimeToken), cookies: Cookies }),
      answers: 'ok',
      output: SessionAnswer<I>(),
      rejections: ['session-ended', 'too-many-requests'],
    },
    startOidc: {
      ...open,
      summary: 'Begin to sign in with another service (OpenID Connect)',
      body: Closed({}),
      answers: 'ok',
      output: Closed({
        url: Type.String({ description: 'Where the browser goes' }),
        handle: Type.String({ description: 'Keep it in the browser until it comes back' }),
      }),
      rejections: ['not-found', 'too-many-requests'],
    },
    finishOidc: {
      ...open,
      ...begins,
      summary: 'Sign in with what the other service sent the browser back with',
      body: Closed({
        handle: OneTimeToken,
        code: Type.String({ minLength: 1, maxLength: 2_000 }),
        state: Type.String({ minLength: 1, maxLength: 500 }),
        iss: Type.Optional(Type.String({ maxLength: 500 })),
        cookies: Cookies,
      }),
      answers: 'created',
      output: SessionAnswer<I>(),
      rejections: ['not-found', 'link-expired', 'sign-in-failed', 'registration-closed', 'too-many-requests'],
    },
    requestReset: {
      ...open,
      summary: 'Have a link sent by which the password can be set anew, if the address is known',
      body: Closed({ email: Email }),
      answers: 'empty',
      rejections: ['too-many-requests'],
    },
    resetPassword: {
      ...open,
      summary: 'Set a new password by the link; ends every session',
      body: Closed({ token: OneTimeToken, newPassword: NewPassword(realm) }),
      answers: 'empty',
      rejections: ['link-expired', 'invalid-input', 'too-many-requests'],
    },
  } as const satisfies Specs
}

/** What somebody does with his own account. */
function ownAccount<I extends Id<string>, const R extends Realm>(realm: R) {
  const policy = realm === 'staff' ? ('staff' as const) : ('player-account' as const)
  const own = { kind: 'command', policy, private: true } as const
  return {
    signOut: {
      ...own,
      summary: 'Sign out: ends every session of the account, open sockets included',
      session: { realm, effect: 'ends' },
      answers: 'empty',
      rejections: [],
    },
    changePassword: {
      ...own,
      tellsAddress: true,
      session: { realm, effect: 'begins' },
      summary: 'Change the password; ends every older session, and begins a new one here',
      body: Closed({ oldPassword: TypedPassword, newPassword: NewPassword(realm), cookies: Cookies }),
      answers: 'ok',
      output: SessionAnswer<I>(),
      rejections: ['wrong-password', 'invalid-input', 'too-many-requests'],
    },
    deleteAccount: {
      ...own,
      tellsAddress: true,
      session: { realm, effect: 'ends' },
      summary: 'Delete the account and all that is personal in it',
      body: Closed({ password: Type.Optional(TypedPassword) }),
      answers: 'empty',
      rejections: ['wrong-password', 'last-owner', 'too-many-requests'],
    },
    listSessions: {
      summary: 'Where the account is signed in',
      kind: 'query',
      policy,
      query: Closed(PageQuery),
      answers: 'ok',
      output: Page({
        id: IdOf<SessionId>(),
        beganAt: TimeSchema,
        usedAt: TimeSchema,
        device: Nullable(Type.String({ description: 'What the browser called itself, shortened' })),
        isThis: Type.Boolean(),
      }),
      rejections: [],
    },
    endSession: {
      ...own,
      summary: 'End one session of the account',
      params: Closed({ sessionId: IdOf<SessionId>() }),
      answers: 'empty',
      rejections: ['not-found'],
    },
  } as const satisfies Specs
}

const forOperators = {
  getKeys: {
    summary: 'Public keys of access tokens (a JWK set)',
    kind: 'query',
    policy: 'anyone',
    answers: 'ok',
    output: Closed({
      keys: Type.Array(
        Closed({
          kty: OneOf(['OKP']),
          crv: OneOf(['Ed25519']),
          x: Type.String(),
          kid: Type.String(),
          alg: OneOf(['EdDSA']),
          use: OneOf(['sig']),
        }),
        { maxItems: 10 },
      ),
    }),
    rejections: [],
  },
  listMails: {
    summary: 'Mails that were not sent because no mail server is set up, newest first',
    kind: 'query',
    policy: 'local',
    query: Closed(PageQuery),
    answers: 'ok',
    output: Page({
      id: Type.String(),
      at: TimeSchema,
      to: Type.String(),
      subject: Type.String(),
      text: Type.String(),
    }),
    rejections: ['not-found'],
  },
} as const satisfies Specs

/** What administrators do about accounts of others. */
function forAdministrators<I extends Id<string>>() {
  return {
    signOutAccount: {
      summary: 'Sign somebody out everywhere, at once',
      kind: 'command',
      policy: 'admin',
      private: true,
      body: Closed({ email: Email }),
      // Who has got an administrator's token may not go through all addresses.
      missesPerMinuteMax: { perAddress: 20, total: 100 },
      answers: 'empty',
      rejections: ['not-found', 'not-junior'],
    },
    listSignOuts: {
      summary: 'Whom administrators have signed out, newest first',
      kind: 'query',
      policy: 'admin',
      query: Closed(PageQuery),
      answers: 'ok',
      output: Page({
        id: Type.String(),
        at: TimeSchema,
        by: IdOf<StaffId>(),
        accountId: IdOf<I>(),
        email: Nullable(Type.String({ description: 'None when the account is gone' })),
      }),
      rejections: [],
    },
  } as const satisfies Specs
}

export function realmSpecs<I extends Id<string>, const R extends Realm>(realm: R) {
  return {
    ...entrances<I, R>(realm),
    ...returns<I, R>(realm),
    ...ownAccount<I, R>(realm),
    ...forOperators,
    ...forAdministrators<I>(),
  }
}
