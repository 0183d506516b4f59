import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Checkpoint, ReadBatch, RecordedEvent, Store } from './port.ts'
import { append } from './testing/append.ts'
import { openTestStore, type TestStore } from './testing/open-test-store.ts'
import { openSlowly } from './testing/slow-transaction.ts'

const waiting = { timeout: 20_000, interval: 10 }

let test: TestStore
let slow: Awaited<ReturnType<typeof openSlowly>>
let slower: Awaited<ReturnType<typeof openSlowly>>
let from: Checkpoint | null = null

beforeAll(async () => {
  test = await openTestStore()
  slow = await openSlowly(test.database)
  slower = await openSlowly(test.database)
})
afterAll(async () => {
  await slow.close()
  await slower.close()
  await test[Symbol.asyncDispose]()
})
beforeEach(async () => {
  from = await lastCheckpoint(test.store)
})

async function lastCheckpoint(store: Store): Promise<Checkpoint> {
  let { events, checkpoint } = await store.read(null, 500)
  while (events.length > 0) ({ events, checkpoint } = await store.read(checkpoint, 500))
  return checkpoint
}

/**
 * The streams of the next events, in the order of reading; and goes on from there. Transactions of other
 * databases of the server (of other tests) may hold a reader back for a moment, so it looks until there are
 * so many.
 */
async function next(count: number): Promise<readonly string[]> {
  const { events, checkpoint } = await readUntil(test.store, from, count)
  from = checkpoint
  return events.map((event) => event.stream)
}

async function readUntil(store: Store, after: Checkpoint | null, count: number): Promise<ReadBatch> {
  let batch = await store.read(after, 500)
  await vi.waitUntil(async () => (batch = await store.read(after, 500)).events.length >= count, waiting)
  return batch
}

describe('a reader', () => {
  it('waits for a slow transaction that began earlier, and then skips neither', async () => {
    const [early, late] = [newId(), newId()]
    await slow.append(append(early, 1))
    await test.store.append([append(late, 1)])
    expect(await next(0)).toEqual([])
    await slow.commit()
    expect(await next(2)).toEqual([early, late])
    expect(await next(0)).toEqual([])
  })

  it('does not wait for a slow transaction that began later', async () => {
    const [early, late] = [newId(), newId()]
    await test.store.append([append(early, 1)])
    await slow.append(append(late, 1))
    expect(await next(1)).toEqual([early])
    await slow.commit()
    expect(await next(1)).toEqual([late])
  })

  it('goes on past the places of a transaction that was rolled back', async () => {
    const [undone, done] = [newId(), newId()]
    await slow.append(append(undone, 3))
    await test.store.append([append(done, 1)])
    await slow.rollback()
    expect(await next(1)).toEqual([done])
  })

  it('skips none of several slow ones, whichever ends first', async () => {
    const [one, two, three, four] = [newId(), newId(), newId(), newId()]
    await slow.append(append(one, 1))
    await slower.append(append(two, 1))
    await test.store.append([append(three, 1)])
    await slower.commit()
    expect(await next(0)).toEqual([])
    await slower.append(append(four, 1))
    await slow.commit()
    expect(await next(3)).toEqual([one, two, three])
    await slower.commit()
    expect(await next(1)).toEqual([four])
  })

  it('is not held back by transactions that only read', async () => {
    await slow.query('begin transaction isolation level repeatable read')
    await slow.query('select count(*) from events')
    const stream = newId()
    await test.store.append([append(stream, 1)])
    expect(await next(1)).toEqual([stream])
    await slow.commit()
  })

  it('is told the types that it asks for, and passes the others by', async () => {
    const typed = (type: string) => ({ ...append(newId(), 1).events[0]!, type })
    const types = ['a', 'b', 'a', 'c', 'c']
    await test.store.append([append(newId(), 5, { events: types.map(typed) })])
    await readUntil(test.store, from, 5)
    const some = await test.store.read(from, 4, ['a', 'd'])
    expect(some.events.map(({ version }) => version)).toEqual([1, 3])
    expect(some.events[0]).toEqual((await test.store.read(from, 1)).events[0])
    expect(some.isFull).toBe(true)
    const none = await test.store.read(some.checkpoint, 4, ['a', 'd'])
    expect(none).toMatchObject({ events: [], isFull: false })
    expect(none.checkpoint).toEqual((await test.store.read(from, 5)).checkpoint)
    expect(await test.store.read(none.checkpoint, 4, ['a'])).toEqual(none)
  })

  it('tells times as they were written', async () => {
    const times = ['.000', '.100', '.120', '.123', '.003'].map((part) => `2026-01-31T23:59:59${part}Z`)
    const [event] = append(newId(), 1).events
    const events = times.map((at) => ({ ...event!, at }))
    const stream = newId()
    await test.store.append([append(stream, times.length, { events })])
    const read = await readUntil(test.store, from, times.length)
    expect(read.events.map(({ at }) => at)).toEqual(times)
    const [loaded] = await test.store.load([{ stream, after: 0, snapshotSchema: 1 }])
    expect(loaded!.events.map(({ at }) => at)).toEqual(times)
    expect(await test.store.eventsOf(stream, 0, 10)).toEqual(read.events)
  })

  it('reads in pages, and keeps its checkpoint by name', async () => {
    const streams = [newId(), newId(), newId()]
    for (const stream of streams) await test.store.append([append(stream, 2)])
    await readUntil(test.store, from, 6)
    const first = await test.store.read(from, 3)
    await test.store.saveCheckpoint('reader', first.checkpoint)
    await test.store.saveCheckpoint('reader', first.checkpoint)
    expect(await test.store.checkpoint('nobody')).toBeNull()
    const second = await test.store.read(await test.store.checkpoint('reader'), 500)
    const read = [...first.events, ...second.events].map(({ stream, version }) => ({ stream, version }))
    expect(read).toEqual(streams.flatMap((stream) => [1, 2].map((version) => ({ stream, version }))))
  })
})

