/** From 0 to below 1, the same numbers for the same seed (mulberry32): every variant is offered the same load. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * When requests arrive that know nothing of each other: a Poisson process. Milliseconds after the start, ascending.
 */
export function poissonArrivals(perSecond: number, durationMs: number, random: () => number): number[] {
  const arrivals: number[] = []
  for (let at = 0; ; ) {
    at -= (Math.log(1 - random()) * 1_000) / perSecond
    if (at >= durationMs) return arrivals
    arrivals.push(at)
  }
}

export type Costs = { readonly cheapMs: number; readonly dearMs: number; readonly dearShare: number }

export function meanCostMs({ cheapMs, dearMs, dearShare }: Costs): number {
  return cheapMs * (1 - dearShare) + dearMs * dearShare
}

/** What each request costs on an instance of full speed, in milliseconds. */
export function drawCosts(count: number, costs: Costs, random: () => number): number[] {
  return Array.from({ length: count }, () => (random() < costs.dearShare ? costs.dearMs : costs.cheapMs))
}
