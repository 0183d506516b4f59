import { isAtLeast, type OrganizationRole, type OrganizationStatus } from '@matchday/contracts'

/** What the service `organizations` says of somebody; null: there is no such organisation. */
export type Standing = {
  readonly status: OrganizationStatus
  readonly role: OrganizationRole | null
  readonly isPreview: boolean
} | null

export type AccessRefusal =
  | 'not-found'
  | 'preview-needed'
  | 'not-approved'
  | 'organization-blocked'
  | 'not-allowed'

/** Why somebody may not do what needs a role in an organisation; `null`: he may. In the order in which it is told. */
export function accessRefusal(
  standing: Standing,
  isAdministrator: boolean,
  wanted: OrganizationRole,
): AccessRefusal | null {
  if (standing === null) return 'not-found'
  const { status, role, isPreview } = standing
  // Others' organisations and those that never were are alike.
  if (role === null) return isAdministrator ? 'preview-needed' : 'not-found'
  if (!isPreview && status === 'pending') return 'not-approved'
  if (!isPreview && status === 'blocked') return 'organization-blocked'
  return isAtLeast(role, wanted) ? null : 'not-allowed'
}
