import { newId } from '@matchday/contracts'
import { createMemoryBus, type MemoryBus } from '@matchday/kernel'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LiveChannel } from './channel.ts'
import type { LiveLimits } from './index.ts'
import {
  FakeService,
  type OfficialClient,
  officialClient,
  playerToken,
  type Running,
  rawClient,
  replyTo,
  startEdge,
} from './testing/edge-fixture.ts'

let bus: MemoryBus
let service: FakeService
let id: string
let edges: Running[]
const stops: (() => void)[] = []

beforeEach(() => {
  bus = createMemoryBus()
  service = new FakeService(bus)
  id = service.create()
  edges = []
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const stop of stops.splice(0)) stop()
  await Promise.all(edges.map((edge) => edge.stop()))
  await bus.close()
})

const quickTicks = { tickMs: 10, pingIntervalMs: 1_000, missedPongsMax: 1_000 }

async function startTwo(limits: Partial<LiveLimits> = {}): Promise<readonly [Running, Running]> {
  const pair = [await startEdge(service, { limits }), await startEdge(service, { limits })] as const
  edges.push(...pair)
  return pair
}

async function subscriber(edge: Running, channelId = id): Promise<OfficialClient> {
  const official = officialClient(edge.url)
  stops.push(() => official.client.disconnect())
  official.client.connect()
  official.subscribe(`tournament:${channelId}`)
  await official.seen.until((items) => items.some(({ what }) => what === 'subscribed'))
  return official
}

/** What a client is told that comes from elsewhere and says where it stands. */
async function arrive(edge: Running, offset: number, epoch = 'e1') {
  const raw = await rawClient(edge.url)
  stops.push(() => raw.socket.terminate())
  const channel = `tournament:${id}`
  raw.send({ id: 1, connect: {} }, { id: 2, subscribe: { channel, recover: true, epoch, offset } })
  const { subscribe } = await replyTo(raw, 2)
  return subscribe as { recovered: boolean; offset: number; publications?: { offset: number }[] }
}

const offsetsOf = ({ publications = [] }: { publications?: { offset: number }[] }) =>
  publications.map(({ offset }) => offset)
const from2To = (last: number) => Array.from({ length: last - 1 }, (_, index) => index + 2)

