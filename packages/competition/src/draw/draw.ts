import { fromHex } from '../hashing/hex.ts'
import { hmacSha256 } from '../hashing/hmac-sha256.ts'
import { deranged } from './derangement.ts'
import { type DrawInput, type DrawMode, drawInputProblem } from './draw-input.ts'
import { entrantsHashOf } from './entrants-hash.ts'
import { feasibility } from './feasibility.ts'
import { randomWords, type WordSource } from './random-words.ts'
import { shuffled } from './shuffle.ts'

/** The team that a player got. */
export type Assignment = { readonly playerId: string; readonly team: string }

/**
 * Draws: every entrant, in the order of the list, and the team that he gets. The same input gives the same
 * result everywhere and for ever (docs/draw.md). Takes about a second for 256 players who share a few teams
 * in mode `derangement`, milliseconds otherwise. Throws a RangeError on an input that cannot be drawn, which
 * is the caller's mistake: `feasibility` says so beforehand.
 */
export function draw(input: DrawInput): readonly Assignment[] {
  const problem = drawInputProblem(input)
  if (problem !== null) throw new RangeError(problem)
  const picks = input.entrants.map((entrant) => entrant.pick)
  if (!feasibility(input.mode, picks).feasible) throw new RangeError('nobody can get another team')

  const teams = teamsFor(input.mode, picks, randomWords(drawKeyOf(input)))
  return input.entrants.map(({ playerId }, index) => ({ playerId, team: teams[index]! }))
}

/** The key of the stream of random words: nobody who lacks the seed can know it. 32 bytes. */
export function drawKeyOf(input: DrawInput): Uint8Array {
  const { tournamentId, attempt, mode, seed, entrants } = input
  const message = `matchday-draw-v1\n${tournamentId}\n${attempt}\n${mode}\n${entrantsHashOf(entrants)}\n`
  return hmacSha256(fromHex(seed), new TextEncoder().encode(message))
}

function teamsFor(mode: DrawMode, picks: readonly string[], nextWord: WordSource): readonly string[] {
  switch (mode) {
    case 'any':
      return shuffled(picks, nextWord)
    case 'derangement':
      return deranged(picks, nextWord)
    case 'keep':
      return picks
    default:
      throw new RangeError(mode satisfies never)
  }
}
