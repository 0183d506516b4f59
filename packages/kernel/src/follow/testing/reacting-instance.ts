import { internalOperations } from '@matchday/contracts'
import type { Bus } from '../../bus/port.ts'
import { systemClock } from '../../clock.ts'
import { createExecutor } from '../../decide/executor.ts'
import type { Executor } from '../../decide/executor-port.ts'
import { silentLog } from '../../log.ts'
import type { Reply, RequestItem } from '../../message.ts'
import type { LeadershipLimits } from '../../outbox/leadership.ts'
import { command, type Reaction, type ReactionContext } from '../../service/definition.ts'
import type { Leases, RecordedEvent, Store } from '../../store/port.ts'
import type { EventSources } from '../event-source.ts'
import type { ReactionLimits } from '../reaction-turn.ts'
import { type RunningReactions, startReactions } from '../reactions.ts'
import { allEvents, FollowedService, sourcesOn } from './followed-service.ts'

/** What the follower does about an event: it notes it, in a stream of its own of the same id. */
export const { note } = internalOperations('follower', {
  note: { summary: 'Notes an event', kind: 'command', rejections: [] },
})
type Noted = { type: string; data: { version: number } }

const noting = command(note, {
  decider: {
    ...{ name: 'notes', snapshotSchema: 1, snapshotEvery: 100, initial: () => 0 },
    evolve: (count: number) => count + 1,
  },
  prepare: () => null,
  // Typed by nothing: the tests' own contract has no body.
  stream: (input: unknown) => (input as { stream: string }).stream,
  decide: (_, { input }) => {
    const { version } = input as { version: number }
    const noted: Noted = { type: 'noted', data: { version } }
    return { kind: 'accepted', events: [noted], answer: {} }
  },
  present: () => undefined,
})

/** Runs the one command that there is. */
export function handleOf(executor: Executor): (item: RequestItem) => Promise<Reply> {
  return (item) => executor.execute(noting, item)
}

export function noteEvent({ stream, version }: RecordedEvent, { run }: ReactionContext): Promise<Reply> {
  return run(`note:${stream}:${version}`, note, { stream, version })
}

export type InstanceOptions = {
  readonly reactions?: readonly Reaction[]
  readonly sources?: (all: EventSources) => EventSources
  /** Others than those of the store. */
  readonly leases?: Leases
  readonly limits?: Partial<ReactionLimits>
  readonly lease?: Partial<LeadershipLimits>
}

export type ReactingInstance = {
  readonly running: RunningReactions
  /** Streams of the events that it was given, in order, each time. */
  readonly reacted: string[]
  stop(): Promise<void>
}

/** An instance of a service that follows another, and notes what happens there. */
export function startInstance(bus: Bus, store: Store, options: InstanceOptions = {}): ReactingInstance {
  const { sources = (all) => all, leases = store.leases, limits, lease } = options
  const executor = createExecutor({ store, log: silentLog, clock: systemClock, service: 'follower' })
  const made = sourcesOn(bus, store)
  const reacted: string[] = []
  const reactions = options.reactions ?? [noteEvents()]
  const unused = () => Promise.reject(new Error('not used here'))
  const running = startReactions({
    service: 'follower',
    reactions: reactions.map((reaction) => ({
      ...reaction,
      react: async (event, context) => {
        reacted.push(event.stream)
        await reaction.react(event, context)
      },
    })),
    sources: sources(made.sources),
    store: { ...store, leases },
    bus,
    handle: handleOf(executor),
    context: { ask: unused, rows: unused, claims: unused },
    clock: systemClock,
    log: silentLog,
    ...(limits && { limits }),
    ...(lease && { lease }),
  })
  let stopped: Promise<void> | undefined
  const stop = async () => {
    await running.stop()
    await executor.drain()
    await made.requester.close()
  }
  return {
    running,
    reacted,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

export function noteEvents(parts: Partial<Reaction> = {}): Reaction {
  return {
    ...{ name: 'note-events', source: FollowedService.serviceName, types: ['happened'] },
    react: async (event, context) => void (await noteEvent(event, context)),
    ...parts,
  }
}

/** Streams of which something was noted, as often as it was, in the order of commits. */
export async function notedIn(store: Store): Promise<readonly string[]> {
  const events = await allEvents(store)
  return events.filter(({ type }) => type === 'noted').map(({ stream }) => stream)
}
