export const workAheadLimits = {
  /** What an instance holds should be done within this time: long enough to bridge the way to the broker and back. */
  workAheadMs: 40,
  /** … or within so many times what a request takes that finds the instance idle, if that is longer. */
  aloneTimesMax: 2,
  /** The speed is looked at each time that there has been work for so long. */
  measureMs: 50,
} as const
export type WorkAheadLimits = { readonly [Name in keyof typeof workAheadLimits]: number }

/** How much of what was known before each look is kept: the mean of about the last ten. */
const kept = 0.9
const aloneWeight = 1 / 8

/**
 * How many items an instance may hold at a time. A number alone is wrong: 64 cheap requests are done in a moment, and
 * 64 dear ones wait for each other while another instance stands idle. So the bound is a time: no more than is done
 * within `workAheadMs`, by the speed of late. Only when items wait for each other, though: where many are done in the
 * time of one, as those of one commit are, an item takes as long among many as it does alone, and holding fewer would
 * only be slower.
 */
export class WorkAhead {
  private readonly limits: WorkAheadLimits
  private readonly capacityMax: number
  /** Items that may be held now, from 1 to `capacityMax`: all until something is known. */
  capacity: number
  private inWork = 0
  /** On the monotonic clock; of the current look. */
  private busySince = 0
  private busyMs = 0
  private done = 0
  private tookMs = 0
  /** Of earlier looks, the older the less. */
  private earlierBusyMs = 0
  private earlierDone = 0
  private earlierTookMs = 0
  private aloneMs: number | null = null

  constructor(limits: WorkAheadLimits, capacityMax: number) {
    this.limits = limits
    this.capacityMax = capacityMax
    this.capacity = capacityMax
  }

  /** True when nothing else is in work: what this item takes is what it takes alone. */
  begin(nowMs: number): boolean {
    if (this.inWork === 0) this.busySince = nowMs
    this.inWork++
    return this.inWork === 1
  }

  end(nowMs: number, tookMs: number, begunAlone: boolean): void {
    this.inWork--
    this.done++
    this.tookMs += tookMs
    this.busyMs += nowMs - this.busySince
    this.busySince = nowMs
    if (begunAlone) this.aloneMs = mixed(this.aloneMs ?? tookMs, tookMs, aloneWeight)
    if (this.busyMs >= this.limits.measureMs) this.look()
  }

  private look(): void {
    this.earlierBusyMs = this.earlierBusyMs * kept + this.busyMs
    this.earlierDone = this.earlierDone * kept + this.done
    this.earlierTookMs = this.earlierTookMs * kept + this.tookMs
    this.busyMs = 0
    this.done = 0
    this.tookMs = 0
    const { workAheadMs, aloneTimesMax } = this.limits
    const withinMs = Math.max(workAheadMs, aloneTimesMax * (this.aloneMs ?? 0))
    const doneInTime = Math.floor((this.earlierDone / this.earlierBusyMs) * withinMs)
    // What is not slow needs no tighter bound: it was not busier because there was no more to do.
    const isSlow = this.earlierTookMs / this.earlierDone > withinMs
    const wanted = isSlow ? doneInTime : Math.max(this.capacity, doneInTime)
    this.capacity = Math.max(1, Math.min(this.capacityMax, wanted))
  }
}

function mixed(old: number, value: number, weight: number): number {
  return old + (value - old) * weight
}
