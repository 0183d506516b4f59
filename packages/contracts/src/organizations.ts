import { type Static, Type } from 'typebox'
import type { RejectionCode } from './codes.ts'
import { events } from './events.ts'
import type { InvitationId, OrganizationId, StaffId } from './ids.ts'
import { operations } from './operation.ts'
import { recordOperations } from './organization-records.ts'
import { organizationRoles } from './roles.ts'
import {
  Closed,
  IdOf,
  Name,
  Nullable,
  OneOf,
  OneTimeToken,
  Page,
  PageQuery,
  Text,
  TimeSchema,
  VersionSchema,
  WebAddress,
} from './schemas.ts'

/** Bounds of organisations, the same in every layer. */
export const organizationLimits = {
  addressLengthMax: 400,
  membersMax: 500,
  invitationsOpenMax: 100,
  invitationDays: 7,
  /** An administrator's look into an organisation ends by itself. */
  previewHours: 8,
  organizationsPerAccountMax: 20,
  contactsPerTournamentMax: 200,
  incidentsPerOrganizationMax: 10_000,
  commentsPerIncidentMax: 1_000,
} as const

export const OrganizationIdSchema = IdOf<OrganizationId>()
const StaffIdSchema = IdOf<StaffId>()
export const OrganizationStatus = OneOf(
  ['pending', 'approved', 'blocked'],
  'pending: waits for an administrator',
)
export type OrganizationStatus = Static<typeof OrganizationStatus>
const RoleSchema = OneOf(organizationRoles)
/** Roles that somebody in an organisation can give; owners are made with it, or by administrators. */
const inOrganization = Closed({ organizationId: OrganizationIdSchema })
const profile = {
  name: Type.String(),
  address: Nullable(Type.String()),
  website: Nullable(Type.String()),
} as const
const Address = Text(organizationLimits.addressLengthMax)

/** What anything inside of an organisation can be refused with before its own rules come. */
export const accessRejections = [
  'not-found',
  'preview-needed',
  'not-allowed',
  'not-approved',
  'organization-blocked',
] as const satisfies readonly RejectionCode[]

