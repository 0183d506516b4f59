import type { WordSource } from './random-words.ts'
import { derangeSharedPicks } from './shared-derangement.ts'
import { shuffled } from './shuffle.ts'

/** One shuffle in about e = 2.72 fits, so that this many misfits in a row cannot happen by chance. */
const SHUFFLES_MAX = 10_000

/**
 * Gives every player one of the picked teams, never the one that he picked, uniformly over all such outcomes.
 * The picks must allow it (see `feasibility`).
 */
export function deranged(picks: readonly string[], nextWord: WordSource): string[] {
  const allDistinct = new Set(picks).size === picks.length
  return allDistinct ? derangeDistinctPicks(picks, nextWord) : derangeSharedPicks(picks, nextWord)
}

/** Whole shuffles until one fits. Repairing one, or drawing player by player, would favour some outcomes. */
function derangeDistinctPicks(picks: readonly string[], nextWord: WordSource): string[] {
  for (let shuffles = 0; shuffles < SHUFFLES_MAX; shuffles++) {
    const teams = shuffled(picks, nextWord)
    if (teams.every((team, index) => team !== picks[index])) return teams
  }
  throw new Error('no shuffle of these picks gives everybody another team')
}
