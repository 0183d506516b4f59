import type { Log } from '../log.ts'
import type { Breaker } from '../resilience/breaker.ts'
import type { PartHealth } from '../service/lifecycle.ts'
import type { ViewRunner } from '../service/runner.ts'
import { type Connections, type Database, databaseLimits, openConnections } from '../store/database.ts'
import { type Checkpoint, type Store, storeLimits } from '../store/port.ts'
import { defaultSchema } from '../store/postgres-store.ts'
import type { View } from './view.ts'
import { applyEvents, hasReached, prepareView, readerOf } from './view-tables.ts'

export const viewLimits = {
  /** Commits of other instances are noticed this late at most; own ones wake the runner. */
  pollMs: 1_000,
  eventsPerTransactionMax: storeLimits.readBatchMax,
} as const

export type ViewRunnerOptions = {
  readonly store: Store
  /** The store's database and schema: rows and log must be committed together. */
  readonly database: Database
  readonly schema?: string
  readonly views: readonly View[]
  readonly log: Log
  /** That of the store. */
  readonly breaker?: Breaker
  readonly pollMs?: number
}

/** `rows` throws Fault `unavailable`; `stop` finishes the transactions under way. */
export type RunningViews = ViewRunner & {
  /** Resolves when every view contains all up to the checkpoint. */
  caughtUp(checkpoint: Checkpoint): Promise<void>
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
    for (const view of options.views) await prepareView(connections, view)
    return new ViewFollowers(options, connections)
  } catch (error) {
    await connections.close()
    throw error
  }
}

/** One view's follower: where it is, and how to make it look before the next poll. */
type Follower = {
  readonly view: View
  checkpoint: Checkpoint | null
  wake: () => void
  isAsked: boolean
  /** Why the last look came to nothing. */
  problem: string | undefined
}

class ViewFollowers implements RunningViews {
  readonly #options: ViewRunnerOptions
  readonly #connections: Connections
  readonly #followers: readonly Follower[]
  readonly #loops: readonly Promise<void>[]
  #waiters: { readonly target: Checkpoint; resolve(): void }[] = []
  #isStopping = false

  constructor(options: ViewRunnerOptions, connections: Connections) {
    this.#options = options
    this.#connections = connections
    this.#followers = options.views.map((view) => ({
      view,
      checkpoint: null,
      wake: () => {},
      isAsked: true,
      problem: undefined,
    }))
    this.#loops = this.#followers.map((follower) => this.#follow(follower))
  }

  wake(): void {
    for (const follower of this.#followers) {
      follower.isAsked = true
      follower.wake()
    }
  }

  rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return this.#connections.query<Row>({ text }, values)
  }

  caughtUp(target: Checkpoint): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ target, resolve })
      this.#tellWaiters()
      this.wake()
    })
  }

  health(): Omit<PartHealth, 'name'> {
    const failing = this.#followers.find((follower) => follower.problem !== undefined)
    if (failing === undefined) return { state: 'ready' }
    return { state: 'failing', detail: `${failing.view.name}: ${failing.problem}` }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    this.wake()
    await Promise.all(this.#loops)
    await this.#connections.close()
  }

  async #follow(follower: Follower): Promise<void> {
    const { store, log } = this.#options
    while (!this.#isStopping) {
      follower.isAsked = false
      try {
        // Another instance may have been here meanwhile: its events need not be read again.
        follower.checkpoint = await store.checkpoint(readerOf(follower.view))
        while (!this.#isStopping && (await this.#applyNext(follower))) this.#tellWaiters()
        this.#tellWaiters()
        follower.problem = undefined
      } catch (error) {
        follower.problem = error instanceof Error ? error.message : String(error)
        // An event that the view can't take holds up this view only; it is tried again at each poll.
        log.error({ err: error, view: follower.view.name }, 'view not brought up to date')
      }
      if (!follower.isAsked) await this.#nextLook(follower)
    }
  }

  /** False when there is nothing more for now. */
  async #applyNext(follower: Follower): Promise<boolean> {
    const { view, checkpoint } = follower
    const batch = await this.#options.store.read(checkpoint, viewLimits.eventsPerTransactionMax)
    if (batch.events.length === 0) return false
    const applied = await applyEvents(this.#connections, view, checkpoint, batch)
    switch (applied.kind) {
      case 'applied':
        follower.checkpoint = batch.checkpoint
        return true
      case 'elsewhere':
        follower.checkpoint = applied.checkpoint
        return true
      case 'superseded':
        return false
      default:
        return applied satisfies never
    }
  }

  #nextLook(follower: Follower): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMs ?? viewLimits.pollMs)
      follower.wake = () => {
        clearTimeout(timer)
        follower.wake = () => {}
        resolve()
      }
    })
  }

  #tellWaiters(): void {
    if (this.#waiters.length === 0) return
    const reached = (target: Checkpoint): boolean =>
      this.#followers.every((follower) => hasReached(follower.checkpoint, target))
    const done = this.#waiters.filter((waiter) => reached(waiter.target))
    this.#waiters = this.#waiters.filter((waiter) => !done.includes(waiter))
    for (const waiter of done) waiter.resolve()
  }
}
