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
import type { Store } from '../store/port.ts'
import type { Ask } from './ask.ts'
import type { ServiceDefinition } from './definition.ts'
import { createDispatch, handlersByOperation } from './dispatch.ts'
import { startHousekeeping } from './housekeeping.ts'
import { createLifecycle, type PartHealth } from './lifecycle.ts'
import { createReadContext, type ViewReader } from './read-context.ts'
import { sourcesOf, startItsReactions } from './service-reactions.ts'

export const runnerLimits = {
  /** Items in work per lane: up to four full envelopes. More is no faster, and hoards work that others could do. */
  capacityItems: 64,
  /** For the commits in flight, on stopping: as long as a statement may take. */
  drainMs: 2_000,
  viewsStopMs: 1_000,
  housekeepingStopMs: 1_000,
} as const

/** Keeps the views up to date and reads them. */
export type ViewRunner = ViewReader & {
  /** There was a commit. */
  wake(): void
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
  /** Needed by reactions to other services' events. */
  readonly ask?: Ask
  readonly log: Log
  readonly clock?: Clock
  readonly capacityItems?: number
}

export type RunningService = AsyncDisposable & {
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
  const { definition, bus, store, viewRunner, log, clock = systemClock } = options
  const { name } = definition
  const handlers = handlersByOperation(definition)
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

  const executor = options.makeExecutor(() => {
    relay.wake()
    viewRunner?.wake()
  })
  lifecycle.add(`${name} executor`, () => executor.drain(), runnerLimits.drainMs)

  const context = createReadContext({ executor, store, bus, views: viewRunner })
  const handle = answeringReadEvents(store, createDispatch(handlers, executor, context, store.epoch))
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

  return {
    stop: lifecycle.stopAll,
    health: lifecycle.health,
    executor,
    relay,
    pullers,
    reactions,
    [Symbol.asyncDispose]: lifecycle.stopAll,
  }
}

function intakeHealth(bus: Bus, pullers: readonly Puller[]): Omit<PartHealth, 'name'> {
  const stuck = pullers.reduce((sum, puller) => sum + puller.stuck, 0)
  if (bus.state === 'down') return { state: 'failing', detail: 'the bus is down' }
  return stuck === 0 ? { state: 'ready' } : { state: 'failing', detail: `${stuck} envelopes hang in work` }
}
