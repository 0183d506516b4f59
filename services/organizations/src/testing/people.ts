import {
  type ApiKeyId,
  type Caller,
  newId,
  type OrganizationId,
  type PlatformRole,
  type Scope,
  type StaffId,
} from '@matchday/contracts'

export type Staff = Extract<Caller, { kind: 'staff' }>

/** Somebody with an account among the organisers' people. */
export function staff(platformRole?: PlatformRole, accountId: StaffId = newId()): Staff {
  const caller = { kind: 'staff', accountId, sessionId: newId<'session'>() } as const
  return platformRole === undefined ? caller : { ...caller, platformRole }
}

export function key(organizationId: OrganizationId, ...scopes: Scope[]): Extract<Caller, { kind: 'key' }> {
  return { kind: 'key', keyId: newId<'api-key'>() satisfies ApiKeyId, organizationId, scopes }
}

export const anyone: Caller = { kind: 'anyone' }
export const otherService: Caller = { kind: 'service', service: 'tournaments' }
export const organizer: Caller = { kind: 'organizer', tournamentId: newId() }
export const player: Caller = { kind: 'player', tournamentId: newId(), playerId: newId(), pass: 1 }
export const playerAccount: Caller = { kind: 'player-account', accountId: newId(), sessionId: newId() }
