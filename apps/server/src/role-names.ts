import { type ServiceName, type ServiceRole, serviceRoles } from '@matchday/contracts'

export type { ServiceName } from '@matchday/contracts'
export type RoleName = 'gateway' | ServiceRole

/** Services of a role; `roles.ts` says how each starts. */
export const servicesOfRole: Readonly<Record<RoleName, readonly ServiceName[]>> = {
  gateway: [],
  ...serviceRoles,
}

/** What a process can be, in the order in which roles are stopped: that of the table. */
export const roleNames = Object.keys(servicesOfRole) as readonly RoleName[]

/** Services, each with a database of its own. */
export const serviceNames = Object.values(servicesOfRole).flat()

export function isRoleName(text: string): text is RoleName {
  return Object.hasOwn(servicesOfRole, text)
}
