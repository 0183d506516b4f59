import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryBus } from '../bus/memory.ts'
import { Fault } from '../fault.ts'
import type { EventMessage } from '../message.ts'
import type { Leases } from '../store/port.ts'
import { leasesInMemory } from '../store/testing/leases-in-memory.ts'
import { leadershipLimits } from './leadership.ts'
import { createLeasedRelay } from './leased-relay.ts'
import { relayLimits } from './relay.ts'
import { EventLog } from './testing/event-log.ts'

const { expiresMs, marginMs, lookMs, spreadMs } = leadershipLimits
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const versions = (events: readonly { version: number }[]) => events.map((event) => event.version)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** An instance whose way to the database can be cut. */
function cuttable(leases: Leases): Leases & { mode: 'works' | 'fails' | 'hangs' } {
  const through = async <T>(call: () => Promise<T>): Promise<T> => {
    if (cut.mode === 'fails') throw new Fault('unavailable', 'the store is away', { retryable: true })
    if (cut.mode === 'hangs') await new Promise(() => {})
    return call()
  }
  const cut: Leases & { mode: 'works' | 'fails' | 'hangs' } = {
    mode: 'works',
    look: (name) => through(() => leases.look(name)),
    take: (name, holder, forMs) => through(() => leases.take(name, holder, forMs)),
    release: (name, holder) => through(() => leases.release(name, holder)),
  }
  return cut
}

