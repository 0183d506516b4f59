/** How far counts lie from what was expected, and how probable it is that chance alone goes as far. */
export type Fit = { readonly statistic: number; readonly probability: number }

const TERMS_MAX = 10_000

/**
 * Pearson's test of outcomes against a uniform distribution over the expected ones. An outcome that is not
 * expected has probability 0, so that one such outcome refutes the distribution.
 */
export function uniformFit(outcomes: readonly string[], expected: readonly string[]): Fit {
  const counts = new Map(expected.map((outcome) => [outcome, 0]))
  for (const outcome of outcomes) {
    const count = counts.get(outcome)
    if (count === undefined) return { statistic: Number.POSITIVE_INFINITY, probability: 0 }
    counts.set(outcome, count + 1)
  }
  const share = outcomes.length / counts.size
  const statistic = [...counts.values()].reduce((sum, count) => sum + (count - share) ** 2 / share, 0)
  return { statistic, probability: chiSquareTail(statistic, counts.size - 1) }
}

/** The probability that a chi-square variable with these degrees of freedom is at least as large. */
export function chiSquareTail(statistic: number, degreesOfFreedom: number): number {
  const shape = degreesOfFreedom / 2
  const x = statistic / 2
  if (x <= 0) return 1
  const scale = Math.exp(shape * Math.log(x) - x - logGamma(shape))
  return x < shape + 1 ? 1 - scale * lowerSeries(shape, x) : scale * upperFraction(shape, x)
}

/** Power series of the lower incomplete gamma function (Abramowitz and Stegun 6.5.29). */
function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape
  let sum = term
  for (let index = 1; index < TERMS_MAX && term > sum * 1e-16; index++) {
    term *= x / (shape + index)
    sum += term
  }
  return sum
}

/** Continued fraction of the upper incomplete gamma function (6.5.31), by Lentz's method. */
function upperFraction(shape: number, x: number): number {
  let b = x + 1 - shape
  let c = Number.MAX_VALUE
  let d = 1 / b
  let fraction = d
  for (let index = 1; index < TERMS_MAX; index++) {
    const a = index * (shape - index)
    b += 2
    d = 1 / (a * d + b)
    c = b + a / c
    fraction *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return fraction
}

/** Stirling's series, after moving the argument to where it is exact to 12 digits. */
function logGamma(value: number): number {
  if (value < 15) return logGamma(value + 1) - Math.log(value)
  const series = 1 / (12 * value) - 1 / (360 * value ** 3) + 1 / (1260 * value ** 5)
  return (value - 0.5) * Math.log(value) - value + Math.log(2 * Math.PI) / 2 + series
}
