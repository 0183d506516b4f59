import {
  type accessRejections,
  type Caller,
  isAtLeast,
  type Operation,
  type OperationName,
  type OrganizationId,
  type OrganizationRole,
  type OrganizationStatus,
  type Role,
} from '@matchday/contracts'
import { isRejected, type Rejected, rejected } from './rejected.ts'

/**
 * Who may what in an organisation. This is the only place that decides it, for every operation inside of one, from
 * what the operation's contract asks for. The refusals stand in the order in which they are checked.
 */

/** An operation inside of an organisation: its policy is the role that it needs. */
export type MemberOperation = Operation & { readonly policy: OrganizationRole }

/** What somebody is in an organisation now. */
export type Standing = {
  readonly status: OrganizationStatus
  /** Null: no member. */
  readonly role: OrganizationRole | null
  /** Whether he looks into this very organisation; counts for administrators alone. */
  readonly isPreview: boolean
}

/** As whom somebody acts. */
export type Authority = {
  readonly role: OrganizationRole
  /** Only people and roles strictly junior to this can be managed and given. */
  readonly seniority: Role
  readonly isPreview: boolean
}

export type AccessCode = (typeof accessRejections)[number]

/** What members may do while the organisation waits for approval. */
const possibleWhilePending: readonly OperationName[] = ['getOrganization', 'deleteOrganization']

/** `standing` is null when there is no such organisation. */
export function admit(
  operation: MemberOperation,
  organizationId: OrganizationId,
  caller: Caller,
  standing: Standing | null,
): Authority | Rejected<AccessCode> {
  const authority = authorityOf(operation, organizationId, caller, standing)
  if (isRejected(authority)) return authority
  if (!authority.isPreview) {
    const isMember = caller.kind === 'staff'
    const mayWait = isMember && possibleWhilePending.includes(operation.name)
    if (standing?.status === 'pending' && !mayWait) return rejected('not-approved')
    if (standing?.status === 'blocked') return rejected('organization-blocked')
  }
  return isAtLeast(authority.role, operation.policy) ? authority : rejected('not-allowed')
}

function authorityOf(
  operation: MemberOperation,
  organizationId: OrganizationId,
  caller: Caller,
  standing: Standing | null,
): Authority | Rejected<AccessCode> {
  if (caller.kind === 'key') {
    // What the key was made for comes first: it says nothing about any organisation.
    if (operation.scope === undefined || !caller.scopes.includes(operation.scope))
      return rejected('not-allowed')
    if (standing === null || caller.organizationId !== organizationId) return rejected('not-found')
    const role = operation.kind === 'query' ? 'support' : 'manager'
    return { role, seniority: role, isPreview: false }
  }
  if (caller.kind !== 'staff') return rejected('not-allowed')
  if (standing === null) return rejected('not-found')
  const { platformRole } = caller
  if (platformRole !== undefined && standing.isPreview) {
    return { role: 'owner', seniority: platformRole, isPreview: true }
  }
  if (standing.role !== null) return { role: standing.role, seniority: standing.role, isPreview: false }
  return rejected(platformRole === undefined ? 'not-found' : 'preview-needed')
}

/** Whether somebody may call at all what is asked for outside of any one organisation. */
export function isOfPolicy(operation: Pick<Operation, 'policy'>, caller: Caller): boolean {
  switch (operation.policy) {
    case 'anyone':
      return true
    case 'staff':
      return caller.kind === 'staff'
    case 'admin':
      return caller.kind === 'staff' && caller.platformRole !== undefined
    case 'superadmin':
      return caller.kind === 'staff' && caller.platformRole === 'superadmin'
    default:
      // Nothing else is asked for here; what should be must be written down first.
      return false
  }
}
