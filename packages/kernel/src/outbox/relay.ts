import type { Bus, Subscription } from '../bus/port.ts'
import { type Clock, systemClock } from '../clock.ts'
import { type Log, silentLog } from '../log.ts'
import type { EventMessage } from '../message.ts'
import { Pause } from '../pause.ts'
import type { PartHealth } from '../service/lifecycle.ts'
import { settlesWithin } from '../settles-within.ts'
import { type Checkpoint, type RecordedEvent, type Store, storeLimits } from '../store/port.ts'

export const relayLimits = {
  /** Events read and published at a time. */
  batchSizeMax: storeLimits.readBatchMax,
  /** The log is looked at this often although nobody woke the relay: another instance may have committed. */
  pollMs: 1_000,
  /**
   * After having been woken it looks again this soon, then after four times as long, and so on up to `pollMs`: a
   * commit can't be read while an older transaction is open, and nothing tells when that one ends.
   */
  recheckMs: 10,
  /**
   * Two looks are at least so far apart: under load one look then takes many commits along, and every screen gets
   * their events in one write. The first commit after a quiet moment is looked at once.
   */
  paceMs: 8,
  /** The checkpoint is saved this often at most: what is published twice counts once, by its version. */
  checkpointMs: 250,
  /** After a failure: a random time up to this, twice as long each time, up to the maximum. */
  retryMs: 100,
  retryMsMax: 5_000,
  /** On stopping: for the last batch and the checkpoint. */
  stopMs: 1_000,
} as const

export type RelayOptions = {
  readonly store: Pick<Store, 'epoch' | 'read' | 'checkpoint' | 'saveCheckpoint'>
  readonly bus: Pick<Bus, 'publishEvents' | 'onState'>
  readonly service: string
  readonly clock?: Clock
  readonly log?: Log
  readonly limits?: { readonly [Name in keyof typeof relayLimits]?: number }
  /** From 0 to below 1; spreads the retries of many instances. */
  readonly random?: () => number
  /** Asked before each batch; once it says no, this relay never publishes again. */
  readonly mayPublish?: () => boolean
}

export type Relay = {
  /** There was a commit. Cheap: call it after every one. */
  wake(): void
  /** Publishes what is committed by now, if that works at once, and saves the checkpoint. */
  stop(): Promise<void>
  health(): Omit<PartHealth, 'name'>
  /** Milliseconds for which something has been waiting to be published; 0 when nothing does. */
  readonly lagMs: number
  /** Events published since the start. */
  readonly published: number
}

/** The checkpoint's name in the store. */
const readerName = 'relay'

/** Publishes what is committed, in commit order, none skipped, at least once. */
export function createRelay(options: RelayOptions): OutboxRelay {
  return new OutboxRelay(options)
}

export class OutboxRelay implements Relay {
  private readonly options: RelayOptions
  private readonly clock: Clock
  private readonly log: Log
  private readonly limits: { readonly [Name in keyof typeof relayLimits]: number }
  private readonly pause = new Pause()
  /** Between two looks that follow each other closely; only stopping ends it early. */
  private readonly pacing = new Pause()
  private readonly finished: Promise<void>
  private readonly busState: Subscription
  private wakes = 0
  private stopping = false
  /** Its time to stop is over, or it is somebody else's turn. */
  private abandoned = false

  /** Undefined until it was loaded; null: the beginning of the log. */
  private position: Checkpoint | null | undefined
  private isSaved = true
  private savedAt = Number.NEGATIVE_INFINITY
  private failures = 0
  private failure = ''
  private recheckMs: number
  /** On the monotonic clock: since when there may be something that is not published. */
  private behindSince: number | null
  published = 0

  constructor(options: RelayOptions) {
    this.options = options
    this.clock = options.clock ?? systemClock
    this.log = options.log ?? silentLog
    this.limits = { ...relayLimits, ...options.limits }
    this.recheckMs = this.limits.recheckMs
    this.behindSince = this.clock.monotonicMs()
    // A bus that has come back ends the wait after a failure.
    this.busState = options.bus.onState((state) => {
      if (state === 'up') this.pause.interrupt()
    })
    this.finished = this.run()
  }

  get lagMs(): number {
    return this.behindSince === null ? 0 : this.clock.monotonicMs() - this.behindSince
  }

  wake(): void {
    this.behindSince ??= this.clock.monotonicMs()
    this.recheckMs = this.limits.recheckMs
    this.wakes++
    // A failure's wait is not cut short: what has failed is not helped by more of it.
    if (this.failures === 0) this.pause.interrupt()
  }

  async stop(): Promise<void> {
    this.stopping = true
    this.busState.close()
    this.pause.interrupt()
    this.pacing.interrupt()
    if (!(await settlesWithin(this.finished, this.limits.stopMs))) {
      this.abandon()
      this.log.warn({ lagMs: this.lagMs }, 'the relay stopped before it was done')
    }
  }

