import { createTestDatabase, type TestDatabase } from '@matchday/testkit'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { type Database, poolTarget } from '../store/database.ts'
import { checkStore, migrateStore, openStore, schemaOf } from '../store/postgres-store.ts'
import { checkMigrations, type Migration, migrate } from './migrate.ts'

const first: Migration = { id: '1-things', sql: 'create table things (id integer primary key)' }
const second: Migration = { id: '2-one', sql: 'insert into things values (1)' }
const broken: Migration = {
  id: '3-broken',
  sql: 'insert into things values (2); insert into things values (2)',
}

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(async () => test[Symbol.asyncDispose]())

async function connected<Result>(schema: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client(poolTarget(test.database satisfies Database, schema, {}))
  await client.connect()
  try {
    await client.query(`create schema if not exists ${schema}`)
    return await work(client)
  } finally {
    await client.end()
  }
}

const things = async (client: Client) =>
  (await client.query<{ id: number }>('select id from things order by id')).rows.map((row) => row.id)

describe('migrations', () => {
  it('are each applied once, in order, by whichever instance comes first', async () => {
    const migrations = [first, second]
    await connected('turns', async () => {})
    await Promise.all(
      Array.from({ length: 5 }, () =>
        connected('turns', (client) => migrate(client, [migrations], silentLog)),
      ),
    )
    expect(await connected('turns', things)).toEqual([1])
  })

  it('go on where they were, and one that fails leaves nothing behind', async () => {
    await connected('steps', async (client) => {
      await migrate(client, [[first]], silentLog)
      await expect(migrate(client, [[first, second, broken]], silentLog)).rejects.toThrow('duplicate key')
      expect(await things(client)).toEqual([1])
      const mended = { ...broken, sql: 'insert into things values (2)' }
      await migrate(client, [[first, second, mended]], silentLog)
      expect(await things(client)).toEqual([1, 2])
    })
  })

  it('that were changed, moved or removed after they were applied are refused', async () => {
    await connected('changed', async (client) => {
      await migrate(client, [[first, second]], silentLog)
      const refused = { code: 'migration-changed', retryable: false }
      const changed = { ...first, sql: `${first.sql} -- better` }
      await expect(migrate(client, [[changed, second]], silentLog)).rejects.toMatchObject(refused)
      const between = { id: '1-between', sql: 'select 1' }
      await expect(migrate(client, [[first, between, second]], silentLog)).rejects.toMatchObject(refused)
    })
  })

  it('of a newer version that only add leave an older one alone; one that breaks it stops it, with a hint', async () => {
    const adding: Migration = { id: '3-more', sql: 'alter table things add column note text' }
    const breaking: Migration = { id: '4-less', sql: 'drop table things', breaking: true }
    await connected('newer', async (client) => {
      await migrate(client, [[first, second, adding]], silentLog)
      expect(await migrate(client, [[first, second]], silentLog)).toEqual({ steps: [], newer: ['3-more'] })
      expect(await checkMigrations(client, [[first, second]])).toEqual({ steps: [], newer: ['3-more'] })

      await migrate(client, [[first, second, adding, breaking]], silentLog)
      const refused = { code: 'database-newer', hint: expect.stringContaining('newer') }
      await expect(migrate(client, [[first, second]], silentLog)).rejects.toMatchObject(refused)
      await expect(checkMigrations(client, [[first, second]])).rejects.toMatchObject(refused)
      expect(await checkMigrations(client, [[first, second, adding, breaking]])).toEqual({
        steps: [],
        newer: [],
      })
    })
  })

  it('of two versions that do not know of each other are refused', async () => {
    await connected('forked', async (client) => {
      await migrate(client, [[first, { id: '2-theirs', sql: 'select 1' }]], silentLog)
      const refused = { code: 'database-newer' }
      await expect(migrate(client, [[first, second]], silentLog)).rejects.toMatchObject(refused)
    })
  })

  it('of two lines keep their order within each, whichever line grows', async () => {
    const own: Migration = { id: 'own-1', sql: 'create table own (id integer references things)' }
    const ownToo: Migration = { id: 'own-2', sql: 'insert into own values (1)' }
    await connected('lines', async (client) => {
      expect(await migrate(client, [[first], [own]], silentLog)).toMatchObject({
        steps: ['1-things', 'own-1'],
      })
      const grown = [
        [first, second],
        [own, ownToo],
      ]
      expect(await checkMigrations(client, grown)).toMatchObject({ steps: ['2-one', 'own-2'] })
      expect(await migrate(client, grown, silentLog)).toMatchObject({ steps: ['2-one', 'own-2'] })
      expect(await migrate(client, grown, silentLog)).toEqual({ steps: [], newer: [] })
      // The version before goes on, and so does one that has only the first line.
      expect(await migrate(client, [[first], [own]], silentLog)).toMatchObject({ newer: ['2-one', 'own-2'] })
      expect(await migrate(client, [[first, second]], silentLog)).toMatchObject({ newer: ['own-1', 'own-2'] })
      const refused = { code: 'migration-changed' }
      const between = [
        [first, second],
        [own, { id: 'own-between', sql: 'select 1' }, ownToo],
      ]
      await expect(migrate(client, between, silentLog)).rejects.toMatchObject(refused)
      await expect(migrate(client, [[first], [first]], silentLog)).rejects.toThrow('the same id')
    })
  })

  it('can be looked at without being done', async () => {
    await connected('looked', async (client) => {
      expect(await checkMigrations(client, [[first, second]])).toEqual({
        steps: ['1-things', '2-one'],
        newer: [],
      })
      await migrate(client, [[first]], silentLog)
      expect(await checkMigrations(client, [[first, second]])).toEqual({ steps: ['2-one'], newer: [] })
      expect(await things(client)).toEqual([])
    })
  })

  it('go on in a database of a version that did not tell steps that break', async () => {
    await connected('old', async (client) => {
      await migrate(client, [[first]], silentLog)
      await client.query('alter table migrations drop column breaking')
      expect(await checkMigrations(client, [[first]])).toEqual({ steps: [], newer: [] })
      expect(await migrate(client, [[first, second]], silentLog)).toEqual({ steps: ['2-one'], newer: [] })
      expect(await things(client)).toEqual([1])
    })
  })
})

