import { Client, type ClientConfig } from 'pg'
import { type Clock, systemClock } from '../clock.ts'
import { Fault } from '../fault.ts'
import type { Log } from '../log.ts'
import { checkMigrations, type Migration, type MigrationReport, migrate } from '../migrate/migrate.ts'
import type { Breaker } from '../resilience/breaker.ts'
import { appendBatch } from './append.ts'
import { plainArray, textArray } from './append-parameters.ts'
import { claimsWith, holderOf } from './claims.ts'
import {
  type Connections,
  type Database,
  databaseLimits,
  indexedPlans,
  openConnections,
  poolTarget,
} from './database.ts'
import { asFault, sqlStateOf } from './database-faults.ts'
import { leasesOn } from './leases.ts'
import { loadStreams } from './load.ts'
import { type Store, type StoredAnswer, type StreamVersion, storeLimits } from './port.ts'
import { eventsOfStream, readCheckpoint, readCommitted, writeCheckpoint } from './reader.ts'
import { storeMigrations } from './tables.ts'

export type StoreOptions = {
  readonly database: Database
  /** Where the store's tables are; several stores may share a database. `schemaOf` the service is a good one. */
  readonly schema?: string
  /** Of the service's own tables, which lie beside those of the store and come after them. */
  readonly migrations?: readonly Migration[]
  readonly log: Log
  readonly clock?: Clock
  readonly connectionsMax?: number
  /** One for all that use the same database. */
  readonly breaker?: Breaker
  /** `check`: somebody else upgrades them, so that rolling out a new version is two steps that can be looked at. */
  readonly tables?: 'migrate' | 'check'
}

/** Names of schemas go into SQL text. */
const schemaName = /^[a-z][a-z0-9_]{0,62}$/
export const defaultSchema = 'public'

/** The schema (and, where it has one of its own, the database) of a service: `identity-staff` → `identity_staff`. */
export function schemaOf(service: string): string {
  return checkedSchema(service.replaceAll('-', '_'))
}

/** Makes or upgrades the tables. Throws the faults of `migrate`, `unavailable`, and `database-refused`. */
export async function migrateStore(
  options: Pick<StoreOptions, 'database' | 'schema' | 'migrations' | 'log'>,
): Promise<MigrationReport> {
  return onItsTables(options, {}, async (client, schema) => {
    if (schema !== defaultSchema) await client.query(`create schema if not exists ${schema}`)
    return migrate(client, linesOf(options), options.log)
  })
}

/** What `migrateStore` would do; changes nothing. Throws what it throws. */
export async function checkStore(
  options: Pick<StoreOptions, 'database' | 'schema' | 'migrations'>,
): Promise<MigrationReport> {
  const bounds = {
    statement_timeout: storeLimits.statementTimeoutMs,
    query_timeout: databaseLimits.answerTimeoutMs,
  }
  return onItsTables(options, bounds, (client) => checkMigrations(client, linesOf(options)))
}

function linesOf({ migrations = [] }: Pick<StoreOptions, 'migrations'>): readonly (readonly Migration[])[] {
  return [storeMigrations, migrations]
}

async function onItsTables<Result>(
  options: Pick<StoreOptions, 'database' | 'schema'>,
  bounds: Pick<ClientConfig, 'statement_timeout' | 'query_timeout'>,
  work: (client: Client, schema: string) => Promise<Result>,
): Promise<Result> {
  const schema = checkedSchema(options.schema)
  const client = new Client({
    ...poolTarget(options.database, schema, {}),
    ...bounds,
    connectionTimeoutMillis: databaseLimits.connectTimeoutMs,
  })
  // A connection that breaks between two queries is reported by the second.
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client, schema)
  } catch (error) {
    throw isRefusal(error) ? refused(error) : asFault(error)
  } finally {
    await client.end().catch(() => {})
  }
}

async function requireTables(options: StoreOptions): Promise<void> {
  const { steps } = await checkStore(options)
  if (steps.length === 0) return
  throw new Fault('database-not-migrated', `The database lacks ${steps.length} steps of this version`, {
    retryable: true,
    hint: 'Run "matchday migrate" with the same database settings.',
  })
}

