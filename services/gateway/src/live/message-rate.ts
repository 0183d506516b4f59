/** A rate with a burst, in two numbers. Time comes from a clock that never jumps. */
export class MessageRate {
  #tokens: number
  #atMs: number

  constructor(burst: number, nowMs: number) {
    this.#tokens = burst
    this.#atMs = nowMs
  }

  /** True when one more is within the rate; false takes nothing. */
  take(nowMs: number, perSecond: number, burst: number): boolean {
    const earned = ((nowMs - this.#atMs) / 1_000) * perSecond
    this.#tokens = Math.min(burst, this.#tokens + earned)
    this.#atMs = nowMs
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
