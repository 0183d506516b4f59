import { newId } from '@matchday/contracts'
import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createNatsBus, type NatsBus } from '../bus/nats/nats-bus.ts'
import { append } from '../store/testing/append.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import { createLeasedRelay, type LeasedRelay } from './leased-relay.ts'

/** Two instances on a real database and a real broker. Without nudges both would look only every hour. */
const rarelyMs = 3_600_000
/** Far less than that, on the busiest machine. */
const patienceMs = 20_000
const unheardMs = 400

let server: NatsServer
let test: TestStore
let buses: NatsBus[]
let relays: LeasedRelay[]
let published: Map<string, number>

beforeAll(async () => {
  server = await startNatsServer()
})
afterAll(() => server.dispose())

beforeEach(async () => {
  test = await openTestStore()
  buses = [1, 2].map(() => createNatsBus({ servers: [server.url], role: 'tests', owns: ['tests'] }))
  await vi.waitUntil(() => buses.every((bus) => bus.state === 'up'), { timeout: 10_000 })
  published = new Map()
  buses[0]!.subscribeEvents({ service: 'tests' }, (events) => {
    for (const { stream } of events) published.set(stream, (published.get(stream) ?? 0) + 1)
  })
  relays = await Promise.all(
    buses.map(async (bus) =>
      createLeasedRelay({
        store: await test.another(),
        bus,
        service: 'tests',
        limits: { pollMs: rarelyMs, recheckMs: rarelyMs },
        lease: { lookMs: rarelyMs, expiresMs: rarelyMs },
      }),
    ),
  )
  await vi.waitUntil(() => relays.some((relay) => relay.isLeading), { timeout: 10_000 })
})
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()))
  await Promise.all(buses.map((bus) => bus.close()))
  await test[Symbol.asyncDispose]()
})

async function commit(): Promise<string> {
  const stream = newId()
  await test.store.append([append(stream, 1)])
  return stream
}

/** Nudged more than once: a commit can't be read while an older transaction is open, such as that of the lease. */
async function untilPublished(stream: string, by: LeasedRelay): Promise<void> {
  const isPublished = () => {
    by.wake()
    return published.has(stream)
  }
  await vi.waitUntil(isPublished, { timeout: patienceMs, interval: 20 })
}

it('a commit on the instance that does not lead is published at once, and nobody notices one without a nudge', async () => {
  const standby = relays.find((relay) => !relay.isLeading)!
  for (let commits = 0; commits < 5; commits++) {
    const stream = await commit()
    await untilPublished(stream, standby)
    expect(published.get(stream)).toBe(1)
  }
  // Until the last nudge is heard and looked after.
  await new Promise((resolve) => setTimeout(resolve, unheardMs / 2))
  const unheard = await commit()
  await expect(vi.waitUntil(() => published.has(unheard), { timeout: unheardMs })).rejects.toThrow()
})

it('an instance that stops hands over at once, and the bus may be closed right after it', async () => {
  const leading = relays.findIndex((relay) => relay.isLeading)
  const next = relays[1 - leading]!
  // The subscriber of this test stays.
  const stream = await commit()
  relays[leading]!.wake()
  await relays[leading]!.stop()
  if (leading === 1) await buses[1]!.close()
  await vi.waitUntil(() => next.isLeading, { timeout: patienceMs, interval: 5 })
  const later = await commit()
  await untilPublished(later, next)
  expect([published.get(stream), published.get(later)]).toEqual([1, 1])
})
