import { normalizeName, type PlayerId, type TournamentId } from '@matchday/contracts'
import { playerClaim, seatClaim } from './claims.ts'
import { type Decided, isRejected, rejected } from './decision.ts'
import { beforeDraw } from './phases.ts'
import { lowestFreeSeat, playerKey, seatsLeft } from './seats.ts'
import type { TournamentState } from './state.ts'

export type JoinAnswer = { readonly tournamentId: TournamentId; readonly playerId: PlayerId }

export function joinTournament(
  state: TournamentState,
  input: { readonly firstName: string; readonly lastName: string },
  playerId: PlayerId,
): Decided<
  JoinAnswer,
  | 'not-found'
  | 'tournament-archived'
  | 'already-drawn'
  | 'joining-closed'
  | 'player-exists'
  | 'tournament-full'
> {
  const tournament = beforeDraw(state)
  if (isRejected(tournament)) return tournament
  if (!tournament.joining) return rejected('joining-closed')
  const firstName = normalizeName(input.firstName)
  const lastName = normalizeName(input.lastName)
  const key = playerKey(firstName, lastName)
  if (tournament.players.some((player) => player.key === key)) return rejected('player-exists')
  if (seatsLeft(tournament) <= 0) return rejected('tournament-full')
  return {
    kind: 'accepted',
    events: [{ type: 'player-joined', data: { playerId, firstName, lastName } }],
    answer: { tournamentId: tournament.id, playerId },
    claims: [playerClaim(tournament.id, key), seatClaim(tournament.id, lowestFreeSeat(tournament.players))],
    basis: 'fence',
  }
}
