/** So many standard deviations of its rank the true median may be from the middle: 99.7 % of the time it is not further. */
const deviationsMax = 3

export type MedianDifference = { readonly median: number; readonly least: number; readonly most: number }

/**
 * The median of differences, and between what it lies. Nothing is assumed about how they are spread: a busy machine makes
 * the interval wide, and moves it nowhere.
 */
export function medianDifference(differences: readonly number[]): MedianDifference {
  const sorted = differences.toSorted((one, other) => one - other)
  const spread = (deviationsMax * Math.sqrt(sorted.length)) / 2
  const at = (rank: number) => sorted[Math.min(Math.max(Math.round(rank), 0), sorted.length - 1)]!
  const middle = sorted.length / 2
  return { median: at(middle), least: at(middle - spread), most: at(middle + spread) }
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}
