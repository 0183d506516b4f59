import type { TournamentId } from '@matchday/contracts'
import { claimsOfTournament } from './claims.ts'
import { type Decided, isRejected } from './decision.ts'
import { existing } from './phases.ts'
import type { TournamentState } from './state.ts'

/**
 * Frees the name and the join code. Archiving twice is no change.
 */
export function archiveTournament(
  state: TournamentState,
): Decided<{ readonly id: TournamentId }, 'not-found'> {
  const tournament = existing(state)
  if (isRejected(tournament)) return tournament
  const answer = { id: tournament.id }
  if (tournament.status === 'archived') return { kind: 'accepted', events: [], answer }
  return {
    kind: 'accepted',
    events: [{ type: 'tournament-archived', data: {} }],
    answer,
    releases: claimsOfTournament(tournament),
    essential: true,
  }
}
