import type { Clock } from '../clock.ts'

/** For how long a follower has known, or had to assume, that it has not dealt with all there is. */
export class Lag {
  readonly #clock: Clock
  /** On the monotonic clock. */
  #since: number | null

  /** Whoever begins does not know how much there is. */
  constructor(clock: Clock) {
    this.#clock = clock
    this.#since = clock.monotonicMs()
  }

  get ms(): number {
    return this.#since === null ? 0 : this.#clock.monotonicMs() - this.#since
  }

  behind(): void {
    this.#since ??= this.#clock.monotonicMs()
  }

  caughtUp(): void {
    this.#since = null
  }
}

/** What a follower tells of itself. */
export type FollowerFigures = {
  /** `view:<name>` or `reaction:<name>`. */
  readonly follower: string
  readonly lagMs: number
}
