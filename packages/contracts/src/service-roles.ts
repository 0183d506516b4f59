import type { ServiceName } from './services.ts'

/**
 * What a process can be besides a gateway, with the services that it then runs. Both realms of accounts are one role, for
 * they are one program with two databases.
 */
export const serviceRoles = {
  tournaments: ['tournaments'],
  organizations: ['organizations'],
  identity: ['identity-staff', 'identity-players'],
} as const satisfies Record<string, readonly ServiceName[]>
export type ServiceRole = keyof typeof serviceRoles

/**
 * Which services each one asks. To follow somebody's events is to ask him for them. What is not here is refused: by
 * the service's own process, and by the broker.
 */
export const asks = {
  'identity-staff': ['organizations'],
  'identity-players': ['tournaments'],
  organizations: ['identity-staff', 'tournaments'],
  tournaments: ['organizations', 'identity-players', 'identity-staff'],
} as const satisfies Record<ServiceName, readonly ServiceName[]>
