import type { PlayerId, TournamentId } from '@matchday/contracts'
import { isId } from '@matchday/contracts/ids'
import { isObject, type Stored, stored, storedKeys } from './storage.ts'
import { isTournamentId } from './tournament-id.ts'

/** The place that this device has in a tournament. The token is the pass: who has it is the player. */
export type Seat = {
  playerId: PlayerId
  token: string
  firstName: string
  lastName: string
  tournament: string
  /** Not let in yet: the organiser of a private tournament decides. */
  isWaiting?: boolean
  /** Kept with an account, too. */
  isKept?: boolean
}

/** What this device may do as the organiser of a tournament. */
export type Hosting = { token: string; name: string; createdAt: string }

export function seatIn(id: TournamentId): Stored<Seat> {
  return stored(`seat.${id}`, isSeat)
}

export function hostingOf(id: TournamentId): Stored<Hosting> {
  return stored(`host.${id}`, isHosting)
}

export type OwnTournament = { id: TournamentId; name: string; as: 'organizer' | 'player' }

/** The tournaments that this device takes part in, newest first (ids carry their time). */
export function ownTournaments(): OwnTournament[] {
  const hosted = idsOf('host.').map((id) => ({
    id,
    name: hostingOf(id).value.peek()?.name,
    as: 'organizer' as const,
  }))
  const played = idsOf('seat.').map((id) => ({
    id,
    name: seatIn(id).value.peek()?.tournament,
    as: 'player' as const,
  }))
  return [...hosted, ...played]
    .flatMap(({ name, ...rest }) => (name === undefined ? [] : [{ ...rest, name }]))
    .sort((left, right) => (left.id < right.id ? 1 : -1))
}

function idsOf(start: string): TournamentId[] {
  return storedKeys(start)
    .map((key) => key.slice(start.length))
    .filter(isTournamentId)
}

function isSeat(value: unknown): value is Seat {
  return isObject(value) && isId(value.playerId) && typeof value.token === 'string'
}

function isHosting(value: unknown): value is Hosting {
  return isObject(value) && typeof value.token === 'string' && typeof value.name === 'string'
}

/** What this device is told about a seat that it had. */
export type Farewell = { reason: 'not-a-player' | 'pass-moved' | 'declined' }

const reasons: readonly unknown[] = ['not-a-player', 'pass-moved', 'declined']

export function farewellFrom(id: TournamentId): Stored<Farewell> {
  return stored(`farewell.${id}`, isFarewell)
}

/** Takes a seat on this device. */
export function takeSeat(id: TournamentId, seat: Seat): void {
  farewellFrom(id).set(null)
  seatIn(id).set(seat)
}

/** Lets go of the seat; the other tabs of this device follow. */
export function loseSeat(id: TournamentId, reason: Farewell['reason']): void {
  farewellFrom(id).set({ reason })
  seatIn(id).set(null)
}

function isFarewell(value: unknown): value is Farewell {
  return isObject(value) && reasons.includes(value.reason)
}
