import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryBus, type MemoryBus } from '../bus/memory.ts'
import type { Requester } from '../bus/requester.ts'
import type { EventSources } from '../follow/event-source.ts'
import { blindToEpochs, FollowedService, sourcesOn } from '../follow/testing/followed-service.ts'
import { seen } from '../follow/testing/seen-view.ts'
import { silentLog } from '../log.ts'
import { append } from '../store/testing/append.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import type { View } from './view.ts'
import { createViewRunner, type RunningViews } from './view-runner.ts'

const patience = { timeout: 20_000, interval: 10 }

let bus: MemoryBus
let followed: FollowedService
let own: TestStore
let runners: RunningViews[]
let requesters: Requester[]
beforeEach(async () => {
  bus = createMemoryBus({ freeze: true })
  followed = await FollowedService.start(bus)
  own = await openTestStore()
  runners = []
  requesters = []
})
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop()))
  await Promise.all(requesters.map((requester) => requester.close()))
  await followed.stop()
  await own[Symbol.asyncDispose]()
  await bus.close()
})

type StartOptions = {
  views?: readonly View[]
  pollMs?: number
  sources?: (all: EventSources) => EventSources
}

/** An instance of the follower. Without a poll of its own it looks only when it is woken. */
async function start({ views = [seen()], pollMs = 60_000, sources = (all) => all }: StartOptions = {}) {
  const store = await own.another()
  const made = sourcesOn(bus, store)
  requesters.push(made.requester)
  const common = { store, database: own.database, log: silentLog, service: 'follower' }
  const runner = await createViewRunner({ ...common, views, pollMs, sources: sources(made.sources) })
  runners.push(runner)
  return runner
}

type Row = { stream: string; times: number }
const rowsOf = async (runner: RunningViews) =>
  runner.rows<Row>('select stream, times from seen order by place', [])

/** Until there are so many rows; then they must be the log: each event once, in the order of commits. */
async function expectLog(runner: RunningViews, count: number): Promise<void> {
  await vi.waitUntil(async () => (await rowsOf(runner)).length >= count, patience)
  const wanted = (await followed.log()).map((stream) => ({ stream, times: 1 }))
  expect(await rowsOf(runner)).toEqual(wanted)
}

describe('a view of another service’s events', () => {
  it('contains each once, in order, with two instances at it and one of them starting late', async () => {
    await followed.write(10)
    const one = await start()
    const writing = followed.write(60)
    await start()
    await writing
    await followed.write(10)
    await expectLog(one, 80)
    expect(one.health()).toEqual({ state: 'ready' })
    await vi.waitUntil(() => runners.every(({ figures }) => figures[0]?.lagMs === 0), patience)
    expect(one.figures[0]?.follower).toBe('view:seen')
  })

  it('would contain them twice if each instance kept a place of its own', async () => {
    const one = await start({ views: [seen({ name: 'one' })] })
    await start({ views: [seen({ name: 'two' })] })
    await followed.write(10)
    const isDoubled = async () => {
      const rows = await rowsOf(one)
      return rows.length === 10 && rows.every(({ times }) => times === 2)
    }
    await vi.waitUntil(isDoubled, patience)
    await expect(expectLog(one, 10)).rejects.toThrow('deeply equal')
  })

  it('is brought up to date by looking when the bus has lost that something happened', async () => {
    followed.publishes = false
    const runner = await start({ pollMs: 50 })
    await followed.write(5)
    await expectLog(runner, 5)
  })

  it('would not be without looking', async () => {
    const runner = await start()
    await vi.waitUntil(() => followed.asked > 0 && runner.figures[0]?.lagMs === 0, patience)
    followed.publishes = false
    await followed.write(5)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await rowsOf(runner)).toEqual([])
    followed.publishes = true
    await followed.write(1)
    await expectLog(runner, 6)
  })

  it('is built again when that service was restored', async () => {
    const [one] = [await start({ pollMs: 100 }), await start({ pollMs: 100 })]
    const written = await followed.write(20)
    await expectLog(one!, 20)
    await followed.restoreWithout(written.slice(12))
    await followed.write(3)
    await vi.waitUntil(async () => (await rowsOf(one!)).length === 15, patience)
    await expectLog(one!, 15)
  })

  it('would keep what was lost there, and miss what came, if nobody looked at the epoch', async () => {
    const blind = (all: EventSources) => blindToEpochs(all, followed)
    const runner = await start({ pollMs: 50, sources: blind })
    const written = await followed.write(20)
    await vi.waitUntil(async () => (await rowsOf(runner)).length === 20, patience)
    await followed.restoreWithout(written.slice(12))
    await followed.write(3)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await expect(expectLog(runner, 15)).rejects.toThrow('deeply equal')
  })

  it('stays as it is when its own service was restored, for rows and place were restored together', async () => {
    const runner = await start()
    await followed.write(5)
    await expectLog(runner, 5)
    await own.store.append([append('01900000-0000-7000-8000-000000000001', 1)])
    const views = [seen(), seen({ name: 'local', source: 'follower' })]
    const local = await start({ views, pollMs: 50 })
    await vi.waitUntil(async () => (await rowsOf(local)).length === 6, patience)
    await local.rows('select renew_epoch()', [])
    const readers = await local.rows<{ name: string; epoch: string }>('select name, epoch from readers', [])
    const epochOf = (name: string) => readers.find((reader) => reader.name === name)?.epoch
    expect(epochOf('remote-view:seen')).toBe(followed.store.epoch)
    expect(epochOf('view:local')).not.toBe(own.store.epoch)
  })

  it('can be read while that service is away, which is told and takes nobody down', async () => {
    const runner = await start({ pollMs: 50 })
    await followed.write(5)
    await expectLog(runner, 5)
    followed.answers = false
    await followed.write(5)
    const told = 'seen: followed was asked readEvents'
    await vi.waitUntil(() => runner.health().detail?.startsWith(told), patience)
    expect(runner.health().state).toBe('ready')
    expect(await rowsOf(runner)).toHaveLength(5)
    expect(runner.figures[0]?.lagMs).toBeGreaterThan(0)
    followed.answers = true
    await expectLog(runner, 10)
    await vi.waitUntil(() => runner.health().detail === undefined, patience)
  })

  it('that can’t take an event keeps nothing of the batch, and says so', async () => {
    let isBroken = true
    const fragile = seen({
      async apply(transaction, events) {
        await seen().apply(transaction, events)
        if (isBroken) throw new Error('cannot take this event')
      },
    })
    const runner = await start({ views: [fragile], pollMs: 50 })
    await followed.write(3)
    await vi.waitUntil(() => runner.health().state === 'failing', patience)
    expect(runner.health().detail).toContain('seen: cannot take this event')
    expect(await rowsOf(runner)).toEqual([])
    isBroken = false
    await expectLog(runner, 3)
  })

  it('needs somebody to ask', async () => {
    const { store, database } = own
    const views = [seen()]
    await expect(createViewRunner({ store, database, views, log: silentLog })).rejects.toThrow("can't read")
  })
})
