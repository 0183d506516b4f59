/** Seconds from a millisecond to the longest that anybody waits. */
export const secondsBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const
/** Things that are taken together: items of a batch, events of a commit. */
export const sizeBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const

/**
 * A histogram in plain numbers, for paths on which every request runs: one comparison per bucket, no labels, no maps.
 * It is only read when somebody collects the metrics.
 */
export class Buckets {
  /** Upper bounds, ascending. */
  readonly bounds: readonly number[]
  /** Per bucket, not cumulated; the last one is for what is above all bounds. */
  readonly counts: number[]
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = Array(bounds.length + 1).fill(0)
  }

  observe(value: number): void {
    const { bounds, counts } = this
    let index = 0
    while (index < bounds.length && value > bounds[index]!) index++
    counts[index]!++
    this.sum += value
  }

  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0)
  }
}
