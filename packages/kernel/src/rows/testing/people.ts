import { newId, staffIdentityOperations, tournamentOperations } from '@matchday/contracts'
import { createTestDatabase } from '@matchday/testkit'
import { vi } from 'vitest'
import { type Clock, systemClock } from '../../clock.ts'
import { reject } from '../../decide/decider.ts'
import { silentLog } from '../../log.ts'
import type { Json, JsonObject } from '../../message.ts'
import type { Migration } from '../../migrate/migrate.ts'
import type { RowCommandEntry, RowCommandHandler } from '../../service/definition.ts'
import type { Database } from '../../store/database.ts'
import type { Store } from '../../store/port.ts'
import { openStore } from '../../store/postgres-store.ts'
import { type RequestParts, requestItem } from '../../testing/request-item.ts'
import { createRowExecutor, type RowExecutor, type RowExecutorOptions } from '../row-executor.ts'
import { openTables, type Tables } from '../tables.ts'

/** A small domain with everything that commands on rows must get right: people with a unique name, and counters. */
export const peopleMigrations: readonly Migration[] = [
  {
    id: 'people-1',
    sql: `
      create table people (
        id uuid primary key,
        name text not null constraint people_name_key unique,
        email text constraint people_email_key unique
      );
      create table counters (name text primary key, value integer not null);
    `,
  },
]

export type PeopleInput = { id: string; name: string; email: string; first: string; second: string }
type Handler = RowCommandHandler<PeopleInput, Json, 'name-taken', { readonly id: string }>

/**
 * The contracts know no such people: any command will do, for only the handler counts, and whether the operation is
 * private. Types are those of the tests.
 */
export function rowEntry(
  handler: Partial<Handler> & Pick<Handler, 'run'>,
  operation: RowCommandEntry['operation'] = tournamentOperations.pickTeam,
): RowCommandEntry {
  const complete: Handler = {
    prepare: () => ({ id: newId() }),
    stream: (input, facts) => input.id ?? facts.id,
    present: (answer: JsonObject, version: number) => ({ ...answer, version }),
    ...handler,
  }
  return { kind: 'row-command', operation, handler: complete as never }
}

const raise =
  'insert into counters values ($1, 1) on conflict (name) do update set value = counters.value + 1'

export const people = {
  /** Under an id of its own making, unless one is given. */
  register: rowEntry({
    run: async (transaction, { input, facts }) => {
      const id = input.id ?? facts.id
      await transaction.query('insert into people (id, name) values ($1, $2)', [id, input.name])
      return { kind: 'accepted', answer: { id }, events: [{ type: 'registered', data: {} }] }
    },
    conflicts: { people_name_key: 'name-taken' },
  }),
  /** Two events, and none of it depends on others. */
  visit: rowEntry({
    run: async (transaction, { input }) => {
      await transaction.query(raise, [input.name])
      const events = [
        { type: 'came', data: { name: input.name } },
        { type: 'went', data: {} },
      ]
      return { kind: 'accepted', answer: { visited: input.name }, events }
    },
  }),
  /** Looks, counts the try, and says no. */
  tryInVain: rowEntry({
    run: async (transaction, { input }) => {
      await transaction.query(raise, [input.name])
      return { ...reject('name-taken', 'not this time'), retryAfterS: 7 }
    },
  }),
  /** Answered anew each time, and without a trace among the answers. */
  begin: rowEntry({
    run: async (transaction, { input }) => {
      await transaction.query(raise, [input.name])
      return { kind: 'accepted', answer: { began: input.name } }
    },
    isRemembered: false,
  }),
  secretly: rowEntry(
    { run: async (_transaction, { input }) => ({ kind: 'accepted', answer: { name: input.name } }) },
    staffIdentityOperations.signUpStaff,
  ),
  /** Breaks a constraint that it does not name. */
  clash: rowEntry({
    run: async (transaction, { input }) => {
      const values = [newId(), `name ${newId()}`, input.email]
      await transaction.query('insert into people (id, name, email) values ($1, $2, $3)', values)
      return { kind: 'accepted', answer: {} }
    },
  }),
  fail: rowEntry({
    run: async (transaction, { input }) => {
      await transaction.query(raise, [input.name])
      throw new Error('a bug in run')
    },
  }),
  /** Passes over an error of the server, after which nothing of the transaction counts. */
  passOver: rowEntry({
    run: async (transaction, { input }) => {
      await transaction.query(raise, [input.name])
      await transaction.query('select 1 / 0').catch(() => {})
      return { kind: 'accepted', answer: {} }
    },
    isRemembered: false,
  }),
} as const satisfies Record<string, RowCommandEntry>

export const personRequest = (input: Partial<PeopleInput>, parts: RequestParts = {}) =>
  requestItem(input, parts)

/** One instance on a database. */
export type PeopleInstance = {
  readonly store: Store
  readonly tables: Tables
  readonly executor: RowExecutor
  /** Another executor on the same tables. */
  executorWith(options: Partial<RowExecutorOptions>): RowExecutor
}

export type PeopleTest = AsyncDisposable & {
  readonly database: Database
  /** The first of two instances, and the second. */
  readonly one: PeopleInstance
  readonly two: PeopleInstance
}

export const fingerprintKey = new Uint8Array(32).fill(7)

/** Two instances that share a database of their own. */
export async function openPeople(clock: Clock = systemClock): Promise<PeopleTest> {
  const { database, drop } = await createTestDatabase()
  const one = await openInstance(database, clock)
  const two = await openInstance(database, clock)
  return {
    database,
    one,
    two,
    async [Symbol.asyncDispose]() {
      for (const { executor, tables, store } of [one, two]) {
        await executor.drain()
        await tables.close()
        await store.close()
      }
      await drop()
    },
  }
}

async function openInstance(database: Database, clock: Clock): Promise<PeopleInstance> {
  const store = await openStore({ database, migrations: peopleMigrations, log: silentLog, clock })
  const tables = openTables({ database, log: silentLog })
  const executorWith = (options: Partial<RowExecutorOptions>) =>
    createRowExecutor({ tables, store, log: silentLog, clock, service: 'people', fingerprintKey, ...options })
  return { store, tables, executor: executorWith({}), executorWith }
}

/** Resolves when a transaction of this database waits for a stream that another one holds. */
export async function untilStreamIsWaitedFor({ tables }: PeopleInstance): Promise<void> {
  const text = `select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'advisory'`
  await vi.waitUntil(async () => (await tables.rows(text, [])).length > 0, { timeout: 20_000, interval: 5 })
}

/** How often something was counted. */
export async function countOf({ tables }: PeopleInstance, name: string): Promise<number> {
  const [row] = await tables.rows<{ value: number }>('select value from counters where name = $1', [name])
  return row?.value ?? 0
}
