import { type Decided, isRejected } from './decision.ts'
import { beforeDraw } from './phases.ts'
import type { TournamentState } from './state.ts'

/** Essential: a join that was decided while joining was open must not slip in after it was closed. */
export function setJoining(
  state: TournamentState,
  { open }: { readonly open: boolean },
): Decided<{ readonly open: boolean }, 'not-found' | 'tournament-archived' | 'already-drawn'> {
  const tournament = beforeDraw(state)
  if (isRejected(tournament)) return tournament
  if (tournament.joining === open) return { kind: 'accepted', events: [], answer: { open }, basis: 'fence' }
  return {
    kind: 'accepted',
    events: [{ type: 'joining-changed', data: { open } }],
    answer: { open },
    basis: 'fence',
    essential: true,
  }
}