it('a store can have a schema of its own in a database that others use too', async () => {
  const options = { database: test.database, log: silentLog }
  const one = await openStore({ ...options, schema: 'one' })
  const two = await openStore({ ...options, schema: 'two' })
  expect(one.epoch).not.toBe(two.epoch)
  await one.close()
  await two.close()
})

it('a store that does not upgrade its tables waits for somebody who does, and lives with what a newer version adds', async () => {
  const options = { database: test.database, schema: 'by_hand', log: silentLog }
  const open = async () => (await openStore({ ...options, tables: 'check' })).close()
  await expect(open()).rejects.toMatchObject({
    code: 'database-not-migrated',
    retryable: true,
    hint: expect.stringContaining('matchday migrate'),
  })
  await connected('by_hand', (client) => client.query('create table unrelated ()'))
  await expect(open()).rejects.toMatchObject({ code: 'database-not-migrated' })

  const { steps } = await migrateStore(options)
  expect(steps.length).toBeGreaterThan(2)
  await open()
  const newer = (id: string, breaking: boolean) =>
    connected('by_hand', (client) =>
      client.query('insert into migrations (id, checksum, breaking) values ($1, $2, $3)', [
        id,
        'x',
        breaking,
      ]),
    )
  await newer('store-98-more', false)
  await open()
  expect(await migrateStore(options)).toEqual({ steps: [], newer: ['store-98-more'] })
  await newer('store-99-less', true)
  await expect(open()).rejects.toMatchObject({ code: 'database-newer', retryable: false })
})

it('a service has tables of its own beside those of the store, made by the same hand', async () => {
  const schema = schemaOf('people-staff')
  expect(schema).toBe('people_staff')
  expect(() => schemaOf('people staff; drop')).toThrow('not a name')
  const migrations = [first, second]
  const options = { database: test.database, schema, log: silentLog }
  expect((await checkStore({ ...options, migrations })).steps).toEqual(expect.arrayContaining(['2-one']))
  await (await openStore(options)).close()
  const open = async () => (await openStore({ ...options, migrations, tables: 'check' })).close()
  await expect(open()).rejects.toMatchObject({ code: 'database-not-migrated' })
  expect(await migrateStore({ ...options, migrations })).toEqual({ steps: ['1-things', '2-one'], newer: [] })
  await open()
  expect(await connected(schema, things)).toEqual([1])
})

it('a database can be named by a URL, and one that is not there is told apart from one that is down', async () => {
  const { host, port, user, password, database } = test.database
  const url = (name: string) =>
    `postgres://${user}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(host)}&port=${port}`
  const store = await openStore({ database: { url: url(database) }, schema: 'by_url', log: silentLog })
  await store.close()
  const tables = `select count(*)::integer as count from information_schema.tables where table_schema = 'by_url'`
  const counted = await connected('by_url', (client) => client.query<{ count: number }>(tables))
  expect(counted.rows[0]!.count).toBeGreaterThan(5)
  const nowhere = openStore({ database: { url: url('nowhere_at_all') }, log: silentLog })
  await expect(nowhere).rejects.toMatchObject({ code: 'database-refused', retryable: false })
})

it('a database that cannot be reached is a fault that may pass', async () => {
  const unreachable = { url: 'postgres://nobody:nothing@127.0.0.1:1/none' }
  await expect(openStore({ database: unreachable, log: silentLog })).rejects.toMatchObject({
    code: 'unavailable',
    retryable: true,
  })
})
