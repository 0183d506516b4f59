import { Type } from 'typebox'
import type { RejectionCode } from './codes.ts'
import { passwordLengthMax, passwordLengthMin } from './credentials.ts'
import { events } from './events.ts'
import type { ApiKeyId, Id, OrganizationId, PlayerAccountId, SessionId, StaffId } from './ids.ts'
import { internalOperations, operations } from './operation.ts'
import { platformRoles, type Realm, scopes } from './roles.ts'
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
  Phone,
  TimeSchema,
  TypedPassword,
} from './schemas.ts'

/** Bounds of accounts, the same in every layer. */
export const identityLimits = {
  /** Access tokens are short, for nothing but their end can take them out of every hand. */
  accessTokenS: 10 * 60,
  /** A session ends when it was not used for so long … */
  idleDays: { staff: 7, players: 90 },
  /** … or is so old. */
  sessionDays: { staff: 30, players: 365 },
  sessionsPerAccountMax: 50,
  /** Two tabs that renew a session at once within this time get the same successor. */
  renewalGraceMs: 10_000,
  confirmLinkHours: 24,
  resetLinkMinutes: 30,
  oidcMinutes: 10,
  apiKeysPerOrganizationMax: 50,
  administratorsMax: 100,
} as const satisfies Record<string, number | Record<Realm, number>>

export const identityServiceOf = {
  staff: 'identity-staff',
  players: 'identity-players',
} as const satisfies Record<Realm, string>

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
const Language = OneOf(['en', 'de'])

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

