import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  avoidingPermutations,
  divideExactly,
  factorialsUpTo,
  multiply,
  rookPolynomial,
} from './rook-polynomial.ts'
import { allDerangements } from './testing/outcomes.ts'

/** Derangements of so many picks of each team, equal copies counted as different. */
function derangements(...picksOfTeams: number[]): bigint {
  const players = picksOfTeams.reduce((sum, picks) => sum + picks, 0)
  const board = picksOfTeams.map((picks) => rookPolynomial(picks, picks)).reduce(multiply, [1n])
  return avoidingPermutations(board, players, factorialsUpTo(players))
}

test.each([
  [1, 0n],
  [2, 1n],
  [3, 2n],
  [4, 9n],
  [5, 44n],
  [6, 265n],
  [7, 1_854n],
  [8, 14_833n],
])('%i different picks have %i derangements', (players, count) => {
  expect(derangements(...Array<number>(players).fill(1))).toBe(count)
})

test('two teams, picked 16 times each: one shuffle in 601,080,390 fits', () => {
  const factorials = factorialsUpTo(32)
  expect(factorials[32]! / derangements(16, 16)).toBe(601_080_390n)
  expect(factorials[32]! % derangements(16, 16)).toBe(0n)
})

test('a team picked by more than half leaves no way', () => {
  expect(derangements(3, 2)).toBe(0n)
  expect(derangements(129, 127)).toBe(0n)
  expect(derangements(128, 128)).toBe(factorialsUpTo(128)[128]! ** 2n)
})

test('counting agrees with listing, for every way in which up to 7 players may have picked', () => {
  const factorials = factorialsUpTo(7)
  const partitions = (players: number, largest: number): number[][] =>
    players === 0
      ? [[]]
      : Array.from({ length: Math.min(players, largest) }, (_, index) => index + 1).flatMap((first) =>
          partitions(players - first, first).map((rest) => [first, ...rest]),
        )
  for (let players = 1; players <= 7; players++) {
    for (const partition of partitions(players, players)) {
      const picks = partition.flatMap((count, team) => Array<string>(count).fill('ABCDEFG'[team]!))
      const labelled = partition.reduce((ways, count) => ways * factorials[count]!, 1n)
      expect(derangements(...partition)).toBe(BigInt(allDerangements(picks).length) * labelled)
    }
  }
})

test('dividing takes back what multiplying did', () => {
  const board = fc.tuple(fc.nat(12), fc.nat(12)).map(([pickers, copies]) => rookPolynomial(pickers, copies))
  fc.assert(
    fc.property(board, board, (left, right) => {
      expect(divideExactly(multiply(left, right), right)).toEqual(left)
    }),
  )
})
