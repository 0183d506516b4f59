import { cp, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { requireDiskSpace } from './data-folder.ts'
import type { DatabaseTarget } from './databases.ts'
import { temporaryFolder } from './fixtures/holder.ts'
import { startEmbeddedPostgres } from './supervisor.ts'

async function query(target: DatabaseTarget, sql: string): Promise<unknown[]> {
  const client = new Client(target)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('a first start creates the database; a second one finds it, and the data', async () => {
  await using folder = await temporaryFolder()
  const dataDirectory = join(folder.path, 'data')
  const told: string[] = []
  const first = await startEmbeddedPostgres({ dataDirectory, onProgress: (message) => told.push(message) })
  const target = await first.database('tournaments')
  await query(target, `create table name (value text); insert into name values ('Żółw')`)
  await first.stop()
  expect(told).toEqual(['Creating the database (first start only)', 'Starting PostgreSQL 18'])

  told.length = 0
  const second = await startEmbeddedPostgres({ dataDirectory, onProgress: (message) => told.push(message) })
  expect(told).toEqual(['Starting PostgreSQL 18'])
  const found = await query(await second.database('tournaments'), 'select * from name')
  expect(found).toEqual([{ value: 'Żółw' }])
  await second.stop()
})

test('it syncs, listens to a private socket only, and asks everybody for the password', async () => {
  await using folder = await temporaryFolder()
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder.path, settings: { work_mem: '5MB' } })
  const target = await postgres.database('postgres')
  const settings = await query(
    target,
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'listen_addresses',
      'jit', 'idle_in_transaction_session_timeout', 'work_mem', 'shared_preload_libraries') order by name`,
  )
  expect(settings).toEqual([
    { name: 'fsync', setting: 'on' },
    { name: 'idle_in_transaction_session_timeout', setting: '10000' },
    { name: 'jit', setting: 'off' },
    { name: 'listen_addresses', setting: '' },
    { name: 'shared_preload_libraries', setting: '' },
    { name: 'synchronous_commit', setting: 'on' },
    { name: 'work_mem', setting: '5120' },
  ])
  expect(target.host).toBe(join(folder.path, 'postgres-socket'))
  expect((await stat(target.host)).mode & 0o777).toBe(0o700)
  expect((await stat(join(folder.path, 'postgres', 'matchday-password'))).mode & 0o777).toBe(0o600)
  await expect(query({ ...target, password: 'wrong' }, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  await expect(query({ ...target, password: '' }, 'select 1')).rejects.toThrow()
  await postgres.stop()
})

test('a path too long for a socket moves the socket, privately, to the temporary folder', async () => {
  await using folder = await temporaryFolder()
  const dataDirectory = join(folder.path, 'd'.repeat(100), `an 'odd', "folder"`)
  const postgres = await startEmbeddedPostgres({ dataDirectory })
  const { host } = await postgres.database('one')
  expect(host.length).toBeLessThan(90)
  expect((await stat(host)).mode & 0o777).toBe(0o700)
  await postgres.stop()
  await expect(stat(host)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a database is copied from a template, and dropped', async () => {
  await using folder = await temporaryFolder()
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder.path })
  const template = await postgres.database('template_one')
  await query(template, 'create table filled as select generate_series(1, 100) as number')
  const copy = await postgres.database('copy_one', { template: 'template_one' })
  expect(await query(copy, 'select count(*)::int as rows from filled')).toEqual([{ rows: 100 }])
  expect(await Promise.all([postgres.database('twice'), postgres.database('twice')])).toHaveLength(2)

  const busy = new Client(template)
  await busy.connect()
  await expect(postgres.database('copy_two', { template: 'template_one' })).rejects.toMatchObject({
    code: 'database-in-use',
    retryable: true,
  })
  await busy.end()
  await postgres.dropDatabase('copy_one')
  await postgres.dropDatabase('copy_one')
  await expect(query(copy, 'select 1')).rejects.toMatchObject({ code: '3D000' })
  await expect(postgres.database('no"name')).rejects.toThrow('not a database name')
  await postgres.stop()
})

test('a second start on the same folder is refused and leaves the first alone', async () => {
  await using folder = await temporaryFolder()
  const first = await startEmbeddedPostgres({ dataDirectory: folder.path })
  await expect(startEmbeddedPostgres({ dataDirectory: folder.path })).rejects.toMatchObject({
    code: 'data-folder-in-use',
    message: expect.stringContaining(`process ${process.pid}`),
  })
  expect(await query(await first.database('one'), 'select 1 as one')).toEqual([{ one: 1 }])
  await first.stop()
})

test('a folder of another major version is refused and not touched', async () => {
  await using folder = await temporaryFolder()
  const cluster = join(folder.path, 'postgres')
  await mkdir(cluster)
  await writeFile(join(cluster, 'PG_VERSION'), '16\n')
  await expect(startEmbeddedPostgres({ dataDirectory: folder.path })).rejects.toMatchObject({
    code: 'database-version-mismatch',
    message: expect.stringContaining('PostgreSQL 16'),
  })
  expect(await readFile(join(cluster, 'PG_VERSION'), 'utf8')).toBe('16\n')
  await rm(join(cluster, 'PG_VERSION'))
  await writeFile(join(cluster, 'precious'), '')
  await expect(startEmbeddedPostgres({ dataDirectory: folder.path })).rejects.toMatchObject({
    code: 'database-folder-damaged',
  })
  await stat(join(cluster, 'precious'))
})

test('a server that cannot start says why; one that takes too long is ended', async () => {
  await using folder = await temporaryFolder()
  const dataDirectory = folder.path
  await (await startEmbeddedPostgres({ dataDirectory })).stop()
  await expect(
    startEmbeddedPostgres({ dataDirectory, settings: { shared_buffers: 'much' } }),
  ).rejects.toMatchObject({
    code: 'database-start-failed',
    message: expect.stringContaining('shared_buffers'),
  })
  await expect(startEmbeddedPostgres({ dataDirectory, startTimeoutMs: 1 })).rejects.toMatchObject({
    code: 'database-start-timeout',
    retryable: true,
  })
  await (await startEmbeddedPostgres({ dataDirectory })).stop()
})

test('the log of the server is bounded', async () => {
  await using folder = await temporaryFolder()
  const log = join(folder.path, 'postgres.log')
  await writeFile(log, 'old')
  await truncate(log, 6 * 1024 * 1024)
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder.path })
  await postgres.stop()
  expect((await stat(log)).size).toBeLessThan(10_000)
  expect((await stat(`${log}.1`)).size).toBe(6 * 1024 * 1024)
})

test('a full disk is noticed before the database is touched', async () => {
  await using folder = await temporaryFolder()
  await requireDiskSpace(folder.path, 1)
  await expect(requireDiskSpace(folder.path, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
    code: 'disk-full',
    retryable: true,
  })
})

test('a copy of the data folder works, and drafts of a broken first start are deleted', async () => {
  await using folder = await temporaryFolder()
  const original = join(folder.path, 'original')
  await (await startEmbeddedPostgres({ dataDirectory: original })).stop()
  const copy = join(folder.path, 'copy')
  await mkdir(join(copy, 'postgres.new-abc', 'cluster'), { recursive: true })
  await cp(join(original, 'postgres'), join(copy, 'postgres'), { recursive: true })
  const postgres = await startEmbeddedPostgres({ dataDirectory: copy })
  expect(await query(await postgres.database('one'), 'select 1 as one')).toEqual([{ one: 1 }])
  await postgres.stop()
  await expect(stat(join(copy, 'postgres.new-abc'))).rejects.toMatchObject({ code: 'ENOENT' })
})
