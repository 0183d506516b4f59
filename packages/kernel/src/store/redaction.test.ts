import { newId } from '@matchday/contracts'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Database, poolTarget } from './database.ts'
import type { Append } from './port.ts'
import { storeMigrations } from './tables.ts'
import { append } from './testing/append.ts'
import { openTestStore, type TestStore } from './testing/open-test-store.ts'
import { openSlowly } from './testing/slow-transaction.ts'
import { whereIs } from './testing/where-is.ts'

let test: TestStore
beforeAll(async () => {
  test = await openTestStore()
})
afterAll(async () => test[Symbol.asyncDispose]())

const name = () => `canary-${newId()}`
const event = (data: object): Append['events'][number] => ({
  type: 'told',
  data: { ...data },
  at: '2025-06-01T12:00:00.000Z',
  by: 'player',
  actor: 'someone',
})
const gone = { name: 'somebody' }

/** A stream that tells a name in its second of three events. */
async function openStream(canary: string): Promise<string> {
  const stream = newId()
  const events = [
    event({ number: 1 }),
    { ...event({ name: canary }), takes: [`name:${canary}`] },
    event({ number: 3 }),
  ]
  const secrets = [
    { name: 'name', value: canary },
    { name: 'seed', value: 'stays' },
  ]
  await test.store.append([
    append(stream, 0, { events, secrets, claims: [`name:${canary}`, `id:${stream}`] }),
  ])
  await test.store.saveSnapshot(stream, 1, 3, { name: canary }, 0)
  return stream
}

function redaction(stream: string, canary: string, parts: Partial<Append> = {}): Append {
  return append(stream, 0, {
    expected: { version: 3 },
    events: [event({ number: 4 })],
    fenceOffset: 1,
    redactions: [{ version: 2, data: gone }],
    forgottenSecrets: ['name'],
    releases: [`name:${canary}`],
    ...parts,
  })
}

describe('a redaction', () => {
  it('tells earlier events otherwise to everybody who reads them, and leaves the rest as it was', async () => {
    const canary = name()
    const stream = await openStream(canary)
    expect(await whereIs(test.database, canary)).toEqual(['claims', 'events', 'secrets', 'snapshots'])
    const before = await test.store.eventsOf(stream, 0, 10)
    expect(await test.store.append([redaction(stream, canary)])).toEqual([
      { kind: 'committed', versionBefore: 3, version: 4, fence: 4 },
    ])
    const expected = [before[0]!, { ...before[1]!, data: gone }, before[2]!]
    expect((await test.store.eventsOf(stream, 0, 10)).slice(0, 3)).toEqual(expected)
    const [loaded] = await test.store.load([{ stream, after: 0, snapshotSchema: 1 }])
    expect(loaded).toMatchObject({ version: 4, redactions: 1, snapshot: null })
    expect(loaded!.events.slice(0, 3)).toEqual(expected)
    expect((await test.store.versions([stream])).get(stream)).toEqual({ version: 4, fence: 4, redactions: 1 })
    expect(await test.store.secrets(stream)).toEqual(new Map([['seed', 'stays']]))
    expect(await test.store.holder(`id:${stream}`)).toBe(stream)
    expect(await whereIs(test.database, canary)).toEqual([])
  })

  it('does not move events in the order of commits', async () => {
    const canary = name()
    const [stream, later] = [await openStream(canary), newId()]
    await test.store.append([append(later, 1)])
    await test.store.append([redaction(stream, canary)])
    const streams = async () => {
      const { events } = await test.store.read(null, 500)
      return events.filter((read) => [stream, later].includes(read.stream)).map((read) => read.version)
    }
    // Transactions of other tests may hold a reader back.
    await vi.waitUntil(async () => (await streams()).length === 5, { timeout: 20_000, interval: 10 })
    expect(await streams()).toEqual([1, 2, 3, 1, 4])
  })

  it('also reaches an event of its own append', async () => {
    const [canary, stream] = [name(), newId()]
    const events = [event({ name: canary }), event({ number: 2 })]
    await test.store.append([append(stream, 0, { events, redactions: [{ version: 1, data: gone }] })])
    expect(await whereIs(test.database, canary)).toEqual([])
  })

  it('that loses a conflict takes nothing back', async () => {
    const canary = name()
    const stream = await openStream(canary)
    const late = redaction(stream, canary, { expected: { version: 2 } })
    expect(await test.store.append([late])).toEqual([{ kind: 'version-conflict' }])
    expect(await whereIs(test.database, canary)).toEqual(['claims', 'events', 'secrets', 'snapshots'])
    expect((await test.store.versions([stream])).get(stream)).toMatchObject({ redactions: 0 })
  })

  it('of an event that is not there is refused, and so is one without an event', async () => {
    const canary = name()
    const stream = await openStream(canary)
    const nowhere = redaction(stream, canary, {
      redactions: [
        { version: 2, data: gone },
        { version: 7, data: gone },
      ],
    })
    await expect(test.store.append([nowhere])).rejects.toThrow('not there')
    await expect(test.store.append([redaction(stream, canary, { events: [] })])).rejects.toThrow(
      'without an event',
    )
    expect((await test.store.versions([stream])).get(stream)).toMatchObject({ version: 3, redactions: 0 })
  })

  it('stops what was decided on a fence before it', async () => {
    const canary = name()
    const decide = (stream: string) =>
      append(stream, 0, { expected: { fence: 3 }, events: [event({ repeated: canary })] })
    const stream = await openStream(canary)
    await test.store.append([redaction(stream, canary)])
    expect(await test.store.append([decide(stream)])).toEqual([{ kind: 'version-conflict' }])
    expect(await whereIs(test.database, canary)).toEqual([])
    // A redaction that were not essential would let it through.
    const other = await openStream(canary)
    await test.store.append([redaction(other, canary, { fenceOffset: 0 })])
    expect((await test.store.append([decide(other)]))[0]).toMatchObject({ kind: 'committed' })
    expect(await whereIs(test.database, canary)).toEqual(['events'])
  })
})