export const organizationOperations = operations('organizations', {
  registerOrganization: {
    summary: 'Register an organisation; whoever does it is its owner',
    kind: 'command',
    policy: 'staff',
    private: true,
    body: Closed({
      name: Name('organization'),
      address: Type.Optional(Address),
      website: Type.Optional(WebAddress),
    }),
    answers: 'created',
    output: Closed({
      organizationId: OrganizationIdSchema,
      status: OrganizationStatus,
      version: VersionSchema,
    }),
    rejections: ['registration-closed', 'name-taken', 'limit-reached'],
  },
  listMyOrganizations: {
    summary: 'Organisations that one belongs to, and the one that one looks into',
    kind: 'query',
    policy: 'staff',
    query: Closed(PageQuery),
    answers: 'ok',
    output: Page({
      organizationId: OrganizationIdSchema,
      name: Type.String(),
      status: OrganizationStatus,
      role: RoleSchema,
      isPreview: Type.Boolean(),
    }),
    rejections: [],
  },
  getOrganization: {
    summary: 'The organisation',
    kind: 'query',
    policy: 'support',
    params: inOrganization,
    answers: 'ok',
    output: Closed({
      organizationId: OrganizationIdSchema,
      ...profile,
      status: OrganizationStatus,
      role: RoleSchema,
      isPreview: Type.Boolean(),
      createdAt: TimeSchema,
      version: VersionSchema,
    }),
    // Members may see what waits for approval; keys may not.
    rejections: ['not-found', 'preview-needed', 'not-approved', 'organization-blocked'],
    versioned: true,
    scope: 'organization:read',
  },
  changeOrganization: {
    summary: 'Change the profile of the organisation',
    kind: 'command',
    policy: 'owner',
    private: true,
    params: inOrganization,
    body: Closed({
      name: Type.Optional(Name('organization')),
      address: Type.Optional(Nullable(Address)),
      website: Type.Optional(Nullable(WebAddress)),
    }),
    answers: 'ok',
    output: Closed({ version: VersionSchema }),
    rejections: [...accessRejections, 'stale-version', 'name-taken'],
    expectedVersion: 'optional',
    versioned: true,
  },
  deleteOrganization: {
    summary: 'Delete the organisation with all that it keeps; its tournaments are archived',
    kind: 'command',
    policy: 'owner',
    params: inOrganization,
    body: Closed(
      { name: Name('organization') },
      'The name of the organisation, typed out as a confirmation; case and accents make no difference',
    ),
    answers: 'empty',
    // Whatever waits for approval may be deleted.
    rejections: [
      'not-found',
      'preview-needed',
      'not-allowed',
      'organization-blocked',
      'confirmation-mismatch',
    ],
  },
  listMembers: {
    summary: 'People of the organisation, in the order in which they came',
    kind: 'query',
    policy: 'support',
    params: inOrganization,
    query: Closed(PageQuery),
    answers: 'ok',
    output: Page({
      accountId: StaffIdSchema,
      role: RoleSchema,
      since: TimeSchema,
      firstName: Nullable(Type.String({ description: 'null when the names can’t be read now' })),
      lastName: Nullable(Type.String()),
      email: Nullable(Type.String()),
      phone: Nullable(Type.String()),
      isManageable: Type.Boolean({ description: 'Whether the caller may change or remove him' }),
    }),
    rejections: accessRejections,
    scope: 'organization:read',
  },
  changeMember: {
    summary: 'Give a member another role',
    kind: 'command',
    policy: 'manager',
    params: Closed({ organizationId: OrganizationIdSchema, accountId: StaffIdSchema }),
    body: Closed({ role: RoleSchema }),
    answers: 'empty',
    rejections: [...accessRejections, 'not-junior', 'last-owner'],
  },
  removeMember: {
    summary: 'Remove a member, or leave',
    kind: 'command',
    policy: 'support',
    params: Closed({ organizationId: OrganizationIdSchema, accountId: StaffIdSchema }),
    answers: 'empty',
    rejections: [...accessRejections, 'not-junior', 'last-owner'],
  },
  createInvitation: {
    summary: 'Invite somebody by a link, which is shown this once and good for one person',
    kind: 'command',
    policy: 'manager',
    private: true,
    params: inOrganization,
    body: Closed({
      role: RoleSchema,
      note: Type.Optional(Type.String({ format: 'line', maxLength: 200, description: 'For whom it is' })),
    }),
    answers: 'created',
    output: Closed({ invitationId: IdOf<InvitationId>(), link: Type.String(), expiresAt: TimeSchema }),
    rejections: [...accessRejections, 'not-junior', 'limit-reached'],
  },
  listInvitations: {
    summary: 'Invitations that nobody has accepted yet, newest first',
    kind: 'query',
    policy: 'manager',
    params: inOrganization,
    query: Closed(PageQuery),
    answers: 'ok',
    output: Page({
      invitationId: IdOf<InvitationId>(),
      role: RoleSchema,
      note: Nullable(Type.String()),
      createdAt: TimeSchema,
      expiresAt: TimeSchema,
    }),
    rejections: accessRejections,
  },
  revokeInvitation: {
    summary: 'Take an invitation back',
    kind: 'command',
    policy: 'manager',
    params: Closed({ organizationId: OrganizationIdSchema, invitationId: IdOf<InvitationId>() }),
    answers: 'empty',
    rejections: [...accessRejections, 'not-junior'],
  },
  lookAtInvitation: {
    summary: 'What an invitation leads to',
    // A query whose question must not be written into an address; so it comes by POST.
    kind: 'signal',
    policy: 'anyone',
    private: true,
    body: Closed({ token: OneTimeToken }),
    answers: 'ok',
    output: Closed({
      organizationId: OrganizationIdSchema,
      name: Type.String(),
      role: RoleSchema,
      expiresAt: TimeSchema,
    }),
    rejections: ['link-expired'],
    requestsPerMinuteMax: { perAddress: 60, total: 1_000 },
  },
  acceptInvitation: {
    summary: 'Become a member by the link',
    kind: 'command',
    policy: 'staff',
    private: true,
    body: Closed({ token: OneTimeToken }),
    answers: 'ok',
    output: Closed({ organizationId: OrganizationIdSchema, role: RoleSchema }),
    rejections: ['link-expired', 'already-member', 'limit-reached', 'organization-blocked'],
  },
  listOrganizations: {
    summary: 'All organisations, newest first',
    kind: 'query',
    policy: 'admin',
    query: Closed({
      ...PageQuery,
      status: Type.Optional(OrganizationStatus),
      query: Type.Optional(Type.String({ format: 'line', maxLength: 100, description: 'Part of the name' })),
    }),
    answers: 'ok',
    output: Page({
      organizationId: OrganizationIdSchema,
      ...profile,
      status: OrganizationStatus,
      members: Type.Integer(),
      createdAt: TimeSchema,
    }),
    rejections: [],
  },
  inspectOrganization: {
    summary: 'One organisation with its owners, for deciding about it',
    kind: 'query',
    policy: 'admin',
    params: inOrganization,
    answers: 'ok',
    output: Closed({
      organizationId: OrganizationIdSchema,
      ...profile,
      status: OrganizationStatus,
      members: Type.Integer(),
      owners: Type.Array(
        Closed({
          accountId: StaffIdSchema,
          firstName: Nullable(Type.String()),
          lastName: Nullable(Type.String()),
          email: Nullable(Type.String()),
        }),
        { maxItems: 20 },
      ),
      createdAt: TimeSchema,
      version: VersionSchema,
    }),
    rejections: ['not-found'],
  },
  approveOrganization: {
    summary: 'Approve or block: who belongs to a blocked organisation is signed out, and its events vanish',
    kind: 'command',
    policy: 'admin',
    params: inOrganization,
    body: Closed({ approved: Type.Boolean() }),
    answers: 'ok',
    output: Closed({ status: OrganizationStatus }),
    rejections: ['not-found'],
  },
  getPreview: {
    summary: 'The organisation that the administrator looks into',
    kind: 'query',
    policy: 'admin',
    answers: 'ok',
    output: Closed({
      preview: Nullable(
        Closed({ organizationId: OrganizationIdSchema, name: Type.String(), until: TimeSchema }),
      ),
    }),
    rejections: [],
  },
  enterPreview: {
    summary: 'Look into an organisation, with the rights of its owner but for chats',
    kind: 'command',
    policy: 'admin',
    // Not in the path: it names what is chosen, and no place that this belongs to.
    body: Closed({ organizationId: OrganizationIdSchema }),
    answers: 'ok',
    output: Closed({ organizationId: OrganizationIdSchema, until: TimeSchema }),
    rejections: ['not-found'],
  },
  leavePreview: {
    summary: 'Stop looking into an organisation',
    kind: 'command',
    policy: 'admin',
    answers: 'empty',
    rejections: [],
  },
  ...recordOperations,
})

/** What happens to organisations. Public, as far as it goes: who the people are it does not say. */
export const organizationEvents = events('organizations', {
  'organization-registered': Closed({ name: Type.String(), status: OrganizationStatus }),
  'organization-changed': Closed({ name: Type.String() }),
  'organization-approved': Closed({}),
  'organization-blocked': Closed({}),
  'organization-deleted': Closed({}),
  'member-added': Closed({ accountId: StaffIdSchema, role: RoleSchema }),
  'member-changed': Closed({ accountId: StaffIdSchema, role: RoleSchema }),
  'member-removed': Closed({ accountId: StaffIdSchema }),
})
