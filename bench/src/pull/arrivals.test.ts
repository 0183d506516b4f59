import { describe, expect, it } from 'vitest'
import { drawCosts, meanCostMs, poissonArrivals, seededRandom } from './arrivals.ts'

const durationMs = 100_000
const perSecond = 200
const gapsOf = (arrivals: readonly number[]) => arrivals.slice(1).map((at, index) => at - arrivals[index]!)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
/** The standard deviation over the mean: 1 where arrivals know nothing of each other, 0 where they march in step. */
function irregularity(gaps: readonly number[]): number {
  const middle = mean(gaps)
  return Math.sqrt(mean(gaps.map((gap) => (gap - middle) ** 2))) / middle
}

describe('offered load', () => {
  it('arrives as often as it is told to, and as irregularly as chance has it', () => {
    const arrivals = poissonArrivals(perSecond, durationMs, seededRandom(1))
    const expected = (perSecond * durationMs) / 1_000
    // Five standard deviations of a Poisson count.
    expect(Math.abs(arrivals.length - expected)).toBeLessThan(5 * Math.sqrt(expected))
    expect(irregularity(gapsOf(arrivals))).toBeCloseTo(1, 1)
    expect(arrivals.every((at, index) => index === 0 || at >= arrivals[index - 1]!)).toBe(true)
  })

  it('would not pass for chance if it came in step', () => {
    const inStep = Array.from({ length: 1_000 }, (_, index) => index * 5)
    expect(irregularity(gapsOf(inStep))).toBeLessThan(0.01)
  })

  it('is the same for the same seed, and another for another', () => {
    const of = (seed: number) => poissonArrivals(perSecond, 1_000, seededRandom(seed))
    expect(of(7)).toEqual(of(7))
    expect(of(7)).not.toEqual(of(8))
  })

  it('costs on average what was asked for', () => {
    const costs = { cheapMs: 2, dearMs: 40, dearShare: 0.1 }
    expect(meanCostMs(costs)).toBeCloseTo(5.8)
    expect(mean(drawCosts(100_000, costs, seededRandom(2)))).toBeCloseTo(5.8, 0)
  })
})
