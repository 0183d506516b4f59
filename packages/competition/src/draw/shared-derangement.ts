import { bigBelow, type WordSource } from './random-words.ts'
import {
  avoidingPermutations,
  divideExactly,
  factorialsUpTo,
  multiply,
  type Polynomial,
  rookPolynomial,
} from './rook-polynomial.ts'

type Team = {
  readonly name: string
  /** Players who picked it and still wait for a team. */
  pickers: number
  /** Copies of it that nobody has been given yet. */
  copies: number
}

/** What is left to do: the product of all teams' rook polynomials, and the ways to finish from here. */
type Rest = { readonly board: Polynomial; readonly completions: bigint }

/**
 * Gives every player one of the picked teams, never the one that he picked, uniformly over all such outcomes,
 * where picks repeat. Shuffling until it fits may practically never end (16 + 16 picks of two teams: one
 * shuffle in 601,080,390), so players are served in order, and each team is drawn with a weight of exactly as
 * many ways as there are to finish after it. The picks must allow a derangement (see `feasibility`).
 */
export function derangeSharedPicks(picks: readonly string[], nextWord: WordSource): string[] {
  const factorials = factorialsUpTo(picks.length)
  const teams = teamsOf(picks)
  const whole = [...teams.values()].map(boardOf).reduce(multiply, [1n])
  let rest: Rest = { board: whole, completions: avoidingPermutations(whole, picks.length, factorials) }

  return picks.map((pick, served) => {
    const own = teams.get(pick)!
    const boardBefore = boardOf(own)
    own.pickers -= 1
    const board = multiply(divideExactly(rest.board, boardBefore), boardOf(own))
    const playersAfter = picks.length - served - 1
    const restAfter = onceAState((team: Team): Rest => {
      const others = divideExactly(board, boardOf(team))
      const after = multiply(others, rookPolynomial(team.pickers, team.copies - 1))
      return { board: after, completions: avoidingPermutations(after, playersAfter, factorials) }
    })

    let ticket = bigBelow(rest.completions, nextWord)
    for (const team of candidatesFor(own, teams)) {
      const after = restAfter(team)
      const weight = BigInt(team.copies) * after.completions
      if (ticket < weight) {
        team.copies -= 1
        rest = after
        return team.name
      }
      ticket -= weight
    }
    throw new Error('the weights of all teams must add up to the ways to finish')
  })
}

/** Teams in order of their first pick. */
function teamsOf(picks: readonly string[]): Map<string, Team> {
  const teams = new Map<string, Team>()
  for (const name of picks) {
    const team = teams.get(name) ?? { name, pickers: 0, copies: 0 }
    team.pickers += 1
    team.copies += 1
    teams.set(name, team)
  }
  return teams
}

function boardOf(team: Team): Polynomial {
  return rookPolynomial(team.pickers, team.copies)
}

/** Most copies first, so that the search ends early; then by first pick (sorting is stable). */
function candidatesFor(own: Team, teams: ReadonlyMap<string, Team>): Team[] {
  return [...teams.values()]
    .filter((team) => team !== own && team.copies > 0)
    .sort((left, right) => right.copies - left.copies)
}

/** Teams with as many pickers and copies as each other leave as many ways: those are counted once. */
function onceAState(count: (team: Team) => Rest): (team: Team) => Rest {
  const counted = new Map<string, Rest>()
  return (team) => {
    const state = `${team.pickers}/${team.copies}`
    const known = counted.get(state) ?? count(team)
    counted.set(state, known)
    return known
  }
}
