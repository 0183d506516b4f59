import type { Clock } from '@matchday/kernel'
import { missLimits } from './http-limits.ts'
import { TokenBucket } from './token-bucket.ts'

type Address = { bucket: TokenBucket; inFlight: number }
type Bounds = { perAddress: number; total: number }

/**
 * Makes guessing slow: not-found answers of one operation cost a token, of the address and of all together.
 * Right answers cost nothing, so a hall of phones behind one address can scan the same code at once. Loopback
 * is an address like others.
 */
export class MissLimiter {
  readonly #bounds: Bounds
  readonly #clock: Clock
  readonly #total: TokenBucket
  /** In the order of last use: the first is the next to be forgotten. */
  readonly #addresses = new Map<string, Address>()
  #inFlight = 0

  constructor(bounds: Bounds, clock: Clock) {
    this.#bounds = bounds
    this.#clock = clock
    this.#total = new TokenBucket(bounds.total, clock.monotonicMs())
  }

  /**
   * Seconds to wait, when this address may not ask now; 0 lets it ask, and `leave` must then be called once.
   */
  enter(address: string): number {
    const now = this.#clock.monotonicMs()
    const entry = this.#entry(address, now)
    if (this.#inFlight >= missLimits.inFlightMax || entry.inFlight >= missLimits.inFlightPerAddressMax)
      return 1
    const waitMs = Math.max(entry.bucket.waitMs(now), this.#total.waitMs(now))
    if (waitMs > 0) return Math.ceil(waitMs / 1_000)
    entry.inFlight += 1
    this.#inFlight += 1
    return 0
  }

  /** The answer of somebody who entered is there. */
  leave(address: string, missed: boolean): void {
    const now = this.#clock.monotonicMs()
    const entry = this.#entry(address, now)
    entry.inFlight = Math.max(0, entry.inFlight - 1)
    this.#inFlight -= 1
    if (!missed) return
    entry.bucket.take(now)
    this.#total.take(now)
  }

  #entry(address: string, now: number): Address {
    const known = this.#addresses.get(address)
    const entry = known ?? { bucket: new TokenBucket(this.#bounds.perAddress, now), inFlight: 0 }
    if (known !== undefined) this.#addresses.delete(address)
    else if (this.#addresses.size >= missLimits.addressesMax) this.#forgetOldest()
    this.#addresses.set(address, entry)
    return entry
  }

  #forgetOldest(): void {
    const oldest = this.#addresses.keys().next()
    if (!oldest.done) this.#addresses.delete(oldest.value)
  }
}
