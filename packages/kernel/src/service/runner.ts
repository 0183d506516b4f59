import type { Bus, Lane } from '../bus/port.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Executor } from '../decide/executor-port.ts'
import { answeringReadEvents } from '../follow/answer-read-events.ts'
import type { RunningReactions } from '../follow/reactions.ts'
import type { Log } from '../log.ts'
import { leadershipLimits } from '../outbox/leadership.ts'
import { createLeasedRelay, type LeasedRelay } from '../outbox/leased-relay.ts'
import { relayLimits } from '../outbox/relay.ts'
import { createPuller, type Puller, pullerLimits } from '../pull/puller.ts'
import type { RowExecutor } from '../rows/row-executor.ts'
import type { Tables } from '../rows/tables.ts'
import { settlesWithin } from '../settles-within.ts'
import type { Store } from '../store/port.ts'
import type { Ask } from './ask.ts'
import type { ServiceDefinition } from './definition.ts'
import { createDispatch, type Handlers, handlersOf } from './dispatch.ts'
import { startHousekeeping } from './housekeeping.ts'
import { type RunningJobs, startJobs } from './jobs.ts'
import { createLifecycle, type Lifecycle, type PartHealth } from './lifecycle.ts'
import { createReadContext, type RowReader } from './read-context.ts'
import { sourcesOf, startItsReactions } from './service-reactions.ts'

export const runnerLimits = {
  /** Items in work per lane: up to four full envelopes. More is no faster, and hoards work that others could do. */
  capacityItems: 64,
  /** For the commits in flight, on stopping: as long as a statement may take. */
  drainMs: 2_000,
  viewsStopMs: 1_000,
  /** For what it has begun by itself: an event in work, and giving the leases back. */
  standBackMs: 3_500,
  housekeepingStopMs: 1_000,
  /** For the run in work; what it has not done by then is for the next one. */
  jobsStopMs: 2_000,
} as const

/** Keeps the views up to date and reads them. */
export type ViewRunner = RowReader & {
  /** There was a commit. */
  wake(): void
  /** Brings nothing up to date any more; rows can still be read. */
  standBack(): Promise<void>
  stop(): Promise<void>
  health(): Omit<PartHealth, 'name'>
}

export type ServiceOptions = {
  readonly definition: ServiceDefinition
  readonly bus: Bus
  readonly store: Store
  /** Makes the executor, which must call `onCommitted` after each commit: what follows from it begins at once. */
  readonly makeExecutor: (onCommitted: () => void) => Executor
  readonly viewRunner?: ViewRunner
  /** Of the service's own: for jobs, and for what queries read. */
  readonly tables?: Tables
  /** Makes what runs commands on rows; calls `onCommitted` as the executor does. */
  readonly makeRowExecutor?: (onCommitted: () => void, executor: Executor) => RowExecutor
  /** Needed by reactions to other services' events. */
  readonly ask?: Ask
  readonly log: Log
  readonly clock?: Clock
  readonly capacityItems?: number
}

export type RunningService = AsyncDisposable & {
  /**
   * Begins nothing by itself any more: reactions, jobs, views. Requests are answered as before. For a process that
   * stops several services: what one begins needs the others. Bounded; never throws.
   */
  standBack(): Promise<void>
  /** Stops pulling, finishes and answers what is in work, publishes what is committed. Bounded; never throws. */
  stop(): Promise<void>
  /** By part; names begin with the service's. */
  health(): readonly PartHealth[]
  /** Runs commands and reads states; for reactions within the process. */
  readonly executor: Executor
  /** For whoever watches them. */
  readonly relay: Pick<LeasedRelay, 'isLeading' | 'lagMs' | 'published'>
  readonly pullers: Readonly<Record<Lane, Puller>>
  readonly reactions: Pick<RunningReactions, 'figures'>
}

/**
 * Runs a service: pulls from all lanes, decides or reads, publishes what was committed. The store and the bus stay
 * the caller's to close.
 */
