import type { Entrant } from '../draw-input.ts'

/** Entrants p0, p1, … who picked these teams, without contributions. */
export function entrantsWhoPicked(...picks: readonly string[]): Entrant[] {
  return picks.map((pick, index) => ({ playerId: `p${index}`, pick, contribution: null }))
}

/** The n-th of many different seeds: tests repeat exactly. */
export function seedNumber(n: number): string {
  return n.toString(16).padStart(64, '0')
}
