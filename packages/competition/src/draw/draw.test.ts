import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { draw } from './draw.ts'
import { DRAW_MODES, type DrawInput } from './draw-input.ts'
import { entrantsHashOf } from './entrants-hash.ts'
import { feasibility } from './feasibility.ts'
import { entrantsWhoPicked, seedNumber } from './testing/entrants.ts'

const hex32 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'))

const team = fc.oneof(
  fc.constantFrom('Bayern München', 'Ωμέγα', '東京', '⚽️', '-'),
  fc.integer({ min: 0, max: 30 }).map((number) => `Team ${number}`),
)

const entrant = fc.record({
  playerId: fc.uuid(),
  pick: team,
  contribution: fc.option(hex32),
})

const input: fc.Arbitrary<DrawInput> = fc.record({
  tournamentId: fc.uuid(),
  attempt: fc.integer({ min: 1, max: 10 }),
  mode: fc.constantFrom(...DRAW_MODES),
  seed: hex32,
  entrants: fc.uniqueArray(entrant, { minLength: 2, maxLength: 40, selector: ({ playerId }) => playerId }),
})

const feasibleInput = input.filter(
  ({ mode, entrants }) =>
    feasibility(
      mode,
      entrants.map(({ pick }) => pick),
    ).feasible,
)

function plain(over: Partial<DrawInput> = {}): DrawInput {
  const entrants = entrantsWhoPicked('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J')
  return { tournamentId: 't', attempt: 1, mode: 'any', seed: seedNumber(1), entrants, ...over }
}

describe('every draw', () => {
  test('gives every player, in order, one of the picked teams', () => {
    fc.assert(
      fc.property(feasibleInput, (given) => {
        const assignments = draw(given)
        expect(assignments.map(({ playerId }) => playerId)).toEqual(
          given.entrants.map(({ playerId }) => playerId),
        )
        expect(assignments.map((assignment) => assignment.team).sort()).toEqual(
          given.entrants.map(({ pick }) => pick).sort(),
        )
      }),
    )
  })

  test('keeps the rule of its mode', () => {
    fc.assert(
      fc.property(feasibleInput, (given) => {
        const assignments = draw(given)
        for (const [index, { pick }] of given.entrants.entries()) {
          if (given.mode === 'derangement') expect(assignments[index]!.team).not.toBe(pick)
          if (given.mode === 'keep') expect(assignments[index]!.team).toBe(pick)
        }
      }),
    )
  })

  test('can be repeated', () => {
    fc.assert(
      fc.property(feasibleInput, (given) => {
        expect(draw(structuredClone(given))).toEqual(draw(given))
      }),
    )
  })

  test('that cannot be made is refused as an error of the caller', () => {
    fc.assert(
      fc.property(input, (given) => {
        const picks = given.entrants.map(({ pick }) => pick)
        if (feasibility(given.mode, picks).feasible) draw(given)
        else expect(() => draw(given)).toThrow(RangeError)
      }),
    )
  })
})

describe('everything that goes in counts', () => {
  const reference = JSON.stringify(draw(plain()))
  const contributing = plain().entrants.with(3, { ...plain().entrants[3]!, contribution: seedNumber(9) })
  test.each<[string, Partial<DrawInput>]>([
    ['the tournament', { tournamentId: 'u' }],
    ['the attempt', { attempt: 2 }],
    ['the mode', { mode: 'derangement' }],
    ['the seed', { seed: seedNumber(2) }],
    ['a contribution', { entrants: contributing }],
    ['the order of joining', { entrants: plain().entrants.toReversed() }],
    ['who is there', { entrants: plain().entrants.slice(1) }],
  ])('%s', (_, change) => {
    expect(JSON.stringify(draw(plain(change)))).not.toBe(reference)
  })
})

describe('impossible input', () => {
  const withFirst = (first: object) => ({
    entrants: plain().entrants.with(0, { ...plain().entrants[0]!, ...first }),
  })
  test.each<[string, Partial<DrawInput>]>([
    ['no tournament', { tournamentId: '' }],
    ['a line feed in the tournament', { tournamentId: 'a\nb' }],
    ['attempt 0', { attempt: 0 }],
    ['attempt 1.5', { attempt: 1.5 }],
    ['attempt 11', { attempt: 11 }],
    ['a short seed', { seed: 'ab' }],
    ['an upper-case seed', { seed: 'AB'.repeat(32) }],
    ['one entrant', { entrants: entrantsWhoPicked('A') }],
    ['257 entrants', { entrants: entrantsWhoPicked(...Array<string>(257).fill('A')) }],
    ['a tab in a pick', withFirst({ pick: 'A\tB' })],
    ['half a surrogate pair in a pick', withFirst({ pick: 'A\ud800' })],
    ['an empty pick', withFirst({ pick: '' })],
    ['an endless pick', withFirst({ pick: 'A'.repeat(201) })],
    ['a next-line character in a player id', withFirst({ playerId: 'a\u0085' })],
    ['the same player twice', withFirst({ playerId: 'p1' })],
    ['a short contribution', withFirst({ contribution: 'ab' })],
  ])('%s', (_, change) => {
    expect(() => draw(plain(change))).toThrow(RangeError)
  })
})

describe('large draws', () => {
  test('16 + 16 picks of two teams: everybody gets the other one, without endless shuffling', () => {
    const picks = [...'AABABBBAABBABAABBABAABABABABBABA']
    const assignments = draw(plain({ mode: 'derangement', entrants: entrantsWhoPicked(...picks) }))
    expect(picks.filter((pick) => pick === 'A').length).toBe(16)
    expect(assignments.map((assignment) => assignment.team)).toEqual(
      picks.map((pick) => (pick === 'A' ? 'B' : 'A')),
    )
  })

  test.each([2, 3, 10, 100, 255, 256])('256 players over %i teams take seconds at most', (teams) => {
    const picks = Array.from({ length: 256 }, (_, index) => `Team ${index % teams}`)
    const startedAt = performance.now()
    const assignments = draw(plain({ mode: 'derangement', entrants: entrantsWhoPicked(...picks) }))
    expect(performance.now() - startedAt).toBeLessThan(8_000)
    expect(assignments.every((assignment, index) => assignment.team !== picks[index])).toBe(true)
  })
})

test('two different lists never have one text to hash', () => {
  const list = fc.uniqueArray(entrant, { minLength: 2, maxLength: 4, selector: ({ playerId }) => playerId })
  fc.assert(
    fc.property(list, list, (left, right) => {
      const same = JSON.stringify(left) === JSON.stringify(right)
      expect(entrantsHashOf(left) === entrantsHashOf(right)).toBe(same)
    }),
  )
})
