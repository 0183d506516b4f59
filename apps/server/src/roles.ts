/** What a process can be. A role is a real service; without a broker all of them run in one process. */
export const roles = {
  gateway: 'HTTP and WebSocket for browsers and phones, and the web app itself',
  tournaments: 'decides about tournaments: joining, picking, drawing',
} as const

export type RoleName = keyof typeof roles
export const roleNames = Object.keys(roles) as readonly RoleName[]

export function isRoleName(text: string): text is RoleName {
  return text in roles
}
