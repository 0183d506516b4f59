import type { Bus, Lane, Queue } from '../bus/port.ts'
import type { Requester } from '../bus/requester-port.ts'
import type { FollowerFigures } from '../follow/lag.ts'
import type { ReactionFigures } from '../follow/reactions.ts'
import type { Puller } from '../pull/puller.ts'
import type { Breaker } from '../resilience/breaker.ts'
import type { Store } from '../store/port.ts'
import { Buckets, sizeBounds } from './buckets.ts'
import type { Metrics } from './metrics.ts'

/** More dead letters than this are not counted: whoever collects should not read them all. */
const deadLettersCountedMax = 100

export function watchRequester(metrics: Metrics, requester: Pick<Requester, 'outcomes' | 'queues'>): void {
  metrics.watch('matchday_requests_total', (tell) => {
    for (const [operation, counts] of requester.outcomes) {
      for (const [outcome, count] of counts) tell({ operation, outcome }, count)
    }
  })
  metrics.watch('matchday_request_seconds', (tell) => {
    for (const { service, lane, answerSeconds } of requester.queues()) tell({ service, lane }, answerSeconds)
  })
  metrics.watch('matchday_requests_pending', (tell) => {
    for (const { service, lane, pending } of requester.queues()) tell({ service, lane }, pending)
  })
  metrics.watch('matchday_requests_pending_allowed', (tell) => {
    for (const { service, lane, allowed } of requester.queues()) tell({ service, lane }, allowed)
  })
  metrics.watch('matchday_requests_resent_total', (tell) => {
    for (const { service, lane, resent } of requester.queues()) tell({ service, lane }, resent)
  })
}

type Relay = { readonly lagMs: number; readonly published: number; readonly isLeading: boolean }
type Pulling = Pick<Puller, 'queue' | 'figures' | 'inFlight' | 'stuck'>

/** Everything of a service but its database. */
export function watchService(
  metrics: Metrics,
  name: string,
  service: {
    readonly relay: Relay
    readonly pullers: Readonly<Record<Lane, Pulling>>
    readonly reactions: { readonly figures: readonly ReactionFigures[] }
  },
  bus: Pick<Bus, 'state' | 'deadLetters'>,
): void {
  watchRelay(metrics, name, service.relay)
  watchReactions(metrics, name, service.reactions)
  for (const puller of Object.values(service.pullers)) {
    watchPuller(metrics, puller)
    watchDeadLetters(metrics, puller.queue, bus)
  }
}

export function watchPuller(metrics: Metrics, puller: Pulling): void {
  const { figures, queue } = puller
  metrics.watch('matchday_pull_items_in_flight', (tell) => tell(queue, puller.inFlight))
  metrics.watch('matchday_pull_envelopes_stuck', (tell) => tell(queue, puller.stuck))
  metrics.watch('matchday_deliveries_total', (tell) => tell(queue, figures.deliveries))
  metrics.watch('matchday_redeliveries_total', (tell) => tell(queue, figures.redeliveries))
  metrics.watch('matchday_envelopes_split_total', (tell) => tell(queue, figures.split))
  metrics.watch('matchday_envelopes_malformed_total', (tell) => tell(queue, figures.malformed))
}

/** Asks the bus whenever the metrics are collected. */
export function watchDeadLetters(
  metrics: Metrics,
  queue: Queue,
  bus: Pick<Bus, 'state' | 'deadLetters'>,
): void {
  metrics.watch('matchday_dead_letters', async (tell) => {
    if (bus.state === 'up') tell(queue, (await bus.deadLetters(queue, deadLettersCountedMax)).length)
  })
}

export function watchRelay(metrics: Metrics, service: string, relay: Relay): void {
  metrics.watch('matchday_relay_lag_seconds', (tell) => tell({ service }, relay.lagMs / 1_000))
  metrics.watch('matchday_relay_published_total', (tell) => tell({ service }, relay.published))
  metrics.watch('matchday_relay_lease_held', (tell) => tell({ service }, relay.isLeading ? 1 : 0))
}

/** Whatever follows a log: views, and reactions. */
export function watchFollowers(
  metrics: Metrics,
  service: string,
  followers: { readonly figures: readonly FollowerFigures[] },
): void {
  metrics.watch('matchday_follower_lag_seconds', (tell) => {
    for (const { follower, lagMs } of followers.figures) tell({ service, follower }, lagMs / 1_000)
  })
}

export function watchReactions(
  metrics: Metrics,
  service: string,
  reactions: { readonly figures: readonly ReactionFigures[] },
): void {
  watchFollowers(metrics, service, reactions)
  metrics.watch('matchday_reaction_events_total', (tell) => {
    for (const { reaction, done } of reactions.figures) tell({ service, reaction }, done)
  })
  metrics.watch('matchday_reaction_failures_total', (tell) => {
    for (const { reaction, failed } of reactions.figures) tell({ service, reaction }, failed)
  })
}

const breakerStates = { closed: 0, 'half-open': 1, open: 2 } as const

export function watchBreaker(metrics: Metrics, breaker: Pick<Breaker, 'name' | 'state' | 'opened'>): void {
  const labels = { breaker: breaker.name }
  metrics.watch('matchday_breaker_state', (tell) => tell(labels, breakerStates[breaker.state]))
  metrics.watch('matchday_breaker_opened_total', (tell) => tell(labels, breaker.opened))
}

export function watchBus(metrics: Metrics, bus: Pick<Bus, 'name' | 'state'>): void {
  metrics.watch('matchday_bus_up', (tell) => tell({ bus: bus.name }, bus.state === 'up' ? 1 : 0))
}

/** The same store, whose commits are counted. Give this one to whoever appends. */
export function watchCommits(metrics: Metrics, service: string, store: Store): Store {
  const sizes = new Buckets(sizeBounds)
  let failures = 0
  metrics.watch('matchday_commit_streams', (tell) => tell({ service }, sizes))
  metrics.watch('matchday_commit_failures_total', (tell) => tell({ service }, failures))
  return {
    ...store,
    append: async (appends) => {
      try {
        const outcomes = await store.append(appends)
        sizes.observe(appends.length)
        return outcomes
      } catch (error) {
        failures++
        throw error
      }
    },
  }
}
