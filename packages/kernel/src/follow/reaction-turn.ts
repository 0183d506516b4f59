import type { Clock } from '../clock.ts'
import { Fault } from '../fault.ts'
import type { Log } from '../log.ts'
import { Pause } from '../pause.ts'
import type { Reaction, ReactionContext } from '../service/definition.ts'
import { settlesWithin } from '../settles-within.ts'
import type { Checkpoint, RecordedEvent, Store } from '../store/port.ts'
import { isSamePlace } from '../view/view-tables.ts'
import type { SourceBatch } from './answer-read-events.ts'
import type { EventSource } from './event-source.ts'
import { Lag } from './lag.ts'

export const reactionLimits = {
  /** Events read at a time; what they lead to is done one after the other. */
  batchSizeMax: 100,
  /** The source is looked at this often although nothing was heard of it. */
  pollMs: 1_000,
  /** One event; whatever hangs is tried again. */
  reactMs: 30_000,
  /** A place that only passes over events is saved this often at most. */
  saveMs: 1_000,
  /** After a failure: half to all of this, twice as long each time, up to the maximum. */
  retryMs: 100,
  retryMsMax: 10_000,
  /** On stopping: for the event in work. */
  stopMs: 2_000,
  /** A source that is away is asked again after this long, or when something is heard of it. */
  awayMs: 1_000,
  /** An event that has failed so often in a row is more than a moment's trouble. */
  failuresTold: 3,
} as const
export type ReactionLimits = { readonly [Name in keyof typeof reactionLimits]: number }

export type ReactionTurnParts = {
  readonly reaction: Reaction
  readonly source: EventSource
  readonly store: Pick<Store, 'checkpoint' | 'saveCheckpoint'>
  readonly context: ReactionContext
  /** Asked before each event, and before a place is saved: whether this is certainly the only one at it. */
  readonly mayGoOn: () => boolean
  readonly clock: Clock
  readonly log: Log
  readonly limits: ReactionLimits
  /** From 0 to below 1. */
  readonly random: () => number
}

/** What it has done, and what keeps it from doing more. */
export type ReactionState = { done: number; failed: number; failures: number; trouble: Trouble | undefined }
export type Trouble = { readonly isSourceAway: boolean; readonly text: string }

/**
 * One reaction, for as long as this instance holds its lease: reads, reacts, saves where it stands. An event comes
 * again when the place was not saved after it; that is for ids to make harmless.
 */
export class ReactionTurn {
  readonly lag: Lag
  readonly #parts: ReactionTurnParts
  readonly #state: ReactionState
  readonly #reader: string
  readonly #pause = new Pause()
  readonly #finished: Promise<void>
  #isEnding = false
  #isAsked = false
  /** Undefined until it was loaded; null: the beginning of the log. */
  #position: Checkpoint | null | undefined
  #isSaved = true
  #savedAt = Number.NEGATIVE_INFINITY

  /** Counts go on from earlier turns. */
  constructor(parts: ReactionTurnParts, state: ReactionState) {
    this.#parts = parts
    this.#state = state
    this.#reader = `reaction:${parts.reaction.name}`
    this.lag = new Lag(parts.clock)
    this.#finished = this.#run()
  }

  wake(): void {
    this.#isAsked = true
    this.lag.behind()
    // A failure's wait is not cut short: what has failed is not helped by more of it.
    if (this.#state.failures === 0) this.#pause.interrupt()
  }

  /** Begins nothing more, and waits for the event in work, within bounds. */
  async stop(): Promise<void> {
    this.abandon()
    await settlesWithin(this.#finished, this.#parts.limits.stopMs)
  }

  abandon(): void {
    this.#isEnding = true
    this.#pause.interrupt()
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      this.#isAsked = false
      const waitMs = this.#parts.mayGoOn() ? await this.#step() : this.#doubt()
      if (waitMs > 0 && !this.#isEnding && !(this.#isAsked && this.#state.failures === 0)) {
        await this.#pause.of(waitMs)
      }
    }
  }

  /** The lease may be somebody else's by now, who may have gone on from here; or it is renewed in a moment. */
  #doubt(): number {
    this.#position = undefined
    return this.#parts.limits.retryMs
  }

