export type MetricDefinition = {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
}

const queue = ['service', 'lane'] as const

/** Every metric of our own, by name. docs/metrics.md lists them; a test keeps both equal. */
export const metricDefinitions = {
  matchday_requests_total: {
    type: 'counter',
    help: 'Requests of the gateway or of services that were answered, by outcome: ok, rejected, or the code of a fault.',
    labels: ['operation', 'outcome'],
  },
  matchday_request_seconds: {
    type: 'histogram',
    help: 'From asking a service to its answer, as the gateway sees it, sending again included.',
    labels: queue,
  },
  matchday_requests_pending: {
    type: 'gauge',
    help: 'Requests of the gateway that wait for a service.',
    labels: queue,
  },
  matchday_requests_pending_allowed: {
    type: 'gauge',
    help: 'Requests that may wait for a service now; the next one is told overloaded.',
    labels: queue,
  },
  matchday_requests_resent_total: {
    type: 'counter',
    help: 'Requests sent again because their outcome was unknown.',
    labels: queue,
  },
  matchday_pull_items_in_flight: {
    type: 'gauge',
    help: 'Items that a service has begun and not finished.',
    labels: queue,
  },
  matchday_pull_envelopes_stuck: {
    type: 'gauge',
    help: 'Envelopes in work for so long that somebody else was given them.',
    labels: queue,
  },
  matchday_deliveries_total: {
    type: 'counter',
    help: 'Envelopes delivered to a service, those that came again included.',
    labels: queue,
  },
  matchday_redeliveries_total: {
    type: 'counter',
    help: 'Envelopes delivered again, because nobody acknowledged an earlier delivery.',
    labels: queue,
  },
  matchday_envelopes_split_total: {
    type: 'counter',
    help: 'Redelivered envelopes whose items went back to the queue one by one.',
    labels: queue,
  },
  matchday_envelopes_malformed_total: {
    type: 'counter',
    help: 'Envelopes that can never be handled, and went to the dead letters at once.',
    labels: queue,
  },
  matchday_dead_letters: {
    type: 'gauge',
    help: 'Dead letters that wait for somebody to look at them; counted up to 100.',
    labels: queue,
  },
  matchday_commit_streams: {
    type: 'histogram',
    help: 'Streams that were appended to in one transaction; their count is that of the commits.',
    labels: ['service'],
  },
  matchday_commit_failures_total: {
    type: 'counter',
    help: 'Transactions of appends that failed, or whose outcome is unknown.',
    labels: ['service'],
  },
  matchday_relay_lag_seconds: {
    type: 'gauge',
    help: 'For how long committed events have been waiting to be published; 0 when none do.',
    labels: ['service'],
  },
  matchday_relay_published_total: {
    type: 'counter',
    help: 'Events published by this instance.',
    labels: ['service'],
  },
  matchday_relay_lease_held: {
    type: 'gauge',
    help: '1 when this instance is the one that publishes the events of the service.',
    labels: ['service'],
  },
  matchday_follower_lag_seconds: {
    type: 'gauge',
    help: 'For how long a view or a reaction has not dealt with all events of what it follows; 0 when it has.',
    labels: ['service', 'follower'],
  },
  matchday_reaction_events_total: {
    type: 'counter',
    help: 'Events that a reaction of this instance has dealt with.',
    labels: ['service', 'reaction'],
  },
  matchday_reaction_failures_total: {
    type: 'counter',
    help: 'Times that a reaction of this instance could not deal with an event, and tried again.',
    labels: ['service', 'reaction'],
  },
  matchday_breaker_state: {
    type: 'gauge',
    help: 'Circuit breaker: 0 closed (all is well), 1 half-open (one is let through), 2 open (all are refused).',
    labels: ['breaker'],
  },
  matchday_breaker_opened_total: {
    type: 'counter',
    help: 'Times that a circuit breaker opened.',
    labels: ['breaker'],
  },
  matchday_bus_up: {
    type: 'gauge',
    help: '1 when messages can be sent.',
    labels: ['bus'],
  },
} as const satisfies { readonly [name: string]: MetricDefinition }

export type MetricName = keyof typeof metricDefinitions
