import { Type } from 'typebox'
import { events } from './events.ts'
import { Language, realmSpecs } from './identity-realm.ts'
import type { ApiKeyId, OrganizationId, PlayerAccountId, SessionId, StaffId } from './ids.ts'
import { internalOperations, operations } from './operation.ts'
import { platformRoles, type Realm, scopes } from './roles.ts'
import { Closed, Email, IdOf, Name, Nullable, OneOf, Page, PageQuery, Phone, TimeSchema } from './schemas.ts'

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
  signOutStaffAccount: staff.signOutAccount,
  listStaffSignOuts: staff.listSignOuts,
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
  signOutPlayerAccount: players.signOutAccount,
  listPlayerSignOuts: players.listSignOuts,
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
