import type { Bus } from '../bus/port.ts'
import type { Executor } from '../decide/executor-port.ts'
import { Fault } from '../fault.ts'
import type { Store } from '../store/port.ts'
import type { ReadContext } from './definition.ts'

/** Reads rows of a service's views. */
export type ViewReader = {
  rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]>
}

/** What a service's queries and signals may read: one for all of them, for it holds nothing of its own. */
export function createReadContext(parts: {
  executor: Pick<Executor, 'state'>
  store: Pick<Store, 'holder' | 'eventsOf'>
  bus: Pick<Bus, 'whisper'>
  views: ViewReader | undefined
}): ReadContext {
  const { executor, store, bus, views } = parts
  return {
    state: (decider, stream) => executor.state(decider, stream),
    holder: (claim) => store.holder(claim),
    eventsOf: (stream, after, limit) => store.eventsOf(stream, after, limit),
    rows: (text, values) => {
      if (views === undefined) throw new Fault('internal', 'This service keeps no views')
      return views.rows(text, values)
    },
    whisper: (message) => bus.whisper(message),
  }
}
