import type { Subscription } from '../bus/port.ts'
import { type Clock, systemClock } from '../clock.ts'
import { Fault } from '../fault.ts'
import type { SourceBatch } from '../follow/answer-read-events.ts'
import type { EventSource, EventSources } from '../follow/event-source.ts'
import { type FollowerFigures, Lag } from '../follow/lag.ts'
import type { Log } from '../log.ts'
import { Pause } from '../pause.ts'
import type { Breaker } from '../resilience/breaker.ts'
import type { PartHealth } from '../service/lifecycle.ts'
import type { ViewRunner } from '../service/runner.ts'
import { type Connections, type Database, databaseLimits, openConnections } from '../store/database.ts'
import { type Checkpoint, type Store, storeLimits } from '../store/port.ts'
import { defaultSchema } from '../store/postgres-store.ts'
import type { View } from './view.ts'
import {
  applyEvents,
  hasReached,
  isSamePlace,
  type PlacedView,
  placed,
  prepareView,
  rebuildView,
} from './view-tables.ts'

export const viewLimits = {
  /** Commits of other instances, and events that the bus lost, are noticed this late at most. */
  pollMs: 1_000,
  /** After a look that came to nothing. */
  retryMs: 1_000,
  /**
   * Two looks are at least so far apart, unless somebody waits for what is new: under load one transaction then takes
   * many commits along. The first commit after a quiet moment is looked at once.
   */
  paceMs: 50,
  eventsPerTransactionMax: storeLimits.readBatchMax,
} as const

export type ViewRunnerOptions = {
  readonly store: Store
  /** The store's database and schema: rows and log must be committed together. */
  readonly database: Database
  readonly schema?: string
  readonly views: readonly View[]
  /** Needed by views of other services' events. */
  readonly sources?: EventSources
  readonly log: Log
  readonly clock?: Clock
  /** That of the store. */
  readonly breaker?: Breaker
  readonly pollMs?: number
}

/** `rows` throws Fault `unavailable`; `stop` finishes the transactions under way. */
export type RunningViews = ViewRunner & {
  /** Resolves when every view of the service's own events contains all up to the checkpoint. */
  caughtUp(checkpoint: Checkpoint): Promise<void>
  readonly figures: readonly FollowerFigures[]
}

/** Creates the tables of views that have none (or older ones), and keeps them up to date until stopped. */
export async function createViewRunner(options: ViewRunnerOptions): Promise<RunningViews> {
  const connections = openConnections(options.database, {
    schema: options.schema ?? defaultSchema,
    connectionsMax: databaseLimits.viewConnectionsMax,
    log: options.log,
    breaker: options.breaker,
  })
  try {
    const { views, log, clock = systemClock } = options
    const followers = views.map((view): Follower => {
      const source = sourceOf(view, options)
      return {
        ...{ view: placed(view, source === null), source, log: log.child({ view: view.name }) },
        ...{ lag: new Lag(clock), checkpoint: null, isAsked: true },
        ...{ waiting: new Pause(), pacing: new Pause() },
        ...{ problem: undefined, isSourceAway: false },
      }
    })
    for (const { view } of followers) await prepareView(connections, view)
    return new ViewFollowers(options, connections, followers)
  } catch (error) {
    await connections.close()
    throw error
  }
}

/** Null: the service's own log. */
function sourceOf({ source, name }: View, { sources }: ViewRunnerOptions): EventSource | null {
  if (source === undefined) return null
  if (sources === undefined) throw new Error(`The view ${name} follows ${source}, and can't read its events`)
  const found = sources(source)
  return found.isOwn ? null : found
}

/** One view's follower: where it is, and what it waits for. */
type Follower = {
  readonly view: PlacedView
  readonly source: EventSource | null
  readonly log: Log
  readonly lag: Lag
  checkpoint: Checkpoint | null
  isAsked: boolean
  /** Until the next poll, or until there is something new. */
  readonly waiting: Pause
  /** Although there may be something new. */
  readonly pacing: Pause
  /** Why the last look came to nothing. */
  problem: string | undefined
  isSourceAway: boolean
}

class ViewFollowers implements RunningViews {
  readonly #options: ViewRunnerOptions
  readonly #connections: Connections
  readonly #followers: readonly Follower[]
  readonly #loops: readonly Promise<void>[]
  readonly #subscriptions: readonly Subscription[]
  #waiters: { readonly target: Checkpoint; resolve(): void }[] = []
  #isStopping = false

