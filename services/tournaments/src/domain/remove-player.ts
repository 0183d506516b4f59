import type { Caller, PlayerId } from '@matchday/contracts'
import { claimsOfPlayer } from './claims.ts'
import { type Decided, isRejected } from './decision.ts'
import { beforeDraw } from './phases.ts'
import { seatFor } from './seats.ts'
import type { TournamentState } from './state.ts'

/**
 * The organiser removes a player, or the player leaves. Decided on the exact version: a pick that came in
 * between must be released as well.
 */
export function removePlayer(
  state: TournamentState,
  input: { readonly playerId: PlayerId },
  caller: Caller,
): Decided<
  { readonly playerId: PlayerId },
  'not-found' | 'tournament-archived' | 'already-drawn' | 'not-a-player' | 'pass-moved'
> {
  const tournament = beforeDraw(state)
  if (isRejected(tournament)) return tournament
  const player = seatFor(tournament, input.playerId, caller)
  if (isRejected(player)) return player
  const by = caller.kind === 'organizer' ? 'organizer' : 'player'
  return {
    kind: 'accepted',
    events: [{ type: 'player-removed', data: { playerId: player.id, by } }],
    answer: { playerId: player.id },
    releases: claimsOfPlayer(tournament, player),
    essential: true,
  }
}