/** What is the same in both realms, apart from who somebody is. */
function realmSpecs<I extends Id<string>, const R extends Realm>(realm: R) {
  const policy = realm === 'staff' ? ('staff' as const) : ('player-account' as const)
  const begins = { session: { realm, effect: 'begins' }, private: true, tellsAddress: true } as const
  const own = { kind: 'command', policy, private: true } as const
  const open = { kind: 'command', policy: 'anyone', private: true, tellsAddress: true } as const
  return {
    getSignIn: {
      summary: 'How one can sign up and in here',
      kind: 'query',
      policy: 'anyone',
      answers: 'ok',
      output: Closed({
        registration: OneOf(
          ['open', 'approved', 'closed'],
          'approved: organisations wait for an administrator',
        ),
        needsSetup: Type.Boolean({
          description: 'There is no account yet: the link in the terminal makes the first',
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
    renewSession: {
      ...open,
      summary: 'Exchange the refresh token (of the body or the cookie) for a new pair',
      session: { realm, effect: 'renews' },
      body: Closed({ refreshToken: Type.Optional(OneTimeToken), cookies: Cookies }),
      answers: 'ok',
      output: SessionAnswer<I>(),
      rejections: ['session-ended', 'too-many-requests'],
    },
    signOut: {
      ...own,
      summary: 'Sign out: ends every session of the account, open sockets included',
      session: { realm, effect: 'ends' },
      answers: 'empty',
      rejections: [],
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
  } as const satisfies Record<string, { rejections: readonly RejectionCode[]; [key: string]: unknown }>
}

const staff = realmSpecs<StaffId, 'staff'>('staff')
const players = realmSpecs<PlayerAccountId, 'players'>('players')

const profile = {
  email: Type.String(),
  firstName: Type.String(),
  lastName: Type.String(),
  language: Language,
  hasPassword: Type.Boolean(),
  createdAt: TimeSchema,
} as const
const profileChanges = {
  firstName: Type.Optional(Name('person')),
  lastName: Type.Optional(Name('person')),
  language: Type.Optional(Language),
} as const

const AccountIdSchema = IdOf<StaffId>()
const ofOrganization = Closed({ organizationId: IdOf<OrganizationId>() })
const administrator = {
  accountId: AccountIdSchema,
  email: Type.String(),
  firstName: Type.String(),
  lastName: Type.String(),
  phone: Nullable(Type.String()),
  role: OneOf(platformRoles),
} as const
const ScopeList = Type.Array(OneOf(scopes), { minItems: 1, maxItems: scopes.length, uniqueItems: true })

/** Accounts of organisers' people, administrators, and the keys of organisations. */
export const staffIdentityOperations = operations('identity-staff', {
  getStaffSignIn: staff.getSignIn,
  signUpStaff: staff.signUp,
  confirmStaffEmail: staff.confirmEmail,
  signInStaff: staff.signIn,
  renewStaffSession: staff.renewSession,
  signOutStaff: staff.signOut,
  startStaffOidc: staff.startOidc,
  finishStaffOidc: staff.finishOidc,
  requestStaffReset: staff.requestReset,
  resetStaffPassword: staff.resetPassword,
  changeStaffPassword: staff.changePassword,
  deleteStaffAccount: staff.deleteAccount,
  listStaffSessions: staff.listSessions,
  endStaffSession: staff.endSession,
  getStaffKeys: staff.getKeys,
  listStaffMails: staff.listMails,
  getStaffProfile: {
    summary: 'The own account',
    kind: 'query',
    policy: 'staff',
    answers: 'ok',
    output: Closed({
      accountId: AccountIdSchema,
      ...profile,
      phone: Nullable(Type.String()),
      platformRole: Nullable(OneOf(platformRoles)),
    }),
    rejections: [],
  },
  changeStaffProfile: {
    summary: 'Change the own account',
    kind: 'command',
    policy: 'staff',
    private: true,
    body: Closed({ ...profileChanges, phone: Type.Optional(Nullable(Phone)) }),
    answers: 'empty',
    rejections: [],
  },
  listAdministrators: {
    summary: 'Administrators of the platform',
    kind: 'query',
    policy: 'admin',
    query: Closed(PageQuery),
    answers: 'ok',
    output: Page(administrator),
    rejections: [],
  },
  addAdministrator: {
    summary: 'Make somebody an administrator: his account, or a new one whose password he sets by a link',
    kind: 'command',
    policy: 'superadmin',
    private: true,
    body: Closed({ email: Email, firstName: Name('person'), lastName: Name('person') }),
    answers: 'created',
    output: Closed({ accountId: AccountIdSchema }),
    rejections: ['already-member', 'limit-reached'],
  },
  changeAdministrator: {
    summary: 'Change an administrator’s account',
    kind: 'command',
    policy: 'superadmin',
    private: true,
    params: Closed({ accountId: AccountIdSchema }),
    body: Closed({
      firstName: Type.Optional(Name('person')),
      lastName: Type.Optional(Name('person')),
      phone: Type.Optional(Nullable(Phone)),
    }),
    answers: 'empty',
    rejections: ['not-found', 'not-junior'],
  },
  removeAdministrator: {
    summary: 'Delete an administrator’s account',
    kind: 'command',
    policy: 'superadmin',
    private: true,
    params: Closed({ accountId: AccountIdSchema }),
    answers: 'empty',
    rejections: ['not-found', 'not-junior', 'last-owner'],
  },
  listAdministratorChanges: {
    summary: 'What was done to administrators’ accounts, newest first',
    kind: 'query',
    policy: 'admin',
    query: Closed({ ...PageQuery, accountId: Type.Optional(AccountIdSchema) }),
    answers: 'ok',
    output: Page({
      id: Type.String(),
      at: TimeSchema,
      by: Nullable(AccountIdSchema),
      accountId: AccountIdSchema,
      change: OneOf(['added', 'changed', 'removed']),
      after: Nullable(Type.Object({}, { additionalProperties: true })),
    }),
    rejections: [],
  },
  createApiKey: {
    summary: 'Make a key for programs of the organisation; it is shown this once',
    kind: 'command',
    policy: 'owner',
    private: true,
    params: ofOrganization,
    body: Closed({
      name: Name('title'),
      scopes: ScopeList,
      expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 730 })),
    }),
    answers: 'created',
    output: Closed({
      keyId: IdOf<ApiKeyId>(),
      key: Type.String({ description: 'Send it as `Authorization: Bearer …`' }),
      expiresAt: Nullable(TimeSchema),
    }),
    rejections: [
      'not-found',
      'not-allowed',
      'preview-needed',
      'not-approved',
      'organization-blocked',
      'limit-reached',
    ],
  },
  listApiKeys: {
    summary: 'Keys of the organisation, newest first',
    kind: 'query',
    policy: 'owner',
    params: ofOrganization,
    query: Closed(PageQuery),
    answers: 'ok',
    output: Page({
      keyId: IdOf<ApiKeyId>(),
      name: Type.String(),
      scopes: ScopeList,
      start: Type.String({ description: 'How the key begins, to tell it from others' }),
      createdAt: TimeSchema,
      createdBy: Nullable(AccountIdSchema),
      expiresAt: Nullable(TimeSchema),
      usedAt: Nullable(TimeSchema),
    }),
    rejections: ['not-found', 'not-allowed', 'preview-needed', 'not-approved', 'organization-blocked'],
  },
  revokeApiKey: {
    summary: 'Revoke a key, at once',
    kind: 'command',
    policy: 'owner',
    params: Closed({ organizationId: IdOf<OrganizationId>(), keyId: IdOf<ApiKeyId>() }),
    answers: 'empty',
    rejections: ['not-found', 'not-allowed', 'preview-needed', 'not-approved', 'organization-blocked'],
  },
})

const PlayerAccountIdSchema = IdOf<PlayerAccountId>()

/** Accounts of players. */
export const playerIdentityOperations = operations('identity-players', {
  getPlayerSignIn: players.getSignIn,
  signUpPlayer: players.signUp,
  confirmPlayerEmail: players.confirmEmail,
  signInPlayer: players.signIn,
  renewPlayerSession: players.renewSession,
  signOutPlayer: players.signOut,
  startPlayerOidc: players.startOidc,
  finishPlayerOidc: players.finishOidc,
  requestPlayerReset: players.requestReset,
  resetPlayerPassword: players.resetPassword,
  changePlayerPassword: players.changePassword,
  deletePlayerAccount: players.deleteAccount,
  listPlayerSessions: players.listSessions,
  endPlayerSession: players.endSession,
  getPlayerKeys: players.getKeys,
  listPlayerMails: players.listMails,
  getPlayerProfile: {
    summary: 'The own account',
    kind: 'query',
    policy: 'player-account',
    answers: 'ok',
    output: Closed({ accountId: PlayerAccountIdSchema, ...profile, showsFullName: Type.Boolean() }),
    rejections: [],
  },
  changePlayerProfile: {
    summary: 'Change the own account',
    kind: 'command',
    policy: 'player-account',
    private: true,
    body: Closed({
      ...profileChanges,
      showsFullName: Type.Optional(
        Type.Boolean({ description: 'Whether others see the whole last name; counts from the next join on' }),
      ),
    }),
    answers: 'empty',
    rejections: [],
  },
  exportPlayerData: {
    summary: 'All that Matchday knows about the account and its seats',
    kind: 'query',
    policy: 'player-account',
    answers: 'ok',
    output: Closed({
      format: OneOf(['matchday-player-export-v1']),
      exportedAt: TimeSchema,
      account: Type.Object({}, { additionalProperties: true }),
      sessions: Type.Array(Type.Object({}, { additionalProperties: true })),
      seats: Type.Array(Type.Object({}, { additionalProperties: true })),
    }),
    rejections: [],
  },
})

/** What happens to accounts. No event holds anything personal: an id alone says nothing about anybody. */
const accountEvents = {
  'account-created': Closed({}),
  /** Tokens of a generation before this one are no longer good. */
  'sessions-ended': Closed({ generation: Type.Integer({ minimum: 1 }) }),
  'session-ended': Closed({ sessionId: IdOf<SessionId>() }),
  'account-deleted': Closed({}),
} as const
export const staffIdentityEvents = events('identity-staff', {
  ...accountEvents,
  'platform-role-changed': Closed({ role: Nullable(OneOf(platformRoles)) }),
  'key-created': Closed({ organizationId: IdOf<OrganizationId>() }),
  'key-revoked': Closed({ organizationId: IdOf<OrganizationId>() }),
})
export const playerIdentityEvents = events('identity-players', accountEvents)

const Revocations = Closed({
  /** Accounts with the oldest generation whose tokens are good. */
  accounts: Type.Array(Closed({ accountId: Type.String(), generation: Type.Integer() })),
  sessions: Type.Array(IdOf<SessionId>()),
  next: Nullable(Type.String()),
})

function realmInternals(realm: Realm) {
  return {
    listRevocations: {
      summary: 'What ended while tokens that were given before may still be in somebody’s hands',
      kind: 'query',
      body: Closed({ after: Type.Optional(Type.String()) }),
      output: Revocations,
      rejections: [],
    },
    describeAccounts: {
      summary: `Names of accounts (${realm}); those that are gone are left out`,
      kind: 'query',
      body: Closed({ accountIds: Type.Array(Type.String(), { maxItems: 100 }) }),
      output: Closed({
        items: Type.Array(
          Closed({
            accountId: Type.String(),
            firstName: Type.String(),
            lastName: Type.String(),
            email: Type.String(),
            phone: Nullable(Type.String()),
            showsFullName: Type.Boolean(),
          }),
          { maxItems: 100 },
        ),
      }),
      rejections: [],
    },
  } as const
}

export const staffIdentityInternals = internalOperations('identity-staff', {
  ...realmInternals('staff'),
  findApiKey: {
    summary: 'Whose a key is; the edge asks with its hash',
    kind: 'query',
    body: Closed({ hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
    output: Closed({
      keyId: IdOf<ApiKeyId>(),
      organizationId: IdOf<OrganizationId>(),
      scopes: ScopeList,
      expiresAt: Nullable(TimeSchema),
    }),
    rejections: ['not-found'],
  },
  endSessionsOf: {
    summary: 'Signs people out',
    kind: 'command',
    body: Closed({ accountId: IdOf<StaffId>() }),
    output: Closed({}),
    rejections: [],
  },
})
export const playerIdentityInternals = internalOperations('identity-players', realmInternals('players'))
