/** Services, each with a database of its own. */
export const serviceNames = ['tournaments'] as const
export type ServiceName = (typeof serviceNames)[number]

/** What a process can be; `roles.ts` says how each starts. */
export const roleNames = ['gateway', ...serviceNames] as const
export type RoleName = (typeof roleNames)[number]

export function isRoleName(text: string): text is RoleName {
  return roleNames.some((name) => name === text)
}
