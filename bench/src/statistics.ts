/** The middle one (of an even number, the lower of the two): one disturbed round among five changes nothing. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The smallest value that at least `share` of all are not above; NaN of none. */
export function percentile(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** Each round's own ratio, and of these the median: what slows a whole round slows both. */
export function ratioOf(values: readonly number[], base: readonly number[]): number {
  return median(values.map((value, round) => value / base[round]!))
}
