import type { RecordedEvent } from '../store/port.ts'

/** A connection inside a transaction. */
export type Transaction = {
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
}

/**
 * A read model: tables filled from the events of one service, in commit order. Rows and checkpoint are
 * committed together, so that each event counts exactly once; a view can be dropped and built again from the
 * log.
 */
export type View = {
  readonly name: string
  /** Whose events; left out: those of the service itself. */
  readonly source?: string
  /** Raise it when the tables or the types change: the view is dropped and built again. */
  readonly schema: number
  /** Types of events that it needs; left out: all. Of the others its place moves on, and no more. */
  readonly types?: readonly string[]
  /** Creates the tables. */
  create(transaction: Transaction): Promise<void>
  drop(transaction: Transaction): Promise<void>
  apply(transaction: Transaction, events: readonly RecordedEvent[]): Promise<void>
}
