import type {
  ApiKeyId,
  Caller,
  Id,
  OrganizationId,
  PlatformRole,
  PlayerAccountId,
  PlayerId,
  Scope,
  SessionId,
  StaffId,
  TournamentId,
} from '@matchday/contracts'
import { accountIn } from '../account-mark.ts'

/** Ids, callers and random values that are the same in every run. */
export function numberedId<Kind extends string>(number: number): Id<Kind> {
  // Has the shape that the brand stands for.
  return `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}` as Id<Kind>
}

export function numberedHex256(number: number): string {
  return number.toString(16).padStart(64, '0')
}

const names = ['Ann', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gus', 'Hana', 'Ivo', 'Jana'] as const
export type FirstName = (typeof names)[number]

/** The stream on which `givenWhenThen` folds a past; streams of tournaments are named by their ids. */
export const tournamentId = '01970000-0000-7000-8000-000000000001' as TournamentId
export const otherTournamentId: TournamentId = numberedId(2)

export function playerId(name: FirstName): PlayerId {
  return numberedId(1_000 + names.indexOf(name))
}

export const anyone: Caller = { kind: 'anyone' }
export const organizer: Caller = { kind: 'organizer', tournamentId }

export function player(name: FirstName, pass = 1): Caller {
  return { kind: 'player', tournamentId, playerId: playerId(name), pass }
}

/** A contribution of this person's device; another number, another one. */
export function contribution(name: FirstName, number = 1): string {
  return numberedHex256(4_096 * number + names.indexOf(name))
}

export const people: readonly FirstName[] = names

const sessionId: SessionId = numberedId(9)
export const organizationId: OrganizationId = numberedId(3)
export const otherOrganizationId: OrganizationId = numberedId(4)

/** Somebody among organisers' people. */
export function staff(id: StaffId, platformRole?: PlatformRole): Caller {
  return { kind: 'staff', accountId: id, sessionId, ...(platformRole && { platformRole }) }
}

export function key(of: OrganizationId, ...scopes: Scope[]): Caller {
  return { kind: 'key', keyId: numberedId<'api-key'>(5) satisfies ApiKeyId, organizationId: of, scopes }
}

/** The account that this person has. */
export function accountIdOf(name: FirstName): PlayerAccountId {
  return numberedId(2_000 + names.indexOf(name))
}

export function withAccount(name: FirstName): Caller {
  return { kind: 'player-account', accountId: accountIdOf(name), sessionId }
}

export function accountOf(name: FirstName) {
  return accountIn(tournamentId, accountIdOf(name))
}

export const ourselves: Caller = { kind: 'service', service: 'tournaments' }
