import { type Caller, isAtLeast, type OrganizationRole, type OrganizationStatus } from '@matchday/contracts'
import { type Rejected, rejected } from './decision.ts'

/** What somebody is in an organisation, as the service of organisations has just told. */
export type Standing = {
  readonly status: OrganizationStatus
  /** null: he has no business there. */
  readonly role: OrganizationRole | null
  /** An administrator looks into it, with an owner's rights, whatever its status. */
  readonly isPreview: boolean
}
export type StandingCode =
  | 'not-found'
  | 'not-allowed'
  | 'preview-needed'
  | 'not-approved'
  | 'organization-blocked'

/**
 * Why somebody may not act for an organisation, or null. Others' organisations and those that don't exist are alike;
 * only administrators are told that they would have to look into it first. null as standing: there is no such one.
 */
export function standingRefusal(
  standing: Standing | null,
  caller: Caller,
  wanted: OrganizationRole,
): Rejected<StandingCode> | null {
  if (standing === null) return rejected('not-found')
  if (standing.role === null) return rejected(isAdministrator(caller) ? 'preview-needed' : 'not-found')
  if (standing.status !== 'approved' && !standing.isPreview) {
    return rejected(standing.status === 'pending' ? 'not-approved' : 'organization-blocked')
  }
  return isAtLeast(standing.role, wanted) ? null : rejected('not-allowed')
}

export function isAdministrator(caller: Caller): boolean {
  return caller.kind === 'staff' && caller.platformRole !== undefined
}
