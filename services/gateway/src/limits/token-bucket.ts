/**
 * A token bucket that can be overdrawn: what is taken is known only after the fact (an answer was a miss, or another
 * gateway tells of it), so the level may fall below zero, and then everybody waits until it is paid back. On average no more than
 * `perMinute` pass.
 */
export class TokenBucket {
  readonly #perMinute: number
  #level: number
  #at: number

  constructor(perMinute: number, nowMs: number) {
    this.#perMinute = perMinute
    this.#level = perMinute
    this.#at = nowMs
  }

  /** Milliseconds until a whole token is there; 0 when one is there now. */
  waitMs(nowMs: number): number {
    this.#refill(nowMs)
    return this.#level >= 1 ? 0 : Math.ceil(((1 - this.#level) * 60_000) / this.#perMinute)
  }

  take(nowMs: number, count = 1): void {
    this.#refill(nowMs)
    this.#level -= count
  }

  #refill(nowMs: number): void {
    const earned = ((nowMs - this.#at) * this.#perMinute) / 60_000
    this.#level = Math.min(this.#perMinute, this.#level + earned)
    this.#at = nowMs
  }
}
