import { type Caller, normalizeName, type PlayerId } from '@matchday/contracts'
import { isRejected, type Rejected, rejected } from './decision.ts'
import { existing } from './phases.ts'
import { seatFor } from './seats.ts'
import type { TournamentState } from './state.ts'

export type Highlight = { readonly playerId: PlayerId; readonly team: string | null }

/** What may be shown of what a player is looking at; null takes it back. */
export function highlightTeam(
  state: TournamentState,
  input: { readonly playerId: PlayerId; readonly team: string | null },
  caller: Caller,
):
  | Highlight
  | Rejected<
      'not-found' | 'not-a-player' | 'pass-moved' | 'unknown-team' | 'already-drawn' | 'tournament-archived'
    > {
  const tournament = existing(state)
  if (isRejected(tournament)) return tournament
  const player = seatFor(tournament, input.playerId, caller)
  if (isRejected(player)) return player
  const team = input.team === null ? null : normalizeName(input.team)
  if (team !== null && !tournament.teams.includes(team)) return rejected('unknown-team')
  if (tournament.status === 'drawn') return rejected('already-drawn')
  if (tournament.status === 'archived') return rejected('tournament-archived')
  return { playerId: player.id, team }
}
