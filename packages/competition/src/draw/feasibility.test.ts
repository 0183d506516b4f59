import fc from 'fast-check'
import { expect, test } from 'vitest'
import { feasibility } from './feasibility.ts'
import { allDerangements } from './testing/outcomes.ts'

test('a team picked by more than half blocks; it is said which, how often, and how often would do', () => {
  expect(feasibility('derangement', ['A', 'A', 'A', 'B', 'C'])).toEqual({
    feasible: false,
    blocking: [{ team: 'A', count: 3, atMost: 2 }],
  })
  expect(feasibility('derangement', ['A'])).toEqual({
    feasible: false,
    blocking: [{ team: 'A', count: 1, atMost: 0 }],
  })
})

test('half is not too many', () => {
  expect(feasibility('derangement', ['A', 'A', 'B', 'C'])).toEqual({ feasible: true })
})

test('the other modes are always possible', () => {
  for (const mode of ['any', 'keep'] as const) {
    expect(feasibility(mode, ['A', 'A', 'A'])).toEqual({ feasible: true })
  }
})

test('it is feasible exactly when listing all outcomes finds one', () => {
  const picks = fc.array(fc.constantFrom('A', 'B', 'C', 'D'), { minLength: 1, maxLength: 7 })
  fc.assert(
    fc.property(picks, (list) => {
      expect(feasibility('derangement', list).feasible).toBe(allDerangements(list).length > 0)
    }),
  )
})
