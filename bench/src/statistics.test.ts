import { describe, expect, it } from 'vitest'
import { median, percentile, ratioOf } from './statistics.ts'

describe('statistics of a run', () => {
  it('takes the smallest value that so many are not above', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(percentile(hundred, 0.99)).toBe(99)
    expect(percentile(hundred, 0.5)).toBe(50)
    expect(percentile([3], 0.99)).toBe(3)
    expect(percentile([], 0.5)).toBeNaN()
  })

  it('is not moved by one disturbed round', () => {
    expect(median([5, 1_000, 4, 6, 5])).toBe(5)
    expect(ratioOf([10, 100, 10], [20, 200, 1])).toBe(0.5)
  })
})
