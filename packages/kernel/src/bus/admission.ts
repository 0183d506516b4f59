export const admissionLimits = {
  /**
   * Requests of one service and lane that wait for an answer, whatever is known of its speed: a service that is slow
   * on both lanes leaves most of the edge's 10,000 to the others.
   */
  pendingPerQueueMax: 2_048,
  /** So many are always let in: with so few there is no speed to be measured. */
  pendingPerQueueMin: 64,
  /** Whoever would wait longer than this for the others before him is told at once. */
  waitMsMax: 1_000,
  /** A speed is known after so long under load: the longer, the more of a crowd is let in that waits in vain. */
  knownAfterMs: 200,
  /**
   * Under load an envelope may be filled for this long, if that is no more than such a share of the wait that is ahead
   * of it anyway: what is refused in between tears apart what would have come together.
   */
  lingerMsMax: 8,
  lingerShareMax: 1 / 16,
  /** A speed is averaged over so long, and forgotten after so long without load. */
  measureMs: 500,
} as const
export type AdmissionLimits = { readonly [Name in keyof typeof admissionLimits]: number }

/**
 * How many requests may wait for one queue's service at a time. A number alone is wrong for every service but one:
 * what a fast one answers in a moment keeps a slow one busy beyond every deadline, and then it only works on what
 * nobody waits for any more. So the bound is a time: by Little's law the wait is what is pending, divided by the
 * answers per second, which are counted while many wait. What shares the queue with us slows our answers down just as
 * well. Only a quiet service's speed is unknown; then the number alone counts, so that a crowd that comes at once is let in.
 */
export class Admission {
  private readonly limits: AdmissionLimits
  pending = 0
  /** Requests that may be pending now. */
  allowed: number
  private answers = 0
  /** On the monotonic clock; null at rest. */
  private lookedAt: number | null = null
  private busyMs = 0
  private calmMs = 0
  private answersPerMs = 0

  constructor(limits: AdmissionLimits) {
    this.limits = limits
    this.allowed = limits.pendingPerQueueMax
  }

  get isFull(): boolean {
    return this.pending >= this.allowed
  }

  /** How long an envelope may be filled, as the wait ahead of it is known; 0 for a service that keeps up. */
  get lingerMs(): number {
    const { pendingPerQueueMin, knownAfterMs, lingerMsMax, lingerShareMax } = this.limits
    if (this.pending <= pendingPerQueueMin || this.busyMs < knownAfterMs) return 0
    return Math.min(lingerMsMax, (lingerShareMax * this.pending) / this.answersPerMs)
  }

  begin(): void {
    this.pending++
  }

  end(): void {
    this.pending--
  }

  /** The service did it, or said why not: only that tells of its speed. */
  answered(): void {
    this.answers++
  }

  /** To be called every few milliseconds while anything is pending. */
  look(nowMs: number): void {
    const elapsedMs = this.lookedAt === null ? 0 : nowMs - this.lookedAt
    const { answers } = this
    this.lookedAt = nowMs
    this.answers = 0
    if (elapsedMs <= 0) return
    if (this.pending < this.limits.pendingPerQueueMin) {
      // A batch that empties the queue for a moment must not undo what is known.
      this.calmMs += elapsedMs
      if (this.calmMs >= this.limits.measureMs) this.forget()
    } else {
      this.calmMs = 0
      this.measure(answers, elapsedMs)
    }
  }

  /** Nothing is pending, or what is pending waits for something else than the service. */
  rest(): void {
    this.lookedAt = null
    this.answers = 0
    this.forget()
  }

  private measure(answers: number, elapsedMs: number): void {
    const { measureMs, knownAfterMs, waitMsMax, pendingPerQueueMin, pendingPerQueueMax } = this.limits
    // The mean of all at first, of the last `measureMs` later on.
    this.busyMs = Math.min(this.busyMs + elapsedMs, measureMs)
    const share = Math.min(1, elapsedMs / this.busyMs)
    this.answersPerMs += (answers / elapsedMs - this.answersPerMs) * share
    if (this.busyMs < knownAfterMs) return
    const inTime = Math.floor(this.answersPerMs * waitMsMax)
    this.allowed = Math.max(pendingPerQueueMin, Math.min(pendingPerQueueMax, inTime))
  }

  private forget(): void {
    this.allowed = this.limits.pendingPerQueueMax
    this.busyMs = 0
    this.calmMs = 0
    this.answersPerMs = 0
  }
}