  #mayGoOn(): boolean {
    return !this.#isEnding && this.#parts.mayGoOn()
  }

  /** Milliseconds until the next step; 0: there is more. */
  async #step(): Promise<number> {
    const { store, limits } = this.#parts
    try {
      // 1 where it stands
      if (this.#position === undefined) this.#position = await store.checkpoint(this.#reader)
      // 2 read
      const batch = await this.#read(limits.batchSizeMax)
      if (!this.#mayGoOn()) return 0
      if (this.#position !== null && batch.epoch !== this.#position.epoch) return this.#beginAnew(batch.epoch)
      // 3 react; the place moves only after that
      const waitMs = await this.#reactTo(batch)
      this.#recovered()
      if (waitMs > 0) return Math.min(waitMs, limits.pollMs)
      // 4 an empty answer says that there is nothing more
      if (batch.events.length > 0) return 0
      if (!this.#isAsked) this.lag.caughtUp()
      return limits.pollMs
    } catch (error) {
      return this.#failed(error)
    }
  }

  async #read(limit: number): Promise<SourceBatch> {
    try {
      return await this.#parts.source.read(this.#position ?? null, limit)
    } catch (error) {
      throw new SourceUnread(error)
    }
  }

  /** The source was restored: what this place stands for may be gone, or have come differently. */
  #beginAnew(epoch: string): number {
    const { log, source } = this.#parts
    log.warn(
      { source: source.service, epoch },
      'the source was restored: a reaction begins with its first event',
    )
    this.#position = null
    return 0
  }

  /** Milliseconds until the next of these events is old enough; 0: all are done. */
  async #reactTo({ events, checkpoint }: SourceBatch): Promise<number> {
    const { types } = this.#parts.reaction
    let reacted = false
    for (const [index, event] of events.entries()) {
      const dueInMs = types.includes(event.type) ? this.#dueInMs(event) : 0
      if (!this.#mayGoOn() || dueInMs > 0) {
        await this.#moveBehind(index, reacted)
        return dueInMs
      }
      if (!types.includes(event.type)) continue
      try {
        await this.#react(event)
      } catch (error) {
        await this.#moveBehind(index, reacted)
        throw error
      }
      reacted = true
      this.#state.done++
      this.#recovered()
    }
    await this.#moveTo(checkpoint, reacted)
    return 0
  }

  #dueInMs({ at }: RecordedEvent): number {
    const { reaction, clock } = this.#parts
    const { afterMs = 0 } = reaction
    // Whatever the clocks of others say, nobody waits for longer than he was told to.
    return afterMs === 0 ? 0 : Math.min(afterMs, Date.parse(at) + afterMs - clock.now())
  }

  async #react(event: RecordedEvent): Promise<void> {
    const { reaction, context, limits } = this.#parts
    const reacting = reaction.react(event, context)
    if (await settlesWithin(reacting, limits.reactMs)) return
    reacting.catch(() => {})
    throw new Fault('timed-out', `It took longer than ${limits.reactMs} ms`, { retryable: true })
  }

  /** What comes before an event of a batch need not come again. The order of events never changes. */
  async #moveBehind(events: number, isUrgent: boolean): Promise<void> {
    if (events === 0 || !this.#parts.mayGoOn()) return
    const { checkpoint } = await this.#read(events)
    await this.#moveTo(checkpoint, isUrgent)
  }

  /** `isUrgent`: something was done since the last place. A lease that was lost may be somebody else's by now. */
  async #moveTo(position: Checkpoint | null, isUrgent: boolean): Promise<void> {
    const { store, clock, limits, mayGoOn } = this.#parts
    if (position === null) return
    if (!isSamePlace(position, this.#position ?? null)) this.#isSaved = false
    this.#position = position
    const now = clock.monotonicMs()
    if (this.#isSaved || !mayGoOn()) return
    if (!isUrgent && now - this.#savedAt < limits.saveMs) return
    await store.saveCheckpoint(this.#reader, position)
    this.#savedAt = now
    this.#isSaved = true
  }

  #failed(error: unknown): number {
    const { log, limits, random, source } = this.#parts
    const isSourceAway = error instanceof SourceUnread && error.isPassing
    const cause = error instanceof SourceUnread ? error.cause : error
    const text = cause instanceof Error ? cause.message : String(cause)
    const isNew = text !== this.#state.trouble?.text
    this.#state.trouble = { isSourceAway, text }
    // Each once: what fails goes on failing, and health and metrics tell that it does.
    if (isNew && isSourceAway) log.warn({ problem: text, source: source.service }, 'a source can’t be read')
    // What its own service lacks for now is there a moment later; whether it is, health tells.
    else if (isNew && cause instanceof Fault && cause.retryable)
      log.info({ problem: text }, 'a reaction waits')
    else if (isNew) log.error({ problem: text, stack: stackOf(cause) }, 'a reaction is held up')
    this.lag.behind()
    // When it is back, it is asked as soon as it is heard.
    if (isSourceAway) return limits.awayMs
    const longestMs = Math.min(limits.retryMs * 2 ** this.#state.failures, limits.retryMsMax)
    this.#state.failed++
    this.#state.failures++
    return Math.max(1, longestMs * (0.5 + random() / 2))
  }

  #recovered(): void {
    const { trouble, failures } = this.#state
    if (trouble === undefined) return
    this.#parts.log.info({ failures }, 'a reaction goes on')
    this.#state.failures = 0
    this.#state.trouble = undefined
  }
}

/** Reading failed, so no event is to blame. */
class SourceUnread extends Error {
  readonly isPassing: boolean

  constructor(cause: unknown) {
    super('a source was not read', { cause })
    this.isPassing = cause instanceof Fault && cause.retryable
  }
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined
}
