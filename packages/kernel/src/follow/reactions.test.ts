import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryBus, type MemoryBus } from '../bus/memory.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { watchReactions } from '../metrics/parts.ts'
import type { Reaction } from '../service/definition.ts'
import { append } from '../store/testing/append.ts'
import { leasesInMemory } from '../store/testing/leases-in-memory.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import { reactionLimits } from './reaction-turn.ts'
import { blindToEpochs, FollowedService } from './testing/followed-service.ts'
import {
  type InstanceOptions,
  note,
  notedIn,
  noteEvent,
  noteEvents,
  type ReactingInstance,
  startInstance,
} from './testing/reacting-instance.ts'

const patience = { timeout: 20_000, interval: 10 }
/** Looks only when it is woken. */
const deaf = { pollMs: 60_000 }

let bus: MemoryBus
let followed: FollowedService
let own: TestStore
let instances: ReactingInstance[]
beforeEach(async () => {
  bus = createMemoryBus({ freeze: true })
  followed = await FollowedService.start(bus)
  own = await openTestStore()
  instances = []
})
afterEach(async () => {
  await Promise.all(instances.map((instance) => instance.stop()))
  await followed.stop()
  await own[Symbol.asyncDispose]()
  await bus.close()
})

async function start(options: InstanceOptions = {}): Promise<ReactingInstance> {
  const instance = startInstance(bus, await own.another(), options)
  instances.push(instance)
  return instance
}
const noted = () => notedIn(own.store)

/** Until so much is noted; then it must be what has happened there, each once and in order. */
async function expectNoted(count: number): Promise<void> {
  await vi.waitUntil(async () => (await noted()).length >= count, patience)
  expect(await noted()).toEqual(await followed.log())
}
const leads = ({ reacted }: ReactingInstance) => reacted.length > 0

describe('a reaction', () => {
  it('is given each event, in order, by one of two instances', async () => {
    await followed.write(10)
    const [one, two] = [await start({ limits: deaf }), await start({ limits: deaf })]
    await vi.waitUntil(() => leads(one) || leads(two), patience)
    await followed.write(50)
    await expectNoted(60)
    const idle = leads(one) ? two : one
    expect(idle.reacted).toEqual([])
    expect([one.running.health(), two.running.health()]).toEqual([{ state: 'ready' }, { state: 'ready' }])
  })

  it('would be given each by both without a lease, which ids make harmless', async () => {
    const pair = [await start({ leases: leasesInMemory() }), await start({ leases: leasesInMemory() })]
    await followed.write(20)
    await vi.waitUntil(() => pair.every(({ reacted }) => reacted.length === 20), patience)
    await vi.waitUntil(() => pair.every(({ running }) => running.figures[0]?.lagMs === 0), patience)
    await vi.waitUntil(async () => (await noted()).length >= 20, patience)
    expect((await noted()).toSorted()).toEqual((await followed.log()).toSorted())
  })

  it('would have its effect twice then, if ids did not come from events', async () => {
    const careless = noteEvents({
      react: async ({ stream, version }, { run }) =>
        void (await run(crypto.randomUUID(), note, { stream, version })),
    })
    const options = { reactions: [careless] }
    await start({ ...options, leases: leasesInMemory() })
    await start({ ...options, leases: leasesInMemory() })
    await followed.write(5)
    await vi.waitUntil(async () => (await noted()).length === 10, patience)
    await expect(expectNoted(10)).rejects.toThrow('deeply equal')
  })

  it('skips nothing that took its place early and was committed late', async () => {
    const { reacted } = await start({ limits: { pollMs: 20 } })
    await followed.write(2)
    const commit = await followed.writeSlowly()
    await followed.write(3)
    // What an open transaction holds back is held back for all readers of that server.
    await vi.waitUntil(() => reacted.length === 2, patience)
    await commit()
    await expectNoted(6)
  })

  it('passes over events of other types', async () => {
    const [chosen, other] = [noteEvents(), noteEvents({ name: 'other', types: ['something-else'] })]
    const { running, reacted } = await start({ reactions: [chosen, other], limits: { saveMs: 0 } })
    await followed.write(5)
    await expectNoted(5)
    expect(reacted).toHaveLength(5)
    const placeOf = async (name: string) => (await own.store.checkpoint(`reaction:${name}`))?.position
    await vi.waitUntil(async () => (await placeOf('other')) === (await placeOf('note-events')), patience)
    expect(running.figures.map(({ done }) => done)).toEqual([5, 0])
  })

  it('that has to wait deals with events when they are that old, each once and in order', async () => {
    const afterMs = 700
    const ages: number[] = []
    const aging = noteEvents({
      afterMs,
      react: async (event, context) => {
        ages.push(Date.now() - Date.parse(event.at))
        await noteEvent(event, context)
      },
    })
    await start({ reactions: [aging] })
    await followed.write(3, new Date())
    await followed.write(3, new Date())
    await expectNoted(6)
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(afterMs)
  })

  it('goes on where it stood, whoever goes on', async () => {
    const first = await start()
    await followed.write(10)
    await expectNoted(10)
    await first.stop()
    await followed.write(10)
    const second = await start()
    await expectNoted(20)
    expect(first.reacted.length + second.reacted.length).toBe(20)
  })

  it('goes on at once when an instance stops, without repeating what is done', async () => {
    const [one, two] = [await start(), await start()]
    await followed.write(5)
    await expectNoted(5)
    const [leader, other] = leads(one) ? [one, two] : [two, one]
    const writing = followed.write(40)
    await leader.stop()
    await writing
    await expectNoted(45)
    expect(leader.reacted.length + other.reacted.length).toBe(45)
  })

  it('finds out by looking when the bus has lost that something happened', async () => {
    followed.publishes = false
    await start({ limits: { pollMs: 50 } })
    await followed.write(5)
    await expectNoted(5)
  })

  it('would not without looking', async () => {
    const { running } = await start({ limits: deaf })
    await vi.waitUntil(() => followed.asked > 0 && running.figures[0]?.lagMs === 0, patience)
    followed.publishes = false
    await followed.write(5)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await noted()).toEqual([])
    followed.publishes = true
    await followed.write(1)
    await expectNoted(6)
  })

  it('to events of its own service reads them without asking anybody', async () => {
    const { reacted } = await start({
      reactions: [noteEvents({ source: 'follower' })],
      limits: { pollMs: 50 },
    })
    const stream = '01900000-0000-7000-8000-000000000001'
    await own.store.append([append(stream, 1)])
    await vi.waitUntil(async () => (await noted()).length === 1, patience)
    expect(reacted).toEqual([stream])
    expect(followed.asked).toBe(0)
  })
})

