import type { Clock } from '@matchday/kernel'
import { budgetLimits } from './http-limits.ts'
import { TokenBucket } from './token-bucket.ts'

export type Bounds = { readonly perAddress: number; readonly total: number }

/** How much of something each address, and all together, may use a minute; and what is left of it. */
export class AddressBudget {
  readonly bounds: Bounds
  readonly #clock: Clock
  readonly #tell: (address: string) => void
  readonly #total: TokenBucket
  /** In the order of last use: the first is the next to be forgotten. */
  readonly #addresses = new Map<string, TokenBucket>()

  /** `tell`: hears of each use here. */
  constructor(bounds: Bounds, clock: Clock, tell: (address: string) => void = () => {}) {
    this.bounds = bounds
    this.#clock = clock
    this.#tell = tell
    this.#total = new TokenBucket(bounds.total, clock.monotonicMs())
  }

  /** Seconds until this address may use one more; 0: now. */
  waitS(address: string): number {
    const now = this.#clock.monotonicMs()
    const waitMs = Math.max(this.#bucket(address, now).waitMs(now), this.#total.waitMs(now))
    return Math.ceil(waitMs / 1_000)
  }

  use(address: string): void {
    this.usedElsewhere(address, 1)
    this.#tell(address)
  }

  /** Another gateway tells of it. */
  usedElsewhere(address: string, count: number): void {
    const now = this.#clock.monotonicMs()
    this.#bucket(address, now).take(now, count)
    this.#total.take(now, count)
  }

  #bucket(address: string, now: number): TokenBucket {
    const known = this.#addresses.get(address)
    const bucket = known ?? new TokenBucket(this.bounds.perAddress, now)
    if (known !== undefined) this.#addresses.delete(address)
    else if (this.#addresses.size >= budgetLimits.addressesMax) this.#forgetOldest()
    this.#addresses.set(address, bucket)
    return bucket
  }

  #forgetOldest(): void {
    const oldest = this.#addresses.keys().next()
    if (!oldest.done) this.#addresses.delete(oldest.value)
  }
}
