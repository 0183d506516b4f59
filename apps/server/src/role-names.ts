/** Services, each with a database of its own. */
export const serviceNames = ['tournaments', 'organizations', 'identity-staff', 'identity-players'] as const
export type ServiceName = (typeof serviceNames)[number]

/** What a process can be, in the order in which roles are stopped; `roles.ts` says how each starts. */
export const roleNames = ['gateway', 'tournaments', 'organizations', 'identity'] as const
export type RoleName = (typeof roleNames)[number]

/** Services of a role. Both realms of accounts are one role, for they are one program with two databases. */
export const servicesOfRole: Readonly<Record<RoleName, readonly ServiceName[]>> = {
  gateway: [],
  tournaments: ['tournaments'],
  organizations: ['organizations'],
  identity: ['identity-staff', 'identity-players'],
}

export function isRoleName(text: string): text is RoleName {
  return roleNames.some((name) => name === text)
}
