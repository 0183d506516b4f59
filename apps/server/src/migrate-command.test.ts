import { type Database, openConnections, schemaOf, silentLog } from '@matchday/kernel'
import { createTestDatabase } from '@matchday/testkit'
import { afterEach, expect, it, vi } from 'vitest'
import { migrateDatabases } from './migrate-command.ts'
import { serviceNames } from './role-names.ts'
import { requireKnownSteps, serviceMigrations } from './service-migrations.ts'

afterEach(() => vi.restoreAllMocks())

/** What the command says, and how it ends. */
async function run(flags: readonly string[], migrationsOf = serviceMigrations) {
  const lines: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  const code = await migrateDatabases(flags, migrationsOf)
  vi.restoreAllMocks()
  return { code, text: lines.join('') }
}

async function rowsOf(database: Database, schema: string, text: string): Promise<readonly object[]> {
  const connections = openConnections(database, { schema, connectionsMax: 1, log: silentLog })
  return connections.query<object>({ text }, []).finally(() => connections.close())
}

it('"matchday migrate" makes the tables of every service and of its store, without starting it', async () => {
  await using test = await createTestDatabase()
  const { host, port, user, password, database } = test.database
  const place = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@localhost:${port}/${database}`
  const flags = ['--database-url', `postgres://${place}?host=${encodeURIComponent(host)}`]
  const { tournaments } = serviceMigrations
  const notes = { id: 'notes-1', sql: 'create table notes (id integer)' }
  const grown = { ...serviceMigrations, tournaments: [...tournaments, notes] }

  expect(await run([...flags, '--check'])).toMatchObject({ code: 1 })
  expect(await run(flags)).toMatchObject({ code: 0, text: expect.stringContaining('store-1-tables') })
  expect(await run([...flags, '--check'])).toMatchObject({ code: 0 })
  for (const service of serviceNames) {
    const events = `select from information_schema.tables where table_name = 'events' and table_schema = $$${schemaOf(service)}$$`
    expect(await rowsOf(test.database, 'public', events)).toHaveLength(1)
  }

  expect(await run([...flags, '--check'], grown)).toEqual({
    code: 1,
    text: expect.stringMatching(/^tournaments +to be done: notes-1$/m),
  })
  expect(await run(flags, grown)).toEqual({
    code: 0,
    text: expect.stringMatching(/^tournaments +done: notes-1$/m),
  })
  expect(await rowsOf(test.database, schemaOf('tournaments'), 'select * from notes')).toEqual([])
  // The version before goes on, and says what it lives with.
  expect(await run([...flags, '--check'])).toEqual({ code: 0, text: expect.stringContaining('notes-1') })
})

it('a service with steps that the command does not know does not start', () => {
  const [one, two] = ['notes-1', 'notes-2'].map((id) => ({ id, sql: '' }))
  for (const [own, known] of [
    [[one!], []],
    [[one!], [one!, two!]],
    [
      [two!, one!],
      [one!, two!],
    ],
  ])
    expect(() => requireKnownSteps('tournaments', own!, known)).toThrow('matchday migrate')
  for (const steps of [[], [one!, two!]])
    expect(() => requireKnownSteps('tournaments', steps, steps)).not.toThrow()
})
