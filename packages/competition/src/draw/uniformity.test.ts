import { describe, expect, test } from 'vitest'
import { draw } from './draw.ts'
import type { DrawMode } from './draw-input.ts'
import { randomWords, type WordSource } from './random-words.ts'
import { uniformFit } from './testing/chi-square.ts'
import { entrantsWhoPicked, seedNumber } from './testing/entrants.ts'
import { allDerangements, allOutcomes } from './testing/outcomes.ts'
import { playerByPlayerWithRestart, swapWithAny, withDeadEndLookAhead } from './testing/planted-shuffles.ts'

/** A quarter of a million draws take some 15 s of computing; a busy machine may need four times that. */
const TIMEOUT_MS = 120_000

/** Below this, chance is no explanation. Seeds are fixed, so that a test which passes once always passes. */
const CHANCE = 0.001

/** What the real draw gives, once for each of so many seeds. */
function drawn(mode: DrawMode, picks: readonly string[], draws: number): string[] {
  const entrants = entrantsWhoPicked(...picks)
  return Array.from({ length: draws }, (_, seed) =>
    draw({ tournamentId: 'uniformity', attempt: 1, mode, seed: seedNumber(seed), entrants })
      .map(({ team }) => team)
      .join(''),
  )
}

type Shuffle = (picks: readonly string[], nextWord: WordSource) => string[]

/** What a planted shuffle gives, from the same kind of random words. */
function planted(shuffle: Shuffle, picks: readonly string[], draws: number): string[] {
  const nextWord = randomWords(Uint8Array.of(5))
  return Array.from({ length: draws }, () => shuffle(picks, nextWord).join(''))
}

function shares(outcomes: readonly string[]): number[] {
  const counts = new Map<string, number>()
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts.values()].map((count) => count / outcomes.length).sort((left, right) => left - right)
}

const five = [...'ABCDE']
const four = [...'ABCD']

describe('120,000 draws of 5', () => {
  test(
    'fall evenly on the 120 permutations, and on the 44 derangements; wrong shuffles are found',
    () => {
      const permutations = allOutcomes(five)
      const derangements = allDerangements(five)
      expect([permutations.length, derangements.length]).toEqual([120, 44])

      expect(uniformFit(drawn('any', five, 110_000), permutations).probability).toBeGreaterThan(CHANCE)
      expect(uniformFit(drawn('derangement', five, 110_000), derangements).probability).toBeGreaterThan(
        CHANCE,
      )

      const rejected = (shuffle: Shuffle, expected: readonly string[]) =>
        expect(uniformFit(planted(shuffle, five, 110_000), expected).probability).toBeLessThan(1e-9)
      rejected(swapWithAny, permutations)
      rejected(playerByPlayerWithRestart, derangements)
      rejected(withDeadEndLookAhead, derangements)
    },
    TIMEOUT_MS,
  )
})

describe('90,000 derangements of 4', () => {
  test(
    'fall evenly on all 9; the two wrong ways are found and are as wrong as theory says',
    () => {
      const all = allDerangements(four)
      expect(all.length).toBe(9)
      expect(uniformFit(drawn('derangement', four, 90_000), all).probability).toBeGreaterThan(CHANCE)

      const restarted = planted(playerByPlayerWithRestart, four, 90_000)
      expect(uniformFit(restarted, all).probability).toBeLessThan(1e-9)
      expect(shares(restarted).at(0)).toBeCloseTo(2 / 31, 2)
      expect(shares(restarted).at(-1)).toBeCloseTo(6 / 31, 2)

      const lookedAhead = planted(withDeadEndLookAhead, four, 90_000)
      expect(uniformFit(lookedAhead, all).probability).toBeLessThan(1e-9)
      expect(shares(lookedAhead).at(0)).toBeCloseTo(1 / 12, 2)
      expect(shares(lookedAhead).at(-1)).toBeCloseTo(1 / 6, 2)
    },
    TIMEOUT_MS,
  )
})

describe('shared picks', () => {
  test.each(['AABC', 'AABBC', 'CABBA', 'ABCAD', 'AABBCC', 'AAABCD', 'ABABAC'])(
    'derangements of %s fall evenly on all that there are',
    (text) => {
      const picks = [...text]
      const all = allDerangements(picks)
      expect(uniformFit(drawn('derangement', picks, 10_000), all).probability).toBeGreaterThan(CHANCE)
    },
  )

  test('a weight that forgets the ways to finish is found', () => {
    const picks = [...'AABBC']
    const forgetful = planted(playerByPlayerWithRestart, picks, 10_000)
    expect(uniformFit(forgetful, allDerangements(picks)).probability).toBeLessThan(1e-9)
  })

  test('any order of shared picks falls evenly on all that there are', () => {
    const picks = [...'AABBC']
    expect(uniformFit(drawn('any', picks, 10_000), allOutcomes(picks)).probability).toBeGreaterThan(CHANCE)
  })
})
