import { type Operation, tournamentOperations } from '@matchday/contracts'
import {
  createMemoryBus,
  createNatsBus,
  limitsChannel,
  silentLog,
  topicOfChannel,
  type Whisper,
} from '@matchday/kernel'
import { createFakeClock, startNatsServer } from '@matchday/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFixture, goodReply, ids } from '../http/edge-fixture.ts'
import type { HttpEdge } from '../http/ports.ts'
import { AddressBudget } from './address-budget.ts'
import { createOwnBudgets, createSharedBudgets, type SharedBudgets } from './shared-budgets.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** As its contract says, but for bounds that are sooner used up. */
const joinsMax = { perAddress: 300, total: 900 }
const join: Operation = { ...tournamentOperations.joinTournament, requestsPerMinuteMax: joinsMax }
const find = tournamentOperations.findByJoinCode
/** Only these, so that many edges start quickly. */
const operations = [join, find]
const joinUrl = join.route[1].replace('{id}', ids.tournament)
const hit = 'HHHHHH'
const payload = { firstName: 'Ada', lastName: 'Lovelace' }

/** Time stands still, so that nothing is earned back: what is let through is the limit itself. */
const clock = createFakeClock()

/** A gateway, and how long its bus takes for a message to go round. */
type Edge = HttpEdge & { roundTrip(): Promise<void> }
type Opened = { budgets: SharedBudgets; roundTrip: () => Promise<void> }

async function startEdges(open: () => Promise<Opened>): Promise<Edge[]> {
  return Promise.all(
    Array.from({ length: 3 }, async () => {
      const { budgets, roundTrip } = await open()
      stops.push(() => budgets.close())
      const { edge } = await createFixture(
        (operation, call) =>
          operation.name === find.name && call.input.code !== hit
            ? { kind: 'rejected', code: 'not-found' }
            : goodReply(operation),
        { operations, budgets, clock, config: { trustedProxyHops: 1 } },
      )
      return { ...edge, roundTrip }
    }),
  )
}

/** Resolves when a message of this bus has come back to it. */
function roundTripOf(bus: SharingBus): () => Promise<void> {
  const key = `probe ${Math.random()}`
  const waiting: (() => void)[] = []
  bus.subscribeWhispers(topicOfChannel(limitsChannel), (whisper) => {
    if (whisper.key === key) waiting.shift()?.()
  })
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      bus.whisper({ channel: limitsChannel, type: 'probe', key, value: { used: [] } })
    })
}

/** Buses of three gateways: one in memory, or a connection each to a real broker. */
type SharingBus = Parameters<typeof createSharedBudgets>[0]['bus']
const buses: Record<string, () => Promise<() => Promise<SharingBus>>> = {
  'in memory': async () => {
    const bus = createMemoryBus()
    stops.push(() => bus.close())
    return async () => bus
  },
  'of NATS': async () => {
    const server = await startNatsServer()
    stops.push(() => server.dispose())
    return async () => {
      const bus = createNatsBus({ servers: [server.url], role: 'gateway', owns: [] })
      stops.push(() => bus.close())
      await vi.waitFor(() => expect(bus.state).toBe('up'), { timeout: 10_000, interval: 5 })
      return bus
    }
  },
}

type Outcome = { let: number; refused: number; retryAfter: ReadonlySet<unknown> }

/**
 * Asks all edges at the same time, from addresses by turns. Each asks no faster than its bus carries: how far they
 * are apart is what they do meanwhile.
 */
async function flood(
  edges: readonly Edge[],
  request: (index: number) => { method: 'GET' | 'POST'; url: string; payload?: object },
  addressOf: (index: number) => string,
  total: number,
): Promise<Outcome> {
  let [next, through, refused] = [0, 0, 0]
  const retryAfter = new Set<unknown>()
  const client = async (edge: Edge) => {
    while (next < total) {
      const index = next++
      const answer = await edge.inject({
        ...request(index),
        headers: { 'x-forwarded-for': addressOf(index) },
      })
      if (answer.statusCode === 429) {
        refused++
        retryAfter.add(answer.headers['retry-after'])
      } else through++
      // What was used is told at the end of the turn.
      await new Promise(setImmediate)
      await edge.roundTrip()
    }
  }
  await Promise.all(edges.map(client))
  return { let: through, refused, retryAfter }
}

const joining = () => ({ method: 'POST', url: joinUrl, payload }) as const
const guessing = (index: number) => ({ method: 'GET', url: `/api/join/K7M2Q${index % 10}` }) as const
const within = (count: number, limit: number, part = 0.1) => {
  expect(count).toBeGreaterThanOrEqual(Math.floor(limit * (1 - part)))
  expect(count).toBeLessThanOrEqual(Math.ceil(limit * (1 + part)))
}

