import { readEventsOf } from '@matchday/contracts'
import type { Bus, Subscription } from '../bus/port.ts'
import type { Ask } from '../service/ask.ts'
import type { Checkpoint, Store } from '../store/port.ts'
import { readLog, type SourceBatch } from './answer-read-events.ts'

/** A service's log, as its followers read it. */
export type EventSource = {
  readonly service: string
  /** The follower's own log: it needs nobody to read it. */
  readonly isOwn: boolean
  /**
   * Events after a place, in commit order, none skipped, as `Store.read` tells them. When the place is one of another
   * epoch: no events, and the epoch that it is now; whoever follows must begin anew. Throws Fault `unavailable`.
   */
  read(after: Checkpoint | null, limit: number, types?: readonly string[]): Promise<SourceBatch>
  /** Calls whenever there is something new, but for what the bus loses. */
  onEvents(wake: () => void): Subscription
}

export type EventSources = (service: string) => EventSource

export type EventSourcesParts = {
  /** Who follows. */
  readonly service: string
  readonly store: Pick<Store, 'epoch' | 'read'>
  readonly bus: Pick<Bus, 'subscribeEvents'>
  readonly ask: Ask | undefined
}

/** Logs of other services are asked for; one's own is at hand. */
export function createEventSources({ service, store, bus, ask }: EventSourcesParts): EventSources {
  const of = (source: string, read: EventSource['read']): EventSource => ({
    service: source,
    isOwn: source === service,
    read,
    onEvents: (wake) => bus.subscribeEvents({ service: source }, wake),
  })
  return (source) => {
    if (source === service) return of(source, (...asked) => readLog(store, ...asked))
    if (ask === undefined) throw new Error(`${service} follows ${source}, and can ask nobody`)
    return of(source, (...asked) => askForEvents(ask, source, ...asked))
  }
}

async function askForEvents(
  ask: Ask,
  source: string,
  after: Checkpoint | null,
  limit: number,
  types?: readonly string[],
): Promise<SourceBatch> {
  const answer = await ask(readEventsOf(source), { after, limit, ...(types && { types: [...types] }) })
  if (answer.kind === 'rejected') throw new Error(`${source} tells nobody its events: ${answer.code}`)
  // The contract of all services can't say more of an event's data than that they are an object.
  return answer.body as SourceBatch
}
