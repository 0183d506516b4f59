import type { Bus } from '../bus/port.ts'
import type { Executor } from '../decide/executor-port.ts'
import type { RequestItem } from '../message.ts'
import type { Store } from '../store/port.ts'
import { asksNobody, keepsNoRows } from './absent-parts.ts'
import type { Ask } from './ask.ts'
import type { ReadContext } from './definition.ts'

/** Reads rows of a service: of its views, or of its own tables. */
export type RowReader = {
  rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]>
}

/** What a service's queries and signals may read: one for all that don't ask for the address of the client. */
export function createReadContext(parts: {
  executor: Pick<Executor, 'state'>
  store: Pick<Store, 'holder' | 'eventsOf' | 'claims' | 'secrets'>
  bus: Pick<Bus, 'whisper'>
  rows: RowReader | undefined
  ask: Ask | undefined
}): ReadContext {
  const { executor, store, bus, rows, ask } = parts
  return {
    state: (decider, stream) => executor.state(decider, stream),
    holder: (claim) => store.holder(claim),
    eventsOf: (stream, after, limit) => store.eventsOf(stream, after, limit),
    claims: (prefix, after, limit) => store.claims(prefix, after, limit),
    secrets: (stream) => store.secrets(stream),
    rows: rows === undefined ? keepsNoRows : (text, values) => rows.rows(text, values),
    ask: ask ?? asksNobody,
    address: undefined,
    whisper: (message) => bus.whisper(message),
  }
}

/** The same for one request: most tell no address. */
export function contextOf(context: ReadContext, { address }: RequestItem): ReadContext {
  return address === undefined ? context : { ...context, address }
}