  /** Nothing is read, published or saved from now on, besides what is under way. */
  abandon(): void {
    this.abandoned = true
    this.busState.close()
    this.pause.interrupt()
    this.pacing.interrupt()
  }

  health(): Omit<PartHealth, 'name'> {
    if (this.failures > 0) return { state: 'failing', detail: this.failure }
    return { state: this.position === undefined ? 'starting' : 'ready' }
  }

  /** One batch after the other, until it is stopped; then once more, for what was committed last. */
  private async run(): Promise<void> {
    while (!this.abandoned) {
      const isLast = this.stopping
      const wakes = this.wakes
      const lookedAt = this.clock.monotonicMs()
      const waitMs = await this.step(isLast)
      if (waitMs === 0) continue
      if (isLast) return
      const isWoken = this.failures === 0 && this.wakes !== wakes
      if (this.abandoned) return
      if (!isWoken && !this.stopping) await this.pause.of(waitMs)
      const restMs = lookedAt + this.limits.paceMs - this.clock.monotonicMs()
      if (restMs > 0 && !this.stopping) await this.pacing.of(restMs)
    }
  }

  /** Reads, publishes and saves. Milliseconds to wait until the next step; 0: there is more. */
  private async step(isLast: boolean): Promise<number> {
    const { wakes } = this
    const { batchSizeMax } = this.limits
    try {
      // 1 where it stands
      if (this.position === undefined) this.position = await this.loadPosition()
      // 2 read
      const { events, checkpoint, isFull } = await this.options.store.read(this.position, batchSizeMax)
      if (this.mustEnd()) return 1
      // 3 publish; the position moves only after that, so that a failure repeats the batch
      if (events.length > 0) await this.publish(events)
      this.position = checkpoint
      // 4 save, not too often
      if (this.mustEnd()) return 1
      await this.saveWhenDue(isLast)
      this.recovered()
      // 5 a full batch says that there is more behind it
      if (isFull) return 0
      if (this.wakes === wakes) this.behindSince = null
      return this.idleMs(events.length > 0)
    } catch (error) {
      return this.failed(error)
    }
  }

  private mustEnd(): boolean {
    if (this.options.mayPublish?.() === false) this.abandon()
    return this.abandoned
  }

  /**
   * A checkpoint of another epoch says nothing about this log: the store was restored since, and what came after the
   * backup may be gone or come differently. So it begins anew with the first event. That costs time once, and the
   * epoch and version in each event make it harmless, whereas what is skipped here would never reach anybody.
   */
  private async loadPosition(): Promise<Checkpoint | null> {
    const { store, service } = this.options
    const checkpoint = await store.checkpoint(readerName)
    if (checkpoint === null || checkpoint.epoch === store.epoch) return checkpoint
    this.log.warn({ service, epoch: store.epoch }, 'the store was restored: all events are published again')
    return null
  }

  private async publish(events: readonly RecordedEvent[]): Promise<void> {
    const { bus, service, store } = this.options
    const messages = events.map(
      ({ stream, version, type, data, at }): EventMessage => ({
        service,
        stream,
        version,
        type,
        data,
        at,
        epoch: store.epoch,
      }),
    )
    await bus.publishEvents(messages)
    this.published += events.length
    this.isSaved = false
  }

  private async saveWhenDue(isLast: boolean): Promise<void> {
    const { position } = this
    if (this.isSaved || position === null || position === undefined) return
    const now = this.clock.monotonicMs()
    if (!isLast && now - this.savedAt < this.limits.checkpointMs) return
    this.savedAt = now
    await this.options.store.saveCheckpoint(readerName, position)
    this.isSaved = true
  }

  private idleMs(foundSome: boolean): number {
    // Found some: what held these back may hold back more.
    if (foundSome) this.recheckMs = this.limits.recheckMs
    const waitMs = Math.min(this.recheckMs, this.limits.pollMs)
    this.recheckMs = Math.min(this.recheckMs * 4, this.limits.pollMs)
    return waitMs
  }

  private failed(error: unknown): number {
    if (this.failures === 0)
      this.log.warn({ err: error, service: this.options.service }, 'the relay is held up')
    this.behindSince ??= this.clock.monotonicMs()
    this.failure = error instanceof Error ? error.message : String(error)
    const longestMs = Math.min(this.limits.retryMs * 2 ** this.failures, this.limits.retryMsMax)
    this.failures++
    return Math.max(1, (this.options.random ?? Math.random)() * longestMs)
  }

  private recovered(): void {
    if (this.failures === 0) return
    this.log.info({ service: this.options.service, failures: this.failures }, 'the relay goes on')
    this.failures = 0
  }
}
