import type { AddressBudget } from './address-budget.ts'
import { missLimits } from './http-limits.ts'

/**
 * Makes guessing slow: not-found answers cost a token, of the address and of all together. Right answers cost nothing,
 * so a hall of phones behind one address can scan the same code at once. Loopback is an address like others.
 */
export class MissLimiter {
  readonly #budget: AddressBudget
  readonly #inFlightOf = new Map<string, number>()
  #inFlight = 0

  constructor(budget: AddressBudget) {
    this.#budget = budget
  }

  /**
   * Seconds to wait, when this address may not ask now; 0 lets it ask, and `leave` must then be called once.
   */
  enter(address: string): number {
    const ofAddress = this.#inFlightOf.get(address) ?? 0
    if (this.#inFlight >= missLimits.inFlightMax || ofAddress >= missLimits.inFlightPerAddressMax) return 1
    const waitS = this.#budget.waitS(address)
    if (waitS > 0) return waitS
    this.#inFlightOf.set(address, ofAddress + 1)
    this.#inFlight += 1
    return 0
  }

  /** The answer of somebody who entered is there. */
  leave(address: string, missed: boolean): void {
    const left = (this.#inFlightOf.get(address) ?? 1) - 1
    if (left > 0) this.#inFlightOf.set(address, left)
    else this.#inFlightOf.delete(address)
    this.#inFlight -= 1
    if (missed) this.#budget.use(address)
  }
}
