import type { AddressBudget } from './address-budget.ts'

/** Bounds how often something is asked for at all. */
export class RequestLimiter {
  readonly #budget: AddressBudget

  constructor(budget: AddressBudget) {
    this.#budget = budget
  }

  /** Seconds to wait, when this address may not ask now; 0 lets it ask, and counts it. */
  enter(address: string): number {
    const waitS = this.#budget.waitS(address)
    if (waitS === 0) this.#budget.use(address)
    return waitS
  }
}