  constructor(options: ViewRunnerOptions, connections: Connections, followers: readonly Follower[]) {
    this.#options = options
    this.#connections = connections
    this.#followers = followers
    this.#loops = followers.map((follower) => this.#follow(follower))
    this.#subscriptions = followers.flatMap(
      (follower) => follower.source?.onEvents(() => ask(follower)) ?? [],
    )
  }

  get figures(): readonly FollowerFigures[] {
    return this.#followers.map(({ view, lag }) => ({ follower: `view:${view.name}`, lagMs: lag.ms }))
  }

  wake(): void {
    for (const follower of this.#followers) if (follower.source === null) ask(follower)
  }

  rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return this.#connections.query<Row>({ text }, values)
  }

  caughtUp(target: Checkpoint): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ target, resolve })
      this.#tellWaiters()
      this.wake()
      for (const { pacing } of this.#followers) pacing.interrupt()
    })
  }

  health(): Omit<PartHealth, 'name'> {
    const troubled = this.#followers.filter(({ problem }) => problem !== undefined)
    const told = troubled.find(({ isSourceAway }) => !isSourceAway) ?? troubled[0]
    if (told === undefined) return { state: 'ready' }
    // What was read already can be asked for: a service must not go down with those that it follows.
    const state = told.isSourceAway ? 'ready' : 'failing'
    return { state, detail: `${told.view.name}: ${told.problem}` }
  }

  async standBack(): Promise<void> {
    this.#isStopping = true
    for (const subscription of this.#subscriptions) subscription.close()
    for (const { waiting, pacing } of this.#followers) {
      waiting.interrupt()
      pacing.interrupt()
    }
    await Promise.all(this.#loops)
  }

  async stop(): Promise<void> {
    await this.standBack()
    await this.#connections.close()
  }

  async #follow(follower: Follower): Promise<void> {
    const { store } = this.#options
    while (!this.#isStopping) {
      follower.isAsked = false
      try {
        // Another instance may have been here meanwhile: its events need not be read again.
        follower.checkpoint = await store.checkpoint(follower.view.reader)
        await this.#catchUp(follower)
        follower.problem = undefined
        if (!follower.isAsked) follower.lag.caughtUp()
      } catch (error) {
        noteFailure(follower, error)
      }
      if (!follower.isAsked && !this.#isStopping) await follower.waiting.of(this.#waitMs(follower))
    }
  }

  async #catchUp(follower: Follower): Promise<void> {
    const { clock = systemClock } = this.#options
    for (;;) {
      const lookedAt = clock.monotonicMs()
      const found = await this.#applyNext(follower)
      this.#tellWaiters()
      if (found === 'nothing' || this.#isStopping) return
      const restMs = lookedAt + viewLimits.paceMs - clock.monotonicMs()
      if (found === 'some' && restMs > 0 && this.#waiters.length === 0) await follower.pacing.of(restMs)
    }
  }

  /** `more`: there was more than was read; `some`: there is, if something was committed meanwhile. */
  async #applyNext(follower: Follower): Promise<'nothing' | 'some' | 'more'> {
    const { view, checkpoint } = follower
    const batch = await this.#read(follower)
    if (checkpoint !== null && batch.epoch !== checkpoint.epoch) {
      follower.log.warn({ source: follower.source?.service }, 'the source was restored: a view begins anew')
      await rebuildView(this.#connections, view, checkpoint)
      follower.checkpoint = await this.#options.store.checkpoint(view.reader)
      return 'more'
    }
    const { events, checkpoint: next, isFull } = batch
    if (next === null || isSamePlace(next, checkpoint)) return 'nothing'
    const applied = await applyEvents(this.#connections, view, checkpoint, { events, checkpoint: next })
    switch (applied.kind) {
      case 'applied':
        follower.checkpoint = next
        return isFull ? 'more' : 'some'
      case 'elsewhere':
        follower.checkpoint = applied.checkpoint
        return 'more'
      case 'superseded':
        return 'nothing'
      default:
        return applied satisfies never
    }
  }

  async #read(follower: Follower): Promise<SourceBatch> {
    const { checkpoint, source, view } = follower
    const { store } = this.#options
    const limit = viewLimits.eventsPerTransactionMax
    // A place of another epoch in one's own log is refused: checkpoint and epoch are of one database.
    if (source === null) return { ...(await store.read(checkpoint, limit, view.types)), epoch: store.epoch }
    try {
      const batch = await source.read(checkpoint, limit, view.types)
      // Not sooner: while it is asked once more, what was found out before still holds.
      follower.isSourceAway = false
      return batch
    } catch (error) {
      follower.isSourceAway = error instanceof Fault && error.retryable
      throw error
    }
  }

  #waitMs({ problem }: Follower): number {
    const { pollMs = viewLimits.pollMs } = this.#options
    return problem === undefined ? pollMs : Math.min(pollMs, viewLimits.retryMs)
  }

  #tellWaiters(): void {
    if (this.#waiters.length === 0) return
    const reached = (target: Checkpoint): boolean =>
      this.#followers.every(({ source, checkpoint }) => source !== null || hasReached(checkpoint, target))
    const done = this.#waiters.filter((waiter) => reached(waiter.target))
    this.#waiters = this.#waiters.filter((waiter) => !done.includes(waiter))
    for (const waiter of done) waiter.resolve()
  }
}

function ask(follower: Follower): void {
  follower.isAsked = true
  follower.lag.behind()
  follower.waiting.interrupt()
}

/** An event that the view can't take holds up this view only; it is tried again at each poll. */
function noteFailure(follower: Follower, error: unknown): void {
  const problem = error instanceof Error ? error.message : String(error)
  const isNew = problem !== follower.problem
  follower.problem = problem
  follower.lag.behind()
  // A source that is away is told once: it is not for whoever follows to mend.
  if (!follower.isSourceAway) follower.log.error({ err: error }, 'view not brought up to date')
  else if (isNew) follower.log.warn({ problem }, 'the source of a view can’t be read')
}
