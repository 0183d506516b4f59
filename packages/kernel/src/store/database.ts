import { Pool, type PoolClient, type PoolConfig } from 'pg'
import type { Log } from '../log.ts'
import { type Breaker, createBreaker } from '../resilience/breaker.ts'
import { asFault } from './database-faults.ts'
import { storeLimits } from './port.ts'

export { deleteDatabase, ensureDatabase } from '../postgres/databases.ts'

/** How to reach a database: in parts (as the embedded server tells them) or as a `postgres://` URL. */
export type Database =
  | { readonly url: string }
  | {
      /** An address, or the folder of a socket. */
      readonly host: string
      readonly port?: number
      readonly user: string
      readonly password?: string
      readonly database: string
    }

export const databaseLimits = {
  /**
   * Appends need one or two connections; the rest is for reads. A server allows about 100 for all services.
   */
  storeConnectionsMax: 6,
  viewConnectionsMax: 4,
  tableConnectionsMax: 6,
  connectTimeoutMs: 2_000,
  /** A server that stopped answering is given up a little after it should have given up itself. */
  answerTimeoutMs: storeLimits.statementTimeoutMs + 1_000,
  /** A forgotten transaction holds back every reader. */
  idleInTransactionTimeoutMs: 10_000,
  /** Idle connections are kept: opening one costs as much as fifty appends. */
  idleConnectionMs: 10 * 60_000,
} as const

/** Some queries with the same plans on the same connections. */
export type Connections = {
  /** Runs a prepared statement. Throws Fault `unavailable`; other errors of the server as they are. */
  query<Row>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>
  /** Runs work on one connection, in a transaction that is rolled back when it throws. */
  transaction<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** `name` makes it a prepared statement, parsed and planned once per connection. */
export type Statement = { readonly name?: string; readonly text: string }

/**
 * Every query of a store finds its rows by index, whatever the tables' sizes were when it was planned: a plan
 * that was made while a table was empty must not read all of it later. So the alternatives are switched off.
 */
export const indexedPlans = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  plan_cache_mode: 'force_generic_plan',
} as const

export type ConnectionOptions = {
  readonly schema: string
  readonly connectionsMax: number
  readonly settings?: Readonly<Record<string, string>>
  readonly log: Log
  /** One for everything that uses the same database. */
  readonly breaker?: Breaker | undefined
}

/** Opens connections as they are needed. Tables are looked for in `schema` only. */
export function openConnections(database: Database, options: ConnectionOptions): Connections {
  const { log, breaker = createBreaker({ name: `database of ${options.schema}`, log }) } = options
  const pool = new Pool({
    ...poolTarget(database, options.schema, options.settings ?? {}),
    max: options.connectionsMax,
    idleTimeoutMillis: databaseLimits.idleConnectionMs,
    connectionTimeoutMillis: databaseLimits.connectTimeoutMs,
    statement_timeout: storeLimits.statementTimeoutMs,
    query_timeout: databaseLimits.answerTimeoutMs,
    idle_in_transaction_session_timeout: databaseLimits.idleInTransactionTimeoutMs,
    keepAlive: true,
  })
  let isClosing = false
  // An idle connection that breaks is replaced at the next query; unheard, the event would end the process. One that is
  // being closed may be told of the server's end before it is gone, and nobody misses it.
  pool.on('error', (error) => {
    if (!isClosing) log.warn({ error: error.message }, 'database connection lost')
  })
  // One that is lent out may break between two queries, or in the very packet with which it became ready, before who
  // asked for it knows. The next query reports it; unheard, the event would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    query: (statement, values) =>
      withClient(pool, breaker, async (client) => {
        const { text, name } = statement
        const query = name === undefined ? { text, values: [...values] } : { text, name, values: [...values] }
        return (await client.query(query)).rows
      }),
    transaction: (work) => withClient(pool, breaker, (client) => inTransaction(client, work)),
    close: () => {
      isClosing = true
      return pool.end()
    },
  }
}

/** What `pg` needs to reach the database, with every connection set to the schema and the settings. */
export function poolTarget(
  database: Database,
  schema: string,
  settings: Readonly<Record<string, string>>,
): PoolConfig {
  const all = Object.entries({ search_path: schema, timezone: 'UTC', ...settings })
  const options = all.map(([name, value]) => `-c ${name}=${value}`).join(' ')
  return 'url' in database ? { connectionString: database.url, options } : { ...database, options }
}

/**
 * A connection is only given up when it broke; after an error of the server it is as good as before. The breaker
 * watches over getting connections alone: whoever has one and loses it asks for another, and so finds out.
 */
async function withClient<Result>(
  pool: Pool,
  breaker: Breaker,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await breaker.run(() => connect(pool))
  let broken = false
  try {
    return await work(client)
  } catch (error) {
    const fault = asFault(error)
    broken = fault !== error
    throw fault
  } finally {
    client.release(broken)
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw asFault(error)
  }
}

async function inTransaction<Result>(
  client: PoolClient,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  await client.query('begin')
  try {
    const result = await work(client)
    const { command } = await client.query('commit')
    // The server answers so, and with no error, when a statement had failed before.
    if (command !== 'COMMIT')
      throw new Error('a statement of the transaction failed, so nothing was committed')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}
