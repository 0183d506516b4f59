import { newId } from '@matchday/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../log.ts'
import type { Checkpoint, Store } from '../store/port.ts'
import { append } from '../store/testing/append.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import type { View } from './view.ts'
import { createViewRunner, type RunningViews, viewLimits } from './view-runner.ts'

let test: TestStore
let runners: RunningViews[]
beforeEach(async () => {
  test = await openTestStore()
  runners = []
})
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop()))
  await test[Symbol.asyncDispose]()
})

/** Counts the events of each stream. */
function counts(parts: Partial<View> = {}): View {
  return {
    name: 'counts',
    schema: 1,
    create: async (transaction) => {
      await transaction.query('create table counts (stream uuid primary key, events integer not null)')
    },
    drop: async (transaction) => {
      await transaction.query('drop table counts')
    },
    async apply(transaction, events) {
      for (const { stream } of events) {
        await transaction.query(
          `insert into counts values ($1, 1)
           on conflict (stream) do update set events = counts.events + 1`,
          [stream],
        )
      }
    },
    ...parts,
  }
}

async function start(...views: View[]): Promise<RunningViews> {
  const { store, database } = test
  const runner = await createViewRunner({ store, database, views, log: silentLog, pollMs: 20 })
  runners.push(runner)
  return runner
}

const total = async (runner: RunningViews): Promise<number> => {
  const [row] = await runner.rows<{ sum: number }>(
    'select coalesce(sum(events), 0)::integer as sum from counts',
    [],
  )
  return row!.sum
}

async function write(events: number): Promise<void> {
  for (let count = 0; count < events; count++) await test.store.append([append(newId(), 1)])
}

/** Where a reader is who has read so many events. */
async function checkpointAfter(events: number): Promise<Checkpoint> {
  const read = () => test.store.read(null, events)
  await vi.waitUntil(async () => (await read()).events.length === events, { timeout: 20_000 })
  return (await read()).checkpoint
}

