import { type BlockingTeam, feasibility } from '@matchday/competition'
import type { OpenTournament } from './state.ts'

export type DrawObstacle =
  | { readonly reason: 'not-full' | 'not-all-picked' }
  | { readonly reason: 'draw-impossible'; readonly blocking: readonly BlockingTeam[] }

const playersMin = 2

/**
 * The first thing that stands in the way of the draw, or null. The host is told before he presses the button.
 */
export function drawObstacle({ limit, joining, players, drawMode }: OpenTournament): DrawObstacle | null {
  const allSeatsTaken = players.length >= limit
  const closedWithEnough = !joining && players.length >= playersMin
  if (!allSeatsTaken && !closedWithEnough) return { reason: 'not-full' }
  const picks = players.flatMap(({ pick }) => (pick === null ? [] : [pick]))
  if (picks.length < players.length) return { reason: 'not-all-picked' }
  const feasible = feasibility(drawMode, picks)
  return feasible.feasible ? null : { reason: 'draw-impossible', blocking: feasible.blocking }
}