/**
 * Opens a service's store, upgrading its tables first (`tables: 'migrate'`, the default). Throws what `migrateStore`
 * throws; with `tables: 'check'` also `database-not-migrated` (retryable).
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (options.tables === 'check') await requireTables(options)
  else await migrateStore(options)
  const connections = openConnections(options.database, {
    schema: checkedSchema(options.schema),
    connectionsMax: options.connectionsMax ?? databaseLimits.storeConnectionsMax,
    settings: indexedPlans,
    log: options.log,
    breaker: options.breaker,
  })
  try {
    const [meta] = await connections.query<{ epoch: string }>({ text: 'select epoch from store_meta' }, [])
    return storeOn(connections, options.clock ?? systemClock, meta!.epoch)
  } catch (error) {
    await connections.close()
    throw error
  }
}

function storeOn(connections: Connections, clock: Clock, epoch: string): Store {
  return {
    epoch,
    leases: leasesOn(connections),
    append: (appends) => appendBatch(connections, clock, appends),
    load: (requests) => loadStreams(connections, requests),
    versions: (streams) => versionsOf(connections, streams),
    answers: (ids) => answersOf(connections, ids),
    holder: (claim) => holderOf(connections, claim),
    claims: (prefix, after, limit) => claimsWith(connections, prefix, after, limit),
    secrets: async (stream) => {
      const rows = await connections.query<{ name: string; value: string }>(secretsStatement, [stream])
      return new Map(rows.map((row) => [row.name, row.value]))
    },
    saveSnapshot: async (stream, schema, version, state, redactions) => {
      const values = [stream, schema, version, JSON.stringify(state), redactions]
      await connections.query(snapshotStatement, values)
    },
    eventsOf: (stream, after, limit) => eventsOfStream(connections, stream, after, limit),
    read: (after, limit, types) => readCommitted(connections, epoch, after, limit, types),
    checkpoint: (reader) => readCheckpoint(connections, reader),
    saveCheckpoint: (reader, checkpoint) => writeCheckpoint(connections, reader, checkpoint),
    forgetAnswers: async (limit) => {
      const before = new Date(clock.now() - storeLimits.answersKeptMs).toISOString()
      return (await connections.query(forgetStatement, [before, limit])).length
    },
    close: () => connections.close(),
  }
}

const versionsStatement = {
  name: 'versions',
  text: /* sql */ `
    select id, version, fence, coalesce(redactions, 0) as redactions from streams where id = any ($1::uuid[])`,
}
async function versionsOf(connections: Connections, streams: readonly string[]) {
  type Row = StreamVersion & { readonly id: string }
  const rows = await connections.query<Row>(versionsStatement, [plainArray(streams)])
  const found = new Map<string, StreamVersion>(streams.map((stream) => [stream, noVersion]))
  for (const { id, version, fence, redactions } of rows) found.set(id, { version, fence, redactions })
  return found
}
const noVersion: StreamVersion = { version: 0, fence: 0, redactions: 0 }

const answersStatement = {
  name: 'answers',
  text: 'select id, fingerprint, answer, stream, version from answers where id = any ($1::text[])',
}
async function answersOf(connections: Connections, ids: readonly string[]) {
  const rows = await connections.query<StoredAnswer>(answersStatement, [textArray(ids)])
  return new Map(rows.map((row) => [row.id, row]))
}

const secretsStatement = { name: 'secrets', text: 'select name, value from secrets where stream = $1' }

/**
 * An older one never replaces a newer one of the same schema, whatever instance is slow. What was computed before a
 * redaction the table itself leaves out.
 */
const snapshotStatement = {
  name: 'save_snapshot',
  text: /* sql */ `
    insert into snapshots as s (stream, schema, version, state, redactions) values ($1, $2, $3, $4, $5)
    on conflict (stream) do update set schema = excluded.schema, version = excluded.version,
      state = excluded.state, redactions = excluded.redactions
    where s.schema < excluded.schema or (s.schema = excluded.schema and s.version < excluded.version)`,
}

const forgetStatement = {
  name: 'forget_answers',
  text: /* sql */ `
    delete from answers where ctid = any (array(
      select ctid from answers where at < $1 limit $2
    )) returning 1`,
}

/** Wrong user or password (class 28), no such database (3D000), no right to create tables (42501). */
function isRefusal(error: unknown): boolean {
  return /^28|^3D000$|^42501$/.test(sqlStateOf(error) ?? '')
}

function refused(cause: unknown): Fault {
  return new Fault('database-refused', 'The database server does not let us in', {
    hint: 'Check the user, the password and the name of the database, and that the user may create tables.',
    cause,
  })
}

function checkedSchema(schema: string = defaultSchema): string {
  if (!schemaName.test(schema)) throw new Error(`not a name for a schema: ${schema}`)
  return schema
}