describe('two gateways on one bus', () => {
  it('tell their sockets the same', async () => {
    const [one, two] = await startTwo()
    const clients = await Promise.all([one, one, two, two].map((edge) => subscriber(edge)))
    for (let count = 0; count < 50; count++) service.publish(id)
    await Promise.all(clients.map((client) => client.seen.until(() => client.versions().length === 50)))
    for (const client of clients) expect(client.versions()).toEqual(from2To(51))
    const player = newId()
    service.whisper({
      channel: `tournament:${id}`,
      type: 'highlights',
      key: player,
      value: { team: 'Spurs' },
    })
    const isFleeting = (client: OfficialClient) => () =>
      client.seen.items.some((item) => item.what === 'publication' && item.offset === undefined)
    await Promise.all(clients.map((client) => client.seen.until(isFleeting(client))))
  })

  it('give a client that comes from the other exactly what it missed', async () => {
    const [one, two] = await startTwo()
    const client = await subscriber(one)
    for (let count = 0; count < 20; count++) service.publish(id)
    await client.seen.until(() => client.versions().length === 20)
    // The other has never heard of this tournament.
    const answer = await arrive(two, 15)
    expect(answer).toMatchObject({ recovered: true, offset: 15 })
    expect(offsetsOf(answer)).toEqual([16, 17, 18, 19, 20, 21])
    expect(service.callsOf('getTournament')).toHaveLength(1)
  })

  it('give it what it missed rather than a snapshot, although one is at hand', async () => {
    const [, two] = await startTwo()
    for (let count = 0; count < 20; count++) service.publish(id)
    await subscriber(two)
    service.publish(id)
    const answer = await arrive(two, 18)
    expect(answer).toMatchObject({ recovered: true, offset: 18 })
    expect(offsetsOf(answer)).toEqual([19, 20, 21, 22])
    // Those who are just behind find it there.
    expect(await arrive(two, 2)).toMatchObject({ recovered: true })
    expect(service.callsOf('listLog')).toHaveLength(1)
  })

  it('give it a snapshot when that would be too much, or of another time', async () => {
    const [, two] = await startTwo({ ringPublicationsMax: 8 })
    for (let count = 0; count < 20; count++) service.publish(id)
    expect(await arrive(two, 5)).toMatchObject({ recovered: false, offset: 21 })
    expect(await arrive(two, 16)).toMatchObject({ recovered: true, offset: 16 })
    expect(await arrive(two, 16, 'e0')).toMatchObject({ recovered: false })
    expect(await arrive(two, 30)).toMatchObject({ recovered: false })
    expect(await arrive(two, 2 ** 40)).toMatchObject({ recovered: false })
  })

  it('let in a client who has seen more than the gateway that it comes to', async () => {
    const [, two] = await startTwo()
    const slow = await subscriber(two)
    service.commit(id)
    service.commit(id)
    expect(await arrive(two, 3)).toMatchObject({ recovered: true, offset: 3 })
    await slow.seen.until(() => slow.versions().length === 2)
    expect(slow.versions()).toEqual([2, 3])
  })

  it('ask once for hundreds who come from about the same place', async () => {
    const [, two] = await startTwo()
    for (let count = 0; count < 60; count++) service.publish(id)
    const open = service.shut()
    const arriving = Array.from({ length: 100 }, (_, index) => arrive(two, 50 + (index % 10)))
    while (service.callsOf('listLog').length === 0) await new Promise(setImmediate)
    open()
    const answers = await Promise.all(arriving)
    answers.forEach((answer, index) => {
      expect(answer.recovered).toBe(true)
      expect(offsetsOf(answer)).toEqual(from2To(61).slice(49 + (index % 10)))
    })
    expect(service.callsOf('listLog').length).toBeLessThanOrEqual(2)
    expect(service.callsOf('getTournament')).toHaveLength(0)
  })

  it('tell nobody anything twice or in another order, whatever a hand-over of relays repeats', async () => {
    const [one, two] = await startTwo()
    const clients = [await subscriber(one), await subscriber(two)]
    await disorderly(120)
    await Promise.all(clients.map((client) => client.seen.until(() => client.versions().at(-1) === 121)))
    for (const client of clients) expect(client.versions()).toEqual(from2To(121))
  })

  it('would be found out if they did', async () => {
    const { take } = LiveChannel.prototype
    vi.spyOn(LiveChannel.prototype, 'take').mockImplementation(function (this: LiveChannel, event) {
      // Takes everything for the next.
      return take.call(this, { ...event, version: (this.head ?? 0) + 1, data: { real: event.version } })
    })
    const [one] = await startTwo()
    const client = await subscriber(one)
    await disorderly(120)
    const told = () =>
      client.seen.items.flatMap((item) => (item.what === 'publication' ? [item.data.real] : []))
    await client.seen.until(() => told().length >= 121)
    expect(told()).not.toEqual(from2To(121))
  })

  /** Publishes so many events, in pieces that overlap, are repeated, and change places. */
  async function disorderly(count: number): Promise<void> {
    const events = Array.from({ length: count }, () => service.commit(id))
    for (let at = 0; at < count; at += 4) {
      const pieces = [
        events.slice(at, at + 6),
        events.slice(Math.max(0, at - 5), at + 2),
        events.slice(at, at + 4),
      ]
      for (const piece of at % 8 === 0 ? pieces : pieces.toReversed()) service.deliver(...piece)
      if (at % 12 === 0) await new Promise(setImmediate)
    }
  }
})

