import {
  isAtLeast,
  isStrictlyJunior,
  type OrganizationRole,
  organizationRoles,
} from '@matchday/contracts/roles'
import type { Part } from './place.ts'

/**
 * Which role each thing takes that a screen offers, as in the contracts (a test compares): nobody sees a button that
 * would be refused. The server decides all the same.
 */
export const roleNeeded = {
  createContact: 'manager',
  changeMember: 'manager',
  createInvitation: 'manager',
  createApiKey: 'owner',
  changeOrganization: 'owner',
  openIncident: 'support',
} as const satisfies Record<string, OrganizationRole>

/** Who may make events, and change what belongs to them. Their contracts say *organizer*, which means this. */
const eventRole: OrganizationRole = 'manager'

export function may(role: OrganizationRole, what: keyof typeof roleNeeded): boolean {
  return isAtLeast(role, roleNeeded[what])
}

export function mayRunEvents(role: OrganizationRole): boolean {
  return isAtLeast(role, eventRole)
}

/** Roles that somebody can give, most senior first. Owners are made by administrators alone. */
export function rolesToGive(own: {
  role: OrganizationRole
  isPreview: boolean
}): readonly OrganizationRole[] {
  return organizationRoles.filter((candidate) => own.isPreview || isStrictlyJunior(candidate, own.role))
}

/** The tabs that somebody of this role has something to do in. */
export function isOffered(part: Part, role: OrganizationRole): boolean {
  return part !== 'keys' || may(role, 'createApiKey')
}