describe('a snapshot of before a redaction', () => {
  it('that is saved after it is left out; one of what is told since is kept', async () => {
    const canary = name()
    const stream = await openStream(canary)
    await test.store.append([redaction(stream, canary)])
    const slow = await test.another()
    for (const [version, schema] of [
      [3, 1],
      [5, 1],
      [5, 2],
    ] as const)
      await slow.saveSnapshot(stream, schema, version, { name: canary }, 0)
    expect(await whereIs(test.database, canary)).toEqual([])
    await slow.saveSnapshot(stream, 1, 4, gone, 1)
    await slow.saveSnapshot(stream, 1, 5, { name: canary }, 0)
    const [loaded] = await slow.load([{ stream, after: 0, snapshotSchema: 1 }])
    expect(loaded).toMatchObject({ snapshot: { version: 4, state: gone } })
  })

  it('would come back if the table did not see to it', async () => {
    await using own = await openTestStore()
    const [canary, stream] = [name(), newId()]
    const events = [event({ number: 1 }), event({ name: canary }), event({ number: 3 })]
    await own.store.append([append(stream, 0, { events })])
    await own.store.append([redaction(stream, canary)])
    await onDatabase(own.database, (client) => client.query('drop trigger leave_out_redacted on snapshots'))
    await own.store.saveSnapshot(stream, 1, 3, { name: canary }, 0)
    expect(await whereIs(own.database, canary)).toEqual(['snapshots'])
  })

  it('that is being written while the redaction comes is waited for, and goes with the others', async () => {
    const canary = name()
    const stream = await openStream(canary)
    const slow = await openSlowly(test.database)
    await slow.query('begin')
    const text =
      'insert into snapshots values ($1, 2, 3, $2, 0) on conflict (stream) do update set schema = 2'
    await slow.query(text, [stream, JSON.stringify({ name: canary })])
    let isDone = false
    const redacting = test.store.append([redaction(stream, canary)]).then((outcomes) => {
      isDone = true
      return outcomes
    })
    const waiting = `select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'advisory'`
    await vi.waitUntil(async () => (await slow.query(waiting)).length > 0, { timeout: 20_000, interval: 5 })
    expect(isDone).toBe(false)
    await slow.commit()
    await slow.close()
    expect(await redacting).toMatchObject([{ kind: 'committed' }])
    expect(await whereIs(test.database, canary)).toEqual([])
  })
})

describe('the version before', () => {
  it('appends no more: it would not say what its events take', async () => {
    const functions = `select proname from pg_proc where proname in ('append_batch', 'commit_batch', 'append_events')`
    await onDatabase(test.database, async (client) => {
      expect((await client.query(functions)).rows).toEqual([{ proname: 'append_events' }])
    })
    expect(storeMigrations.filter(({ breaking }) => breaking).map(({ id }) => id)).toEqual(['store-7-takes'])
  })

  const oldSnapshot = `
    insert into snapshots as s (stream, schema, version, state) values ($1, $2, $3, $4)
    on conflict (stream) do update
    set schema = excluded.schema, version = excluded.version, state = excluded.state
    where s.schema < excluded.schema or (s.schema = excluded.schema and s.version < excluded.version)`

  it('may still save snapshots, but none of a stream that was redacted, also where there is one since', async () => {
    const canary = name()
    const stream = await openStream(canary)
    await onDatabase(test.database, async (client) => {
      await client.query(oldSnapshot, [stream, 1, 4, JSON.stringify({ name: canary, newer: true })])
      const [loaded] = await test.store.load([{ stream, after: 0, snapshotSchema: 1 }])
      expect(loaded?.snapshot).toMatchObject({ version: 4 })
      await test.store.append([redaction(stream, canary)])
      const stale = [stream, 1, 5, JSON.stringify({ name: canary })]
      await client.query(oldSnapshot, stale)
      await test.store.saveSnapshot(stream, 1, 4, gone, 1)
      await client.query(oldSnapshot, stale)
    })
    expect(await whereIs(test.database, canary)).toEqual([])
    const [loaded] = await test.store.load([{ stream, after: 0, snapshotSchema: 1 }])
    expect(loaded?.snapshot).toEqual({ version: 4, state: gone })
  })
})

async function onDatabase<Result>(
  database: Database,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client(poolTarget(database, 'public', {}))
  await client.connect()
  return work(client).finally(() => client.end())
}
