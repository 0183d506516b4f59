import { feasibility } from '@matchday/competition'
import type { DrawReadiness, Tournament } from '@matchday/contracts'

/** Whether *Draw* can be pressed now, by the same rules and in the same order as the server's. */
export function readinessOf(tournament: Omit<Tournament, 'readiness'>): DrawReadiness {
  const { status, players, limit, joining } = tournament
  if (status === 'archived') return { ready: false, reason: 'tournament-archived' }
  if (status === 'drawn') return { ready: false, reason: 'already-drawn' }
  const complete = players.length >= limit || (!joining && players.length >= 2)
  if (!complete) return { ready: false, reason: 'not-full' }
  const picks = players.flatMap((player) => (player.pick === null ? [] : [player.pick]))
  if (picks.length < players.length) return { ready: false, reason: 'not-all-picked' }
  const possible = feasibility(tournament.drawMode, picks)
  if (possible.feasible) return { ready: true }
  return { ready: false, reason: 'draw-impossible', blocking: [...possible.blocking] }
}
