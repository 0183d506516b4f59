import { below, type WordSource } from '../random-words.ts'

/**
 * Wrong shuffles that people really write. Each looks random and keeps its rule; the statistics must find
 * every one of them, or they would not find a mistake of ours either.
 */

/** Swaps every place with any place: n^n equally likely ways cannot fall evenly on n! orders. */
export function swapWithAny(items: readonly string[], nextWord: WordSource): string[] {
  const order = [...items]
  for (let place = 0; place < order.length; place++) {
    const other = below(order.length, nextWord)
    const moved = order[place]!
    order[place] = order[other]!
    order[other] = moved
  }
  return order
}

/** A derangement drawn player by player; whoever gets stuck starts all over. */
export function playerByPlayerWithRestart(picks: readonly string[], nextWord: WordSource): string[] {
  for (let restarts = 0; restarts < 1_000; restarts++) {
    const given = oneByOne(picks, nextWord, () => true)
    if (given.length === picks.length) return given
  }
  throw new Error('stuck for good')
}

/** A derangement drawn player by player among the teams that do not end in a dead end, as UEFA does it. */
export function withDeadEndLookAhead(picks: readonly string[], nextWord: WordSource): string[] {
  return oneByOne(picks, nextWord, (later, left) => canBeDeranged(later, left))
}

/** The teams given out until nobody was left, or until somebody could get none. */
function oneByOne(
  picks: readonly string[],
  nextWord: WordSource,
  isAllowed: (later: readonly string[], left: readonly string[]) => boolean,
): string[] {
  const given: string[] = []
  let left = [...picks]
  for (const [index, pick] of picks.entries()) {
    const later = picks.slice(index + 1)
    const allowed = left.filter((team) => team !== pick && isAllowed(later, without(left, team)))
    if (allowed.length === 0) return given
    const team = allowed[below(allowed.length, nextWord)]!
    given.push(team)
    left = without(left, team)
  }
  return given
}

function without(teams: readonly string[], team: string): string[] {
  return teams.toSpliced(teams.indexOf(team), 1)
}

function canBeDeranged(players: readonly string[], teams: readonly string[]): boolean {
  const [pick, ...later] = players
  if (pick === undefined) return true
  return teams.some((team) => team !== pick && canBeDeranged(later, without(teams, team)))
}
