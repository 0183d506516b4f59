/**
 * Roles, most senior first. In an organisation somebody is owner, manager or support; on the platform as a whole
 * superadmin or admin. Only the strictly junior can be managed, and nobody gives a role that is not junior to his own.
 */
export const organizationRoles = ['owner', 'manager', 'support'] as const
export type OrganizationRole = (typeof organizationRoles)[number]

export const platformRoles = ['superadmin', 'admin'] as const
export type PlatformRole = (typeof platformRoles)[number]

const seniority: readonly string[] = [...platformRoles, ...organizationRoles]
export type Role = PlatformRole | OrganizationRole

/** `manager` is at least `support`, and at least `manager`. */
export function isAtLeast(role: Role, wanted: Role): boolean {
  return seniority.indexOf(role) <= seniority.indexOf(wanted)
}

/** Whether `junior` may be managed by `senior`. */
export function isStrictlyJunior(junior: Role, senior: Role): boolean {
  return seniority.indexOf(junior) > seniority.indexOf(senior)
}

/** What a key of an organisation can be good for. An operation that names no scope takes no key. */
export const scopes = [
  'tournaments:read',
  'tournaments:write',
  'organization:read',
  'incidents:write',
] as const
export type Scope = (typeof scopes)[number]

/** Two realms of accounts, which share nothing: the people of organisers, and players. */
export const realms = ['staff', 'players'] as const
export type Realm = (typeof realms)[number]
