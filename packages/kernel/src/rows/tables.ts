import type { PoolClient } from 'pg'
import type { Log } from '../log.ts'
import type { Breaker } from '../resilience/breaker.ts'
import { type Database, databaseLimits, openConnections } from '../store/database.ts'
import { defaultSchema } from '../store/postgres-store.ts'
import type { Transaction } from '../view/view.ts'
import { transactionOn } from '../view/view-tables.ts'
import { Slots } from './turns.ts'

export type TablesOptions = {
  /** The store's database and schema: rows, answers and events are committed together. */
  readonly database: Database
  readonly schema?: string
  readonly connectionsMax?: number
  readonly log: Log
  /** That of the store. */
  readonly breaker?: Breaker
}

/** A service's own tables, beside those of its store. All of it throws Fault `unavailable`. */
export type Tables = {
  rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]>
  /** Rolled back when the work throws. */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  /** The same on the bare connection. */
  onClient<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result>
  /** How many transactions should be open at most, so that there are always connections for reading. */
  readonly transactionsMax: number
  close(): Promise<void>
}

/** Whatever transactions do, this many can read. */
const readingConnections = 2

/**
 * Connections of their own, opened when they are needed: what services ask for is planned as PostgreSQL likes, whereas
 * the store's are bound to indexes. Whoever finds all of them in use waits here, not in the pool, where waiting is a
 * fault.
 */
export function openTables(options: TablesOptions): Tables {
  const { database, schema = defaultSchema, log, breaker } = options
  const connectionsMax = Math.max(
    options.connectionsMax ?? databaseLimits.tableConnectionsMax,
    readingConnections + 1,
  )
  const connections = openConnections(database, { schema, connectionsMax, log, breaker })
  const slots = new Slots(connectionsMax)
  const onClient: Tables['onClient'] = (work) => slots.use(() => connections.transaction(work))
  return {
    rows: <Row>(text: string, values: readonly unknown[]) =>
      slots.use(() => connections.query<Row>({ text }, values)),
    transaction: (work) => onClient((client) => work(transactionOn(client))),
    onClient,
    transactionsMax: connectionsMax - readingConnections,
    close: () => connections.close(),
  }
}