describe('after a restore', () => {
  it('the epoch is another one, checkpoints of readers no longer fit, those of views move along', async () => {
    await using own = await openTestStore()
    const before = own.store
    for (let count = 0; count < 4; count++) await before.append([append(newId(), 1)])
    await readUntil(before, null, 4)
    const half = await before.read(null, 2)
    await before.saveCheckpoint('relay', half.checkpoint)
    await before.saveCheckpoint('view:names', half.checkpoint)
    const operator = await openSlowly(own.database)
    await operator.query('select renew_epoch()')
    await operator.close()

    const after = await own.another()
    expect(after.epoch).not.toBe(before.epoch)
    await expect(after.read(await after.checkpoint('relay'), 10)).rejects.toMatchObject({
      code: 'checkpoint-of-another-epoch',
      retryable: false,
    })
    const all = await readUntil(after, null, 4)
    const rest = await after.read(await after.checkpoint('view:names'), 10)
    expect(rest.events).toEqual(all.events.slice(2))
    const stream = newId()
    await after.append([append(stream, 1)])
    const latest = await readUntil(after, all.checkpoint, 1)
    expect(latest.events.map((event) => event.stream)).toEqual([stream])
  })
})

const load = { writers: 12, transactionsPerWriter: 40, streams: 8, slowMsMax: 6 }

/** Many connections append to the same streams, two at a time, end as late as they like, or not at all. */
async function writeWildly(streams: readonly string[]): Promise<void> {
  const writer = async (number: number): Promise<void> => {
    const connection = await openSlowly(test.database)
    for (let count = 0; count < load.transactionsPerWriter; count++) {
      const chosen = [
        streams[(number + count) % streams.length]!,
        streams[(number * 3 + count * 5) % streams.length]!,
      ]
      const appends = [...new Set(chosen)].map((stream) => append(stream, 1, { expected: { fence: 0 } }))
      await connection.append(...appends)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * load.slowMsMax))
      await (Math.random() < 0.1 ? connection.rollback() : connection.commit())
    }
    await connection.close()
  }
  await Promise.all(Array.from({ length: load.writers }, (_, number) => writer(number)))
}

async function countEvents(streams: readonly string[]): Promise<number> {
  return [...(await test.store.versions(streams)).values()].reduce((sum, { version }) => sum + version, 0)
}

const nameOf = ({ stream, version }: Pick<RecordedEvent, 'stream' | 'version'>) => `${stream} ${version}`

describe('under load', () => {
  it('misses nothing and keeps the order of each stream, where a reader by position misses events', async () => {
    const streams = Array.from({ length: load.streams }, () => newId())
    let isWriting = true
    const writing = writeWildly(streams).finally(() => {
      isWriting = false
    })

    const read: RecordedEvent[] = []
    const readAll = async (): Promise<void> => {
      for (;;) {
        const isLast = !isWriting && (await countEvents(streams)) <= read.length
        const batch = await test.store.read(from, 50)
        from = batch.checkpoint
        read.push(...batch.events)
        if (batch.events.length === 0 && isLast) return
      }
    }
    const naive = new Set<string>()
    const readByPosition = async (): Promise<void> => {
      const connection = await openSlowly(test.database)
      const [start] = await connection.query<{ max: string }>('select max(position) from events')
      let last = start!.max
      for (;;) {
        const wasWriting = isWriting
        const rows = await connection.query<{ position: string; stream: string; version: number }>(
          'select position, stream, version from events where position > $1 order by position limit 50',
          [last],
        )
        for (const row of rows) naive.add(nameOf(row))
        last = rows.at(-1)?.position ?? last
        if (rows.length === 0 && !wasWriting) break
      }
      await connection.close()
    }
    await Promise.all([writing, readAll(), readByPosition()])

    const versions = await test.store.versions(streams)
    const all = streams.flatMap((stream) =>
      Array.from({ length: versions.get(stream)!.version }, (_, index) =>
        nameOf({ stream, version: index + 1 }),
      ),
    )
    expect(all.length).toBeGreaterThan(load.writers * load.transactionsPerWriter)
    // Each once, and a stream's in the order of its versions.
    for (const stream of streams) {
      const own = read.filter((event) => event.stream === stream).map((event) => event.version)
      expect(own).toEqual(Array.from({ length: versions.get(stream)!.version }, (_, index) => index + 1))
    }
    expect(read).toHaveLength(all.length)
    expect(all.filter((name) => !naive.has(name)).length).toBeGreaterThan(0)
  })
})