export function runService(options: ServiceOptions): RunningService {
  const { definition, bus, store, viewRunner, tables, ask, log, clock = systemClock } = options
  const { name } = definition
  const handlers = handlersOf(definition)
  requireParts(options, handlers)
  const sources = sourcesOf(options)
  const lifecycle = createLifecycle(log)

  // Added in the order of starting, stopped the other way round: first the intake, then what finishes its work.
  if (viewRunner !== undefined) {
    const stopViews = () => viewRunner.stop()
    lifecycle.add(`${name} views`, stopViews, runnerLimits.viewsStopMs, () => viewRunner.health())
  }
  const housekeeping = startHousekeeping({ store, log: log.child({ part: 'housekeeping' }) })
  lifecycle.add(`${name} housekeeping`, () => housekeeping.stop(), runnerLimits.housekeepingStopMs)
  const relay = createLeasedRelay({ store, bus, service: name, clock, log: log.child({ part: 'relay' }) })
  lifecycle.add(
    `${name} relay`,
    () => relay.stop(),
    relayLimits.stopMs + 2 * leadershipLimits.releaseMs,
    () => relay.health(),
  )

  let jobs: RunningJobs | undefined
  const onCommitted = () => {
    relay.wake()
    viewRunner?.wake()
    jobs?.wake()
  }
  const executor = options.makeExecutor(onCommitted)
  lifecycle.add(`${name} executor`, () => executor.drain(), runnerLimits.drainMs)
  const rowExecutor = options.makeRowExecutor?.(onCommitted, executor)
  if (rowExecutor !== undefined)
    lifecycle.add(`${name} rows`, () => rowExecutor.drain(), runnerLimits.drainMs)
  jobs = startItsJobs(options, clock, lifecycle)

  const context = createReadContext({ executor, store, bus, rows: tables ?? viewRunner, ask })
  const dispatch = createDispatch({ handlers, executor, rowExecutor, context, epoch: store.epoch })
  const handle = answeringReadEvents(store, dispatch)
  const reactions = startItsReactions(options, lifecycle, { handle, context, clock, sources })
  const pullLane = (lane: Lane) =>
    createPuller({
      bus,
      queue: { service: name, lane },
      capacityItems: options.capacityItems ?? runnerLimits.capacityItems,
      handle,
      clock,
      log: log.child({ part: 'pull', lane }),
    })
  const pullers = {
    commands: pullLane('commands'),
    private: pullLane('private'),
    queries: pullLane('queries'),
  }
  // A little more than the pullers give themselves, so that they hand back what they could not finish.
  const intake = Object.values(pullers)
  const stopIntake = async () => void (await Promise.all(intake.map((puller) => puller.stop())))
  lifecycle.add(`${name} intake`, stopIntake, 2 * pullerLimits.stopMs, () => intakeHealth(bus, intake))

  const ownInitiative = [() => reactions.stop(), () => jobs?.stop(), () => viewRunner?.standBack()]
  return {
    standBack: async () => {
      const standing = Promise.allSettled(ownInitiative.map(async (stop) => stop()))
      if (!(await settlesWithin(standing, runnerLimits.standBackMs)))
        log.warn({ timeoutMs: runnerLimits.standBackMs }, 'a service took too long to stand back')
    },
    stop: lifecycle.stopAll,
    health: lifecycle.health,
    executor,
    relay,
    pullers,
    reactions,
    [Symbol.asyncDispose]: lifecycle.stopAll,
  }
}

/** What is missing must be told before anything has been started. */
function requireParts({ definition, tables, makeRowExecutor }: ServiceOptions, handlers: Handlers): void {
  const { name, jobs = [] } = definition
  const entries = [...handlers.web.values(), ...handlers.internal.values()]
  if (jobs.length > 0 && tables === undefined) throw new Error(`${name} has jobs, and no tables of its own`)
  if (makeRowExecutor === undefined && entries.some(({ kind }) => kind === 'row-command'))
    throw new Error(`${name} has commands on rows, and nothing that runs them`)
}

function startItsJobs(options: ServiceOptions, clock: Clock, lifecycle: Lifecycle): RunningJobs | undefined {
  const { definition, tables, store, log } = options
  const { name, jobs = [] } = definition
  if (jobs.length === 0 || tables === undefined) return undefined
  const { leases } = store
  const running = startJobs({ jobs, leases, tables, clock, log: log.child({ part: 'jobs' }) })
  lifecycle.add(
    `${name} jobs`,
    () => running.stop(),
    runnerLimits.jobsStopMs,
    () => running.health(),
  )
  return running
}

function intakeHealth(bus: Bus, pullers: readonly Puller[]): Omit<PartHealth, 'name'> {
  const stuck = pullers.reduce((sum, puller) => sum + puller.stuck, 0)
  if (bus.state === 'down') return { state: 'failing', detail: 'the bus is down' }
  return stuck === 0 ? { state: 'ready' } : { state: 'failing', detail: `${stuck} envelopes hang in work` }
}