describe('when the bus loses messages', () => {
  const settled = (client: OfficialClient, last: number, timeoutMs?: number) =>
    client.seen.until(() => client.versions().at(-1) === last, timeoutMs)

  async function loseWhileDown(limits: Partial<LiveLimits>): Promise<OfficialClient[]> {
    const [one, two] = await startTwo({ ...quickTicks, ...limits })
    const clients = await Promise.all([one, two, two].map((edge) => subscriber(edge)))
    service.publish(id)
    await Promise.all(clients.map((client) => settled(client, 2)))
    bus.setState('down')
    for (let count = 0; count < 5; count++) service.publish(id)
    bus.setState('up')
    return clients
  }

  it('while it is down, every client has all of it soon after, although nothing more happens', async () => {
    const clients = await loseWhileDown({})
    await Promise.all(clients.map((client) => settled(client, 7)))
    for (const client of clients) expect(client.versions()).toEqual(from2To(7))
  })

  it('while it is down, and nobody looked when it comes back, it would be missed', async () => {
    vi.spyOn(bus, 'onState').mockReturnValue({ close: () => undefined })
    const clients = await loseWhileDown({})
    await Promise.all(clients.map((client) => expect(settled(client, 7, 500)).rejects.toThrow('not seen')))
  })

  it('without a word, the position check finds it', async () => {
    const [one] = await startTwo({ ...quickTicks, positionCheckMs: 100 })
    const client = await subscriber(one)
    service.commit(id)
    await settled(client, 2)
    // Cheap while nothing is lost: a page without events.
    const asked = service.callsOf('listLog').length
    await vi.waitUntil(() => service.callsOf('listLog').length > asked + 2, { timeout: 10_000 })
    expect(service.callsOf('listLog').at(-1)?.input).toMatchObject({ after: 2 })
    expect(client.versions()).toEqual([2])
  })

  it('while its service is away too, it is asked again until it answers', async () => {
    const [one] = await startTwo({ ...quickTicks, resyncRetryMs: 20 })
    const client = await subscriber(one)
    const { request } = service
    let failures = 0
    service.request = async () => {
      failures++
      return { kind: 'fault', code: 'timed-out', retryable: true }
    }
    bus.setState('down')
    service.publish(id)
    bus.setState('up')
    await vi.waitUntil(() => failures > 3, { timeout: 10_000 })
    service.request = request.bind(service)
    await settled(client, 2)
  })

  it('a player who was removed meanwhile is told so, subscribed or not', async () => {
    const [one] = await startTwo(quickTicks)
    const player = newId()
    const client = officialClient(one.url, { token: playerToken(id, player) })
    stops.push(() => client.client.disconnect())
    client.client.connect()
    await client.seen.until((items) => items.some(({ what }) => what === 'connected'))
    bus.setState('down')
    service.publish(id, 'player-removed', { playerId: player, by: 'organizer' })
    bus.setState('up')
    await client.seen.until((items) => items.some((item) => 'code' in item && item.code === 4501))
  })

  it('and too much is lost to be read again, players who only watch are asked for again', async () => {
    const [one] = await startTwo({ ...quickTicks, logPageMax: 2, logPagesMax: 1 })
    const player = newId()
    const client = officialClient(one.url, { token: playerToken(id, player) })
    stops.push(() => client.client.disconnect())
    client.client.connect()
    await client.seen.until((items) => items.some(({ what }) => what === 'connected'))
    bus.setState('down')
    service.publish(id, 'player-removed', { playerId: player, by: 'organizer' })
    for (let count = 0; count < 9; count++) service.publish(id)
    service.seat = { kind: 'rejected', code: 'not-a-player' }
    bus.setState('up')
    await client.seen.until((items) => items.some((item) => 'code' in item && item.code === 4501))
  })

  it('a player whose seat was read before what has already happened must come again', async () => {
    const [one] = await startTwo(quickTicks)
    const spectator = await subscriber(one)
    for (let count = 0; count < 5; count++) service.publish(id)
    await settled(spectator, 6)
    service.seat = { kind: 'ok', body: {}, version: 4, epoch: 'e1' }
    const raw = await rawClient(one.url)
    raw.send({ id: 1, connect: { token: playerToken(id, newId()) } })
    expect(await raw.closed).toMatchObject({ code: 3004 })
  })

  it('of hundreds of channels few are asked for at the same time, and not all at once', async () => {
    const [one] = await startTwo({ ...quickTicks, resyncsAtOnceMax: 4, resyncsPerSecondMin: 200 })
    const ids = Array.from({ length: 100 }, () => service.create())
    for (let index = 0; index < ids.length; index += 10) {
      const raw = await rawClient(one.url)
      stops.push(() => raw.socket.terminate())
      const ten = ids.slice(index, index + 10)
      raw.send({ id: 1, connect: {} })
      raw.send(...ten.map((each, at) => ({ id: 2 + at, subscribe: { channel: `tournament:${each}` } })))
      await replyTo(raw, 11)
    }
    const request = service.request.bind(service)
    let [atOnce, most] = [0, 0]
    const askedAtMs: number[] = []
    service.request = async (...call) => {
      askedAtMs.push(performance.now())
      most = Math.max(most, ++atOnce)
      await new Promise(setImmediate)
      atOnce--
      return request(...call)
    }
    bus.setState('down')
    bus.setState('up')
    await vi.waitUntil(() => askedAtMs.length === 100, { timeout: 5_000 })
    expect(most).toBeLessThanOrEqual(4)
    expect(askedAtMs.at(-1)! - askedAtMs[0]!).toBeGreaterThan(250)
  })
})
