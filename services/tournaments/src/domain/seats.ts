import type { Caller, PlayerId } from '@matchday/contracts'
import { type Rejected, rejected } from './decision.ts'
import type { ExistingTournament, Person, SeatedPlayer } from './state.ts'

/**
 * The lowest number that no player has. A join that was decided on a state without the latest joins either
 * takes a taken seat, and is decided anew, or the very seat that folding its event will give: every lower
 * one was taken already, and seats become free only by essential events.
 */
export function lowestFreeSeat(players: readonly SeatedPlayer[]): number {
  const taken = new Set(players.map(({ seat }) => seat))
  let seat = 1
  while (taken.has(seat)) seat++
  return seat
}

export function seatsLeft({ limit, players }: ExistingTournament): number {
  return limit - players.length
}

/** The player in the path, if he is in and, when he calls himself, his pass is the latest. */
export function seatFor(
  { players }: ExistingTournament,
  playerId: PlayerId,
  caller: Caller,
): SeatedPlayer | Rejected<'not-a-player' | 'pass-moved'> {
  const player = players.find(({ id }) => id === playerId)
  if (player === undefined) return rejected('not-a-player')
  if (caller.kind === 'player' && caller.pass !== player.pass) return rejected('pass-moved')
  return player
}

/** Whose account it is, of those who are in. */
export function seatOfAccount({ players }: ExistingTournament, account: string): SeatedPlayer | undefined {
  return players.find((player) => player.account === account)
}

/** Whoever is in, or waits to be let in. */
export function personWith(
  { players, requests }: ExistingTournament,
  isMeant: (person: Person) => boolean,
): Person | undefined {
  return players.find(isMeant) ?? requests.find(isMeant)
}
