import type { Caller, PlayerId, TournamentId } from '@matchday/contracts'
import { type Accepted, type Decided, isRejected } from './decision.ts'
import { existing } from './phases.ts'
import { seatFor } from './seats.ts'
import type { ExistingTournament, SeatedPlayer, TournamentState } from './state.ts'

export type MovePassAnswer = {
  readonly tournamentId: TournamentId
  readonly playerId: PlayerId
  readonly pass: number
}

/**
 * A pass belongs to a device, not to what the tournament is about: it moves after the draw and in the archive
 * too. Essential, so that nothing that was decided on the old pass comes after; two moves of one pass
 * conflict likewise.
 */
export function movePass(
  state: TournamentState,
  input: { readonly playerId: PlayerId },
  caller: Caller,
): Decided<MovePassAnswer, 'not-found' | 'not-a-player' | 'pass-moved'> {
  const tournament = existing(state)
  if (isRejected(tournament)) return tournament
  const player = seatFor(tournament, input.playerId, caller)
  if (isRejected(player)) return player
  return movingPass(tournament, player)
}

export function movingPass(tournament: ExistingTournament, player: SeatedPlayer): Accepted<MovePassAnswer> {
  const pass = player.pass + 1
  return {
    kind: 'accepted',
    events: [{ type: 'pass-moved', data: { playerId: player.id, pass } }],
    answer: { tournamentId: tournament.id, playerId: player.id, pass },
    basis: 'fence',
    essential: true,
  }
}
