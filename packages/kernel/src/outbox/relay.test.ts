import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryBus } from '../bus/memory.ts'
import type { EventMessage } from '../message.ts'
import { createRelay, relayLimits } from './relay.ts'
import { EventLog } from './testing/event-log.ts'

function start(store = new EventLog()) {
  const bus = createMemoryBus({ freeze: true })
  const published: EventMessage[] = []
  const batches: number[] = []
  bus.subscribeEvents({ service: 'tests' }, (events) => {
    published.push(...events)
    batches.push(events.length)
  })
  const relay = createRelay({ store, bus, service: 'tests', random: () => 0.999 })
  return { store, bus, relay, published, batches }
}

const versions = (events: readonly { version: number }[]) => events.map((event) => event.version)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('the relay', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('publishes what was committed as soon as it is woken, as messages of its service and epoch', async () => {
    const { store, relay, published } = start()
    await pass(5_000)
    store.commit()
    relay.wake()
    await pass(0)
    const { by: _, ...event } = store.events[0]!
    expect(published).toEqual([{ ...event, service: 'tests', epoch: 'first' }])
    await relay.stop()
  })

  it('finds without being woken what others have committed', async () => {
    const { store, relay, published } = start()
    await pass(5_000)
    store.commit()
    await pass(relayLimits.pollMs)
    expect(versions(published)).toEqual([1])
    await relay.stop()
  })

  it('reads seldom while nothing happens', async () => {
    const { store, relay } = start()
    await pass(10_000)
    const reads = store.reads
    await pass(10_000)
    expect(store.reads - reads).toBe(10)
    await relay.stop()
  })

  it('publishes a long log in batches, in order, one after the other', async () => {
    const store = new EventLog()
    store.commit(1_234)
    const { relay, published, batches } = start(store)
    await pass(0)
    expect(versions(published)).toEqual(upTo(1_234))
    expect(batches).toEqual([500, 500, 234])
    expect(relay.lagMs).toBe(0)
    expect(relay.published).toBe(1_234)
    await relay.stop()
  })

  it('soon looks again for what could not be read when it was woken', async () => {
    const { store, relay, published } = start()
    await pass(5_000)
    store.readable = 0
    store.commit()
    relay.wake()
    await pass(45)
    expect(published).toEqual([])
    store.readable = 1
    await pass(160)
    expect(versions(published)).toEqual([1])
    await relay.stop()
  })

  it('misses no wake, whenever it comes', async () => {
    const { store, relay, published } = start()
    const read = store.read.bind(store)
    // A commit right after the log was read, and its wake before the relay lies down.
    store.read = async (after, limit) => {
      const batch = await read(after, limit)
      if (store.events.length < 20) {
        store.commit()
        relay.wake()
      }
      return batch
    }
    // Each is found at the next look, which is sooner than the one that nobody asked for.
    expect(relayLimits.paceMs).toBeLessThan(relayLimits.recheckMs)
    await pass(20 * relayLimits.paceMs)
    expect(versions(published)).toEqual(upTo(20))
    await relay.stop()
  })

  it('looks at once after a quiet moment, and takes many commits along when they come thick and fast', async () => {
    const { store, relay, published, batches } = start()
    await pass(5_000)
    const { reads } = store
    for (let commits = 0; commits < 8 * relayLimits.paceMs; commits++) {
      store.commit()
      relay.wake()
      await pass(1)
    }
    expect(batches[0]).toBe(1)
    expect(Math.max(...batches)).toBe(relayLimits.paceMs)
    expect(store.reads - reads).toBeLessThanOrEqual(9)
    await pass(relayLimits.paceMs)
    expect(versions(published)).toEqual(upTo(8 * relayLimits.paceMs))
    await relay.stop()
  })

  it('does not let a stop wait for its pace', async () => {
    const { store, relay, published } = start()
    await pass(5_000)
    store.commit()
    relay.wake()
    await pass(0)
    store.commit()
    await relay.stop()
    expect(versions(published)).toEqual([1, 2])
  })

  it('saves its place now and then, and goes on from there', async () => {
    const store = new EventLog()
    const first = start(store)
    for (let commits = 0; commits < 100; commits++) {
      store.commit()
      first.relay.wake()
      await pass(10)
    }
    expect(store.saves).toBeGreaterThanOrEqual(3)
    expect(store.saves).toBeLessThanOrEqual(5)
    await pass(2_000)
    expect(store.saved?.position).toBe('100')
    store.commit()
    const second = start(store)
    await pass(0)
    expect(versions(second.published)).toEqual([101])
    await Promise.all([first.relay.stop(), second.relay.stop()])
  })

  it('begins anew when the store was restored since', async () => {
    const store = new EventLog()
    store.commit(3)
    store.saved = { epoch: 'before', xid: '9', position: '99' }
    const { relay, published } = start(store)
    await pass(0)
    expect(versions(published)).toEqual([1, 2, 3])
    await relay.stop()
    expect(store.saved).toEqual({ epoch: 'first', xid: '0', position: '3' })
  })

  it('skips nothing while the bus is down, and goes on as soon as it is up', async () => {
    const { store, bus, relay, published } = start()
    store.commit(2)
    relay.wake()
    await pass(0)
    bus.setState('down')
    for (let commits = 0; commits < 20; commits++) {
      store.commit()
      relay.wake()
      await pass(1_000)
    }
    expect(relay.health()).toEqual({ state: 'failing', detail: 'The bus is down' })
    expect(relay.lagMs).toBeGreaterThan(19_000)
    // It doesn't storm: about one attempt in five seconds by now.
    const { reads } = store
    await pass(20_000)
    expect(store.reads - reads).toBeLessThanOrEqual(5)
    bus.setState('up')
    await pass(0)
    expect(versions(published)).toEqual(upTo(22))
    expect(relay.health()).toEqual({ state: 'ready' })
    expect(relay.lagMs).toBe(0)
    await relay.stop()
  })

  it('skips nothing when the store fails, in reading or in saving', async () => {
    const { store, relay, published } = start()
    store.commit()
    store.failing = 'read'
    await pass(1_000)
    expect(relay.health().state).toBe('failing')
    store.failing = 'save'
    await pass(10_000)
    store.commit()
    await pass(10_000)
    store.failing = null
    await pass(10_000)
    // At least once, in order: by its version each counts once.
    expect([...new Set(versions(published))]).toEqual([1, 2])
    expect(store.saved?.position).toBe('2')
    await relay.stop()
  })

  it('publishes what was committed last before it stops, and saves its place', async () => {
    const { store, relay, published } = start()
    await pass(5_000)
    store.commit(700)
    await relay.stop()
    expect(versions(published)).toEqual(upTo(700))
    expect(store.saved?.position).toBe('700')
    const { reads } = store
    await pass(10_000)
    expect(store.reads).toBe(reads)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('stops in time although the store does not answer', async () => {
    const { store, relay } = start()
    await pass(5_000)
    store.read = () => new Promise(() => {})
    relay.wake()
    const stopped = relay.stop()
    await pass(relayLimits.stopMs)
    await stopped
  })

  it('stops at once although the bus is down', async () => {
    const { store, bus, relay } = start()
    bus.setState('down')
    store.commit()
    relay.wake()
    await pass(30_000)
    const stopped = relay.stop()
    await pass(0)
    await stopped
  })
})
