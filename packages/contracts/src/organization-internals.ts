import { Type } from 'typebox'
import type { OrganizationId, StaffId } from './ids.ts'
import { internalOperations } from './operation.ts'
import { OrganizationStatus, organizationLimits } from './organizations.ts'
import { organizationRoles } from './roles.ts'
import { Closed, IdOf, Nullable, OneOf, OneTimeToken } from './schemas.ts'

const OrganizationIdSchema = IdOf<OrganizationId>()
const StaffIdSchema = IdOf<StaffId>()
const RoleSchema = OneOf(organizationRoles)

/** What other services ask, and what the service does by itself when something has happened elsewhere. */
export const organizationInternals = internalOperations('organizations', {
  getStanding: {
    summary: 'What somebody is in an organisation now, and whether the organisation may do anything',
    kind: 'query',
    body: Closed({
      organizationId: OrganizationIdSchema,
      accountId: StaffIdSchema,
      isAdministrator: Type.Boolean(),
    }),
    output: Closed({
      status: OrganizationStatus,
      /** Of a member; owner for an administrator in preview; null: he has no business there. */
      role: Nullable(RoleSchema),
      isPreview: Type.Boolean(),
    }),
    rejections: ['not-found'],
  },
  listMemberIds: {
    summary: 'Accounts of all members',
    kind: 'query',
    body: Closed({ organizationId: OrganizationIdSchema }),
    output: Closed({ accountIds: Type.Array(StaffIdSchema, { maxItems: organizationLimits.membersMax }) }),
    rejections: [],
  },
  listSoleOwnerships: {
    summary:
      'Organisations that would be without an owner if this account were gone, those that are blocked apart',
    kind: 'query',
    body: Closed({ accountId: StaffIdSchema }),
    output: Closed({ organizationIds: Type.Array(OrganizationIdSchema) }),
    rejections: [],
  },
  checkInvitation: {
    summary: 'Whether an invitation is good',
    kind: 'query',
    body: Closed({ token: OneTimeToken }),
    output: Closed({ isGood: Type.Boolean() }),
    rejections: [],
  },
  forgetAccount: {
    summary: 'The account is gone: it looks into no organisation any more, and joins none',
    kind: 'command',
    body: Closed({ accountId: StaffIdSchema }),
    output: Closed({}),
    rejections: [],
  },
  forgetMember: {
    summary: 'The account is gone, and so is its membership',
    kind: 'command',
    body: Closed({ organizationId: OrganizationIdSchema, accountId: StaffIdSchema }),
    output: Closed({}),
    rejections: [],
  },
})
