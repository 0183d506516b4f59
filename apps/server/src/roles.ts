import { startGatewayRole } from './gateway-role.ts'
import { startIdentityRole } from './identity-role.ts'
import { startOrganizationsRole } from './organizations-role.ts'
import type { Role } from './role.ts'
import type { RoleName } from './role-names.ts'
import { startTournamentsRole } from './tournaments-role.ts'

/**
 * What a process can be, in the order in which roles are stopped: first who takes requests in, then who answers them.
 * A role is a real service; without a broker all of them run in one process.
 */
export const roles: Readonly<Record<RoleName, Role>> = {
  gateway: {
    summary: 'HTTP and WebSocket for browsers and phones, and the web app itself',
    start: startGatewayRole,
  },
  tournaments: {
    summary: 'decides about tournaments: joining, picking, drawing',
    start: startTournamentsRole,
  },
  organizations: {
    summary: 'keeps organisations, their people and what they note down',
    start: startOrganizationsRole,
  },
  identity: {
    summary: 'keeps accounts, of organisers’ people and of players, and signs them in',
    start: startIdentityRole,
  },
}