function startMany(count: number, parts: { shared?: boolean } = {}) {
  const log = new EventLog()
  const bus = createMemoryBus({ freeze: true })
  const published: EventMessage[] = []
  bus.subscribeEvents({ service: 'tests' }, (events) => published.push(...events))
  const table = leasesInMemory()
  const instances = Array.from({ length: count }, () => {
    // Not shared: each believes that it is alone, as if there were no lease.
    const leases = cuttable(parts.shared === false ? leasesInMemory() : table)
    // Each is connected in its own way, to the same broker.
    const state: { value: 'up' | 'down' } = { value: 'up' }
    const own = new Proxy(bus, {
      get: (target, key) => {
        const value: unknown = key === 'state' ? state.value : Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const store = {
      epoch: log.epoch,
      read: log.read.bind(log),
      checkpoint: log.checkpoint.bind(log),
      saveCheckpoint: log.saveCheckpoint.bind(log),
      leases,
    }
    const skew = { ms: 0 }
    const clock = { now: () => Date.now(), monotonicMs: () => performance.now() + skew.ms }
    const relay = createLeasedRelay({ store, bus: own, service: 'tests', clock, random: () => 0.999 })
    return { relay, leases, state, skew }
  })
  const leaders = () => instances.filter(({ relay }) => relay.isLeading)
  return { log, bus, published, instances, leaders, stop: () => stopAll(instances.map((one) => one.relay)) }
}

const stopAll = async (relays: readonly { stop(): Promise<void> }[]): Promise<void> => {
  const stopped = Promise.all(relays.map((relay) => relay.stop()))
  await pass(5_000)
  await stopped
}

describe('relays of many instances', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    ['publish each event once: one of them leads', true, 1],
    ['publish everything as often as there are instances without a lease', false, 3],
  ])('%s', async (_name, shared, times) => {
    const { log, published, instances, stop } = startMany(3, { shared })
    await pass(0)
    for (let commits = 0; commits < 30; commits++) {
      log.commit()
      instances[commits % 3]?.relay.wake()
      await pass(20)
    }
    await pass(2_000)
    expect(published).toHaveLength(30 * times)
    expect(new Set(versions(published)).size).toBe(30)
    await stop()
  })

  it('hear by a nudge what was committed elsewhere, long before they would look', async () => {
    const { log, published, instances, leaders, stop } = startMany(3)
    await pass(10_000)
    expect(leaders()).toHaveLength(1)
    const standby = instances.find(({ relay }) => !relay.isLeading)
    log.commit()
    standby?.relay.wake()
    await pass(0)
    expect(versions(published)).toEqual([1])
    expect(standby?.relay.health()).toEqual({ state: 'ready', detail: 'another instance publishes' })
    await stop()
  })

  it('begin anew when the lease was in doubt for a moment, although it is renewed after all', async () => {
    const { log, published, instances, stop } = startMany(1)
    await pass(10_000)
    const { relay, leases, skew } = instances[0]!
    const take = leases.take
    let answer = (): void => {}
    leases.take = async (...asked) => {
      const taken = await take(...asked)
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return taken
    }
    await pass(leadershipLimits.renewMs)
    // The process stood still while the answer was on its way: the lease of before is over, the new one isn't.
    skew.ms += expiresMs - leadershipLimits.renewMs
    log.commit()
    relay.wake()
    await pass(0)
    expect(published).toEqual([])
    leases.take = take
    answer()
    await pass(leadershipLimits.paceMs + leadershipLimits.retryMs)
    expect(versions(published)).toEqual([1])
    await stop()
  })

  it('hand over at once when the leader stops, and nothing is skipped', async () => {
    const { log, published, instances, leaders, stop } = startMany(3)
    await pass(10_000)
    for (let turn = 1; turn <= 2; turn++) {
      const [leader] = leaders()
      log.commit(5)
      const stopped = leader?.relay.stop()
      await pass(leadershipLimits.paceMs)
      await stopped
      expect(leaders()).toHaveLength(1)
      expect(leaders()[0]).not.toBe(leader)
      log.commit()
      instances.find(({ relay }) => !relay.isLeading)?.relay.wake()
      await pass(20)
      expect(versions(published)).toEqual(upTo(6 * turn))
    }
    await stop()
  })

  it.each(['fails', 'hangs'] as const)(
    'stop publishing before anybody else begins, when the lease cannot be renewed: it %s',
    async (mode) => {
      const { log, published, instances, leaders, stop } = startMany(2)
      await pass(10_000)
      const [leader] = leaders()
      if (leader === undefined) throw new Error('nobody leads')
      leader.leases.mode = mode
      let both = 0
      let handedOverMs = 0
      for (let ms = 0; ms < 4_000; ms += 10) {
        await pass(10)
        if (leaders().length > 1) both++
        if (handedOverMs === 0 && leaders().some((other) => other !== leader)) handedOverMs = ms
        log.commit()
        for (const { relay } of instances) relay.wake()
      }
      expect(both).toBe(0)
      expect(handedOverMs).toBeGreaterThan(expiresMs - leadershipLimits.renewMs - marginMs)
      expect(handedOverMs).toBeLessThan(2_000)
      await pass(100)
      // What the old leader had published since its last checkpoint comes again, and no more than that.
      expect([...new Set(versions(published))]).toEqual(upTo(400))
      expect(published.length - 400).toBeLessThanOrEqual(relayLimits.checkpointMs / 10)
      await stop()
    },
  )

  it('publish nothing after a pause in which the lease ran out, although no timer has told them yet', async () => {
    const { log, published, instances, leaders, stop } = startMany(2)
    await pass(10_000)
    const [leader] = leaders()
    if (leader === undefined) throw new Error('nobody leads')
    // It slept for ten seconds, and the first that it does is to publish.
    leader.skew.ms = 10_000
    log.commit()
    leader.relay.wake()
    await pass(0)
    expect(published).toEqual([])
    await pass(3_000)
    expect(versions(published)).toEqual([1])
    expect(instances.filter(({ relay }) => relay.isLeading)).toHaveLength(1)
    await stop()
  })

  it('give the lease to an instance that reaches the bus', async () => {
    const { log, published, leaders, stop } = startMany(2)
    await pass(10_000)
    const [leader] = leaders()
    if (leader === undefined) throw new Error('nobody leads')
    leader.state.value = 'down'
    await pass(leadershipLimits.renewMs + lookMs + spreadMs)
    expect(leaders()).toHaveLength(1)
    expect(leaders()[0]).not.toBe(leader)
    expect(leader.relay.health().state).toBe('failing')
    log.commit()
    leaders()[0]?.relay.wake()
    await pass(20)
    expect(versions(published)).toEqual([1])
    await stop()
  })

  it('begin nothing when they are stopped while they ask for the lease', async () => {
    const { log, published, instances, leaders } = startMany(1)
    const [only] = instances
    let answer = () => {}
    const take = only!.leases.take
    only!.leases.take = async (...call) => {
      await new Promise<void>((resolve) => (answer = resolve))
      return take(...call)
    }
    log.commit()
    await pass(0)
    const stopped = only!.relay.stop()
    await pass(2_000)
    await stopped
    answer()
    await pass(2_000)
    expect(leaders()).toEqual([])
    expect(published).toEqual([])
    expect(await only!.leases.look('relay')).toBeNull()
  })

  it('look at the lease seldom, however often they are nudged', async () => {
    const { instances, leaders, stop } = startMany(2)
    await pass(10_000)
    const standby = instances.find(({ relay }) => !relay.isLeading)
    const look = vi.spyOn(standby?.leases ?? leaders()[0]!.leases, 'look')
    for (let ms = 0; ms < 2_000; ms++) {
      standby?.relay.wake()
      await pass(1)
    }
    expect(look.mock.calls.length).toBeLessThanOrEqual(2_000 / leadershipLimits.paceMs + 1)
    await stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})
