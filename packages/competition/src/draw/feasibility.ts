import type { DrawMode } from './draw-input.ts'

/** A team that too many players picked: `count` of them, where the mode can serve `atMost`. */
export type BlockingTeam = { readonly team: string; readonly count: number; readonly atMost: number }

export type Feasibility =
  | { readonly feasible: true }
  | { readonly feasible: false; readonly blocking: readonly BlockingTeam[] }

/**
 * Says before the draw whether these picks can be drawn in this mode. Only `derangement` can be impossible:
 * the players who picked a team need as many copies of other teams, so a draw exists if, and only if, no team
 * was picked by more than half of the players.
 */
export function feasibility(mode: DrawMode, picks: readonly string[]): Feasibility {
  if (mode !== 'derangement') return { feasible: true }
  const counts = new Map<string, number>()
  for (const team of picks) counts.set(team, (counts.get(team) ?? 0) + 1)
  const atMost = Math.floor(picks.length / 2)
  const blocking = [...counts]
    .filter(([, count]) => count > atMost)
    .map(([team, count]) => ({ team, count, atMost }))
  return blocking.length === 0 ? { feasible: true } : { feasible: false, blocking }
}
