import { type Rejected, rejected } from './decision.ts'
import type { DrawnTournament, ExistingTournament, OpenTournament, TournamentState } from './state.ts'

export function existing(state: TournamentState): ExistingTournament | Rejected<'not-found'> {
  return state.status === 'missing' ? rejected('not-found') : state
}

/** A tournament that can still change. */
export function writable(
  state: TournamentState,
): OpenTournament | DrawnTournament | Rejected<'not-found' | 'tournament-archived'> {
  switch (state.status) {
    case 'missing':
      return rejected('not-found')
    case 'archived':
      return rejected('tournament-archived')
    case 'open':
    case 'drawn':
      return state
    default:
      return state satisfies never
  }
}

/** A tournament whose teams are not drawn yet, or, the draw being void, not drawn any more. */
export function beforeDraw(
  state: TournamentState,
): OpenTournament | Rejected<'not-found' | 'tournament-archived' | 'already-drawn'> {
  switch (state.status) {
    case 'missing':
      return rejected('not-found')
    case 'archived':
      return rejected('tournament-archived')
    case 'drawn':
      return rejected('already-drawn')
    case 'open':
      return state
    default:
      return state satisfies never
  }
}
