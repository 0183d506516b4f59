import { expect, test } from 'vitest'
import { chiSquareTail, uniformFit } from './chi-square.ts'

test.each([
  [3.841458820694124, 1, 0.05],
  [15.507313055865453, 8, 0.05],
  [26.12448155837614, 8, 0.001],
  [42.31239633167996, 80, 0.9998329763523],
  [59.303512, 43, 0.05],
  [173.616, 119, 0.0008136710359],
])('a statistic of %f with %i degrees of freedom', (statistic, degreesOfFreedom, probability) => {
  expect(chiSquareTail(statistic, degreesOfFreedom)).toBeCloseTo(probability, 8)
})

test('a fair coin fits, a loaded one does not, and a third side never does', () => {
  const tosses = (heads: number, tails: number) => [
    ...Array<string>(heads).fill('heads'),
    ...Array<string>(tails).fill('tails'),
  ]
  expect(uniformFit(tosses(5_040, 4_960), ['heads', 'tails']).probability).toBeCloseTo(0.4237, 3)
  expect(uniformFit(tosses(5_300, 4_700), ['heads', 'tails']).probability).toBeLessThan(1e-8)
  expect(uniformFit([...tosses(50, 50), 'edge'], ['heads', 'tails']).probability).toBe(0)
})