describe('a reaction to a service that was restored', () => {
  it('begins with its first event, and does nothing twice', async () => {
    const { reacted } = await start({ limits: { pollMs: 50 } })
    const written = await followed.write(12)
    await expectNoted(12)
    await followed.restoreWithout(written.slice(8))
    const since = await followed.writeOnYoungServer(4)
    await vi.waitUntil(async () => (await noted()).length === 16, patience)
    expect(await noted()).toEqual([...written, ...since])
    expect(reacted).toEqual([...written, ...written.slice(0, 8), ...since])
  })

  it('would miss some if it did not look at the epoch', async () => {
    await start({ sources: (all) => blindToEpochs(all, followed), limits: { pollMs: 50 } })
    const written = await followed.write(12)
    await expectNoted(12)
    await followed.restoreWithout(written.slice(8))
    await followed.writeOnYoungServer(4)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await noted()).toHaveLength(12)
  })
})

describe('an event that a reaction can’t deal with', () => {
  const quick = { retryMs: 5, retryMsMax: 20, pollMs: 50 }

  /** Fails at the third event for as long as it is broken. */
  function fragile(): { reaction: Reaction; state: { isBroken: boolean; stream: string } } {
    const state = { isBroken: true, stream: '' }
    const reaction = noteEvents({
      name: 'fragile',
      react: async (event, context) => {
        if (state.isBroken && event.stream === state.stream) throw new Error('cannot deal with it')
        await noteEvent(event, context)
      },
    })
    return { reaction, state }
  }

  it('is tried again and holds up that reaction alone, as is told; nothing is skipped or repeated', async () => {
    const { reaction, state } = fragile()
    const written = await followed.write(6)
    state.stream = written[2]!
    const others: string[] = []
    const other: Reaction = noteEvents({
      name: 'other',
      react: async ({ stream }) => void others.push(stream),
    })
    const { running, reacted } = await start({ reactions: [reaction, other], limits: quick })
    const metrics = createMetrics({ process: false })
    watchReactions(metrics, 'follower', running)
    await vi.waitUntil(() => running.health().state === 'failing', patience)
    expect(running.health().detail).toBe('fragile: cannot deal with it')
    await vi.waitUntil(() => others.length === 6, patience)
    // Open transactions of other tests hold back what can be read.
    await vi.waitUntil(async () => (await noted()).length >= 2, patience)
    expect(await noted()).toEqual(written.slice(0, 2))
    const [figures] = running.figures
    expect(figures?.failed).toBeGreaterThanOrEqual(reactionLimits.failuresTold)
    expect(figures?.lagMs).toBeGreaterThan(0)
    const text = await metrics.text()
    expect(text).toMatch(/matchday_reaction_failures_total\{service="follower",reaction="fragile"\} [1-9]/)
    expect(text).toMatch(
      /matchday_follower_lag_seconds\{service="follower",follower="reaction:fragile"\} \d+\.\d/,
    )
    expect(text).toContain('matchday_reaction_events_total{service="follower",reaction="other"} 6')

    state.isBroken = false
    await expectNoted(6)
    await vi.waitUntil(() => running.health().state === 'ready', patience)
    // The reactions of both are among them: each saw all six, and one saw the third again and again.
    const times = (stream: string) => reacted.filter((each) => each === stream).length
    expect(written.map(times).toSpliced(2, 1)).toEqual([2, 2, 2, 2, 2])
    expect(times(state.stream)).toBeGreaterThan(reactionLimits.failuresTold)
  })

  it('is tried less and less often', async () => {
    const { reaction, state } = fragile()
    ;[state.stream] = (await followed.write(1)) as [string]
    const { reacted } = await start({ reactions: [reaction], limits: { retryMs: 40, retryMsMax: 10_000 } })
    await vi.waitUntil(() => reacted.length === 3, patience)
    const before = reacted.length
    const wakes = setInterval(() => void followed.wakeFollowers(), 5)
    await new Promise((resolve) => setTimeout(resolve, 400))
    clearInterval(wakes)
    expect(reacted.length - before).toBeLessThanOrEqual(3)
  })

  it('because its command could not be done is tried again, too', async () => {
    let tries = 0
    const reaction = noteEvents({
      react: async (event, context) => {
        // No stream can be called that, so the database refuses it.
        if (++tries <= 2) await context.run(`bad-${tries}`, note, { stream: 'nothing', version: 0 })
        else await noteEvent(event, context)
      },
    })
    const { running } = await start({ reactions: [reaction], limits: quick })
    await followed.write(1)
    await expectNoted(1)
    expect(running.figures[0]?.failed).toBe(2)
  })

  it('and hangs is given up after a time, and tried again', async () => {
    let hangs = true
    const reaction = noteEvents({
      react: async (event, context) => {
        if (hangs) await new Promise(() => {})
        await noteEvent(event, context)
      },
    })
    const { running } = await start({ reactions: [reaction], limits: { ...quick, reactMs: 50 } })
    await followed.write(1)
    await vi.waitUntil(() => (running.figures[0]?.failed ?? 0) > 0, patience)
    hangs = false
    await expectNoted(1)
  })
})

it('a service that is away is waited for, which is told and takes nobody down', async () => {
  followed.answers = false
  const { running } = await start({ limits: { pollMs: 50 } })
  await followed.write(3)
  const told = 'note-events: followed was asked readEvents'
  await vi.waitUntil(() => running.health().detail?.startsWith(told), patience)
  expect(running.health().state).toBe('ready')
  expect(running.figures[0]?.failed).toBe(0)
  followed.answers = true
  await expectNoted(3)
  await vi.waitUntil(() => running.health().detail === undefined, patience)
})

it('two of one name would share a place, and don’t start', async () => {
  await expect(start({ reactions: [noteEvents(), noteEvents()] })).rejects.toThrow(
    'two reactions of one name',
  )
})

it('a command of another service can’t be run', async () => {
  const reaction = noteEvents({
    react: async (_event, { run }) => void (await run('id', { ...note, service: 'followed' }, {})),
  })
  const { running } = await start({ reactions: [reaction], limits: { retryMs: 1 } })
  await followed.write(1)
  await vi.waitUntil(() => running.health().state === 'failing', patience)
  expect(running.health().detail).toContain('run note of followed')
})