describe.each(Object.entries(buses))('three gateways on a bus %s', (_, connect) => {
  async function start(): Promise<Edge[]> {
    const openBus = await connect()
    return startEdges(async () => {
      const bus = await openBus()
      return { budgets: createSharedBudgets({ bus, clock, log: silentLog }), roundTrip: roundTripOf(bus) }
    })
  }

  it('let one address through as often as one would', async () => {
    const outcome = await flood(await start(), joining, () => '10.0.0.1', 1_200)
    within(outcome.let, joinsMax.perAddress)
    expect(outcome.refused).toBe(1_200 - outcome.let)
    for (const seconds of outcome.retryAfter) expect(Number(seconds)).toBeGreaterThan(0)
  })

  it('let all addresses together through as often as one would', async () => {
    const edges = await start()
    const { total } = joinsMax
    const outcome = await flood(edges, joining, (index) => `10.${index % 200}.0.1`, total + 600)
    within(outcome.let, total)
  })

  it('let one address guess as often as at one', async () => {
    const { perAddress } = find.missesPerMinuteMax
    const outcome = await flood(await start(), guessing, () => '10.0.0.1', 200)
    within(outcome.let, perAddress)
  })

  it('let 60 phones of a hall, behind one address, scan and join at once', async () => {
    const edges = await start()
    const phones = Array.from({ length: 60 }, async (_, index) => {
      const edge = edges[index % edges.length]!
      const headers = { 'x-forwarded-for': '10.0.0.1' }
      const scan = async (code: string) =>
        (await edge.inject({ url: `/api/join/${code}`, headers })).statusCode
      // One in ten types the code, and not quite right at first.
      const typed = index % 10 === 0 ? await scan('HHHHHJ') : 404
      const scanned = await scan(hit)
      const joined = await edge.inject({ ...joining(), headers })
      return [typed, scanned, joined.statusCode].join(' ')
    })
    expect(new Set(await Promise.all(phones))).toEqual(new Set(['404 200 201']))
  })
})

it('three gateways that don’t tell each other let through three times as much', async () => {
  const edges = await startEdges(async () => ({
    budgets: createOwnBudgets(clock),
    roundTrip: async () => {},
  }))
  const outcome = await flood(edges, joining, () => '10.0.0.1', 1_500)
  expect(outcome.let).toBe(3 * joinsMax.perAddress)
})

describe('what gateways tell each other', () => {
  const bounds = { perAddress: 100, total: 1_000 }

  function open() {
    const bus = createMemoryBus()
    const heard: Whisper[] = []
    bus.subscribeWhispers(topicOfChannel(limitsChannel), (whisper) => heard.push(whisper))
    const shared = [0, 1].map(() => createSharedBudgets({ bus, clock, log: silentLog }))
    stops.push(async () => {
      for (const each of shared) each.close()
      await bus.close()
    })
    const [one, two] = shared.map((each) => each.budget('test', bounds))
    return { bus, heard, one: one!, two: two! }
  }

  it('is told together, soon, and at once when it is much', async () => {
    const { heard, one } = open()
    one.use('10.0.0.1')
    one.use('10.0.0.2')
    await vi.waitFor(() => expect(heard).toHaveLength(1), { timeout: 10_000, interval: 1 })
    expect(heard[0]?.value).toEqual({
      used: [
        ['test', '10.0.0.1', 1],
        ['test', '10.0.0.2', 1],
      ],
    })
    for (let count = 0; count < 10; count++) one.use('10.0.0.1')
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(heard[1]?.value).toEqual({ used: [['test', '10.0.0.1', 10]] })
  })

  it('is not counted twice by who said it', async () => {
    const { heard, one, two } = open()
    for (let count = 0; count < bounds.perAddress; count++) one.use('10.0.0.1')
    await vi.waitFor(() => expect(two.waitS('10.0.0.1')).toBeGreaterThan(0), { timeout: 10_000, interval: 1 })
    expect(heard.length).toBeLessThanOrEqual(2)
    expect(one.waitS('10.0.0.1')).toBeLessThanOrEqual(1)
  })

  it('that makes no sense is passed over', async () => {
    const { bus, two } = open()
    const say = (used: unknown) =>
      bus.whisper({
        channel: limitsChannel,
        type: 'used',
        key: 'x',
        value: JSON.parse(JSON.stringify({ used })),
      })
    for (const used of [
      'x',
      7,
      null,
      [7],
      [['test']],
      [['test', 1, 1]],
      [['test', '10.0.0.1', '100']],
      [['test', '10.0.0.1', -1_000]],
      [['test', '10.0.0.1', 1.5]],
      [['test', 'x'.repeat(1_000), 1_000]],
      [['other', '10.0.0.1', 1_000]],
      [['__proto__', '10.0.0.1', 1_000]],
    ]) {
      say(used)
    }
    await new Promise(setImmediate)
    expect(two.waitS('10.0.0.1')).toBe(0)
    say([['test', '10.0.0.1', 1_000]])
    await new Promise(setImmediate)
    expect(two.waitS('10.0.0.1')).toBeGreaterThan(0)
  })

  it('gets lost while the bus is down, and each counts for itself', async () => {
    const { bus, one, two } = open()
    bus.setState('down')
    for (let count = 0; count < bounds.perAddress; count++) one.use('10.0.0.1')
    await new Promise(setImmediate)
    expect(one.waitS('10.0.0.1')).toBeGreaterThan(0)
    expect(two.waitS('10.0.0.1')).toBe(0)
  })
})

it('a budget is earned back with time', () => {
  const fake = createFakeClock()
  const budget = new AddressBudget({ perAddress: 60, total: 100 }, fake)
  for (let count = 0; count < 60; count++) budget.use('a')
  expect(budget.waitS('a')).toBe(1)
  expect(budget.waitS('b')).toBe(0)
  fake.advance(1_000)
  expect(budget.waitS('a')).toBe(0)
  for (let count = 0; count < 60; count++) budget.use('b')
  expect(budget.waitS('c')).toBeGreaterThan(0)
})