describe('a view', () => {
  it('contains every event once, also with two instances at it and one of them starting late', async () => {
    await write(20)
    const one = await start(counts())
    const writing = write(60)
    const two = await start(counts())
    await writing
    one.wake()
    two.wake()
    await two.caughtUp(await checkpointAfter(80))
    expect(await total(two)).toBe(80)
    expect(one.health()).toEqual({ state: 'ready' })
  })

  it('is kept by many instances with little more reading than by one', async () => {
    const events = 120
    const rarelyMs = 3_600_000
    const readBy3 = async (isBlind: boolean): Promise<number> => {
      let read = 0
      const { store, database } = test
      const counting: Store = {
        ...store,
        // What an instance would do that doesn't look where the others are.
        checkpoint: (reader) => (isBlind ? Promise.resolve(null) : store.checkpoint(reader)),
        read: async (after, limit) => {
          const batch = await store.read(after, limit)
          read += batch.events.length
          return batch
        },
      }
      const three = await Promise.all(
        [20, rarelyMs, rarelyMs].map((pollMs) =>
          createViewRunner({ store: counting, database, views: [counts()], log: silentLog, pollMs }),
        ),
      )
      runners.push(...three)
      // Whoever is still at his first look goes on for as long as something comes.
      await vi.waitUntil(() => three.every(({ figures }) => figures[0]!.lagMs === 0), { timeout: 20_000 })
      await write(events)
      const target = await checkpointAfter(events)
      await vi.waitUntil(async () => (await total(three[0]!)) >= events, { timeout: 20_000 })
      // The others look when it is all done.
      for (const runner of three) {
        runner.wake()
        await runner.caughtUp(target)
      }
      await Promise.all(three.map((runner) => runner.stop()))
      runners = []
      return read
    }
    expect(await readBy3(false)).toBeLessThan(1.5 * events)
    await test[Symbol.asyncDispose]()
    test = await openTestStore()
    expect(await readBy3(true)).toBeGreaterThan(2.5 * events)
  })

  it('takes many commits in one transaction while there are many', async () => {
    let transactions = 0
    const counting = counts({
      async apply(transaction, events) {
        transactions++
        await counts().apply(transaction, events)
      },
    })
    const runner = await start(counting)
    const begunAt = performance.now()
    for (let count = 0; count < 150; count++) {
      await write(1)
      runner.wake()
    }
    await vi.waitUntil(async () => (await total(runner)) === 150, { timeout: 20_000 })
    const looksMax = 2 + (performance.now() - begunAt) / viewLimits.paceMs
    expect(transactions).toBeLessThanOrEqual(looksMax)
    // At one's side somebody who waits is not made to.
    await write(1)
    await runner.caughtUp(await checkpointAfter(151))
    expect(await total(runner)).toBe(151)
  })

  it('is told the types that it needs alone, and is up to date with the others too', async () => {
    let told = 0
    const choosy = (types: readonly string[]) =>
      counts({
        types,
        async apply(transaction, events) {
          told++
          await counts().apply(transaction, events)
        },
      })
    const none = await start(choosy(['never']))
    await write(3)
    const target = await checkpointAfter(3)
    await none.caughtUp(target)
    expect(told).toBe(0)
    await vi.waitUntil(async () => none.figures[0]!.lagMs === 0, { timeout: 20_000 })
    const [place] = await none.rows(
      "select xid::text, position::text from readers where name = 'view:counts'",
      [],
    )
    expect(place).toEqual({ xid: target.xid, position: target.position })
    const all = await start({ ...choosy(['happened']), schema: 2 })
    await all.caughtUp(target)
    expect(await total(all)).toBe(3)
  })

  it('makes again what a crash of the database took of it', async () => {
    const runner = await start(counts())
    await write(5)
    await runner.caughtUp(await checkpointAfter(5))
    await runner.rows('create table kept as select * from counts', [])
    await runner.rows("create table kept_reader as select * from readers where name = 'view:counts'", [])
    await write(5)
    await runner.caughtUp(await checkpointAfter(10))
    expect(await total(runner)).toBe(10)
    // What was committed last was not on the disk yet, neither rows nor checkpoint.
    const crash = `do $$ begin
      delete from counts; insert into counts select * from kept;
      delete from readers where name = 'view:counts'; insert into readers select * from kept_reader;
    end $$`
    await runner.rows(crash, [])
    await vi.waitUntil(async () => (await total(runner)) === 10, { timeout: 20_000 })
    expect(runner.health()).toEqual({ state: 'ready' })
  })

  it('is built again when its schema is a newer one, and left alone by an older version', async () => {
    const older = await start(counts())
    await write(5)
    await older.caughtUp(await checkpointAfter(5))
    const twice = counts({
      schema: 2,
      apply: async (transaction, events) => {
        await counts().apply(transaction, [...events, ...events])
      },
    })
    const newer = await start(twice)
    await newer.caughtUp(await checkpointAfter(5))
    expect(await total(newer)).toBe(10)
    await start(counts())
    await write(5)
    older.wake()
    await newer.caughtUp(await checkpointAfter(10))
    expect(await total(newer)).toBe(20)
  })

  it('that fails keeps nothing of the batch, tells so, and goes on when it can', async () => {
    let isBroken = true
    const fragile = counts({
      name: 'fragile',
      create: async () => {},
      async apply(transaction, events) {
        await counts().apply(transaction, events)
        if (isBroken) throw new Error('cannot take this event')
      },
    })
    const plain = counts({ apply: async () => {} })
    const runner = await start(plain, fragile)
    await write(3)
    await vi.waitUntil(() => runner.health().state === 'failing', { timeout: 20_000 })
    expect(runner.health().detail).toContain('fragile: cannot take this event')
    expect(await total(runner)).toBe(0)
    isBroken = false
    await runner.caughtUp(await checkpointAfter(3))
    expect(await total(runner)).toBe(3)
    await vi.waitUntil(() => runner.health().state === 'ready', { timeout: 20_000 })
  })
})
