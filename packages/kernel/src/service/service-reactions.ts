import type { Bus } from '../bus/port.ts'
import { createEventSources, type EventSources } from '../follow/event-source.ts'
import { reactionLimits } from '../follow/reaction-turn.ts'
import { type ReactionsParts, type RunningReactions, startReactions } from '../follow/reactions.ts'
import type { Log } from '../log.ts'
import { leadershipLimits } from '../outbox/leadership.ts'
import type { Store } from '../store/port.ts'
import type { Ask } from './ask.ts'
import type { ServiceDefinition } from './definition.ts'
import type { Lifecycle } from './lifecycle.ts'

/** For the event in work of each, and for giving the leases back. */
const stopMs = reactionLimits.stopMs + 2 * leadershipLimits.releaseMs

type Service = {
  readonly definition: ServiceDefinition
  readonly bus: Bus
  readonly store: Store
  readonly ask?: Ask
  readonly log: Log
}

/** What a service's reactions read. Throws when it has some that it could never read. */
export function sourcesOf({ definition, store, bus, ask }: Service): EventSources {
  const sources = createEventSources({ service: definition.name, store, bus, ask })
  for (const { source } of definition.reactions ?? []) sources(source)
  return sources
}

/** Starts a service's reactions, as a part of it if there are any. */
export function startItsReactions(
  service: Service,
  lifecycle: Lifecycle,
  parts: Pick<ReactionsParts, 'handle' | 'context' | 'clock' | 'sources'>,
): RunningReactions {
  const { definition, bus, store, log } = service
  const { name, reactions = [] } = definition
  const own = { service: name, reactions, store, bus, log: log.child({ part: 'reactions' }) }
  const running = startReactions({ ...own, ...parts })
  if (reactions.length === 0) return running
  const health = () => running.health()
  lifecycle.add(`${name} reactions`, () => running.stop(), stopMs, health)
  return running
}
