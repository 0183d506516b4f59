import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LiveLimits } from './index.ts'
import {
  FakeService,
  type OfficialClient,
  officialClient,
  type Running,
  rawClient,
  replyTo,
  type Seen,
  startEdge,
} from './testing/edge-fixture.ts'

let service: FakeService
let running: Running
let id: string
const stops: (() => void)[] = []

beforeEach(async () => {
  service = new FakeService()
  id = service.create()
  running = await startEdge(service)
})
afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  await running.stop()
})

async function restart(limits: Partial<LiveLimits> = {}): Promise<void> {
  const { port } = running
  await running.stop()
  running = await startEdge(service, { limits, port })
}

async function subscriber(): Promise<OfficialClient> {
  const official = officialClient(running.url)
  stops.push(() => official.client.disconnect())
  official.client.connect()
  official.subscribe(`tournament:${id}`)
  await official.seen.until((items) => items.some(({ what }) => what === 'subscribed'))
  return official
}

async function raw() {
  const client = await rawClient(running.url)
  stops.push(() => client.socket.terminate())
  client.send({ id: 1, connect: {} })
  await replyTo(client, 1)
  return client
}

const subscriptionsOf = (items: readonly Seen[]) =>
  items.flatMap((item) => (item.what === 'subscribed' ? [item] : []))

describe('coming back', () => {
  it('after a cut brings exactly what was missed', async () => {
    const client = await subscriber()
    await subscriber()
    service.publish(id)
    await client.seen.until(() => client.versions().length === 1)
    client.cut()
    for (let count = 0; count < 5; count++) service.publish(id)
    await client.seen.until(() => client.versions().length === 6)
    expect(client.versions()).toEqual([2, 3, 4, 5, 6, 7])
    expect(subscriptionsOf(client.seen.items)).toMatchObject([{ recovered: false }, { recovered: true }])
    expect(subscriptionsOf(client.seen.items)[1]?.data).toBeUndefined()
  })

  it('as the only one still finds the ring warm', async () => {
    const client = await subscriber()
    client.cut()
    service.publish(id)
    service.publish(id)
    await client.seen.until(() => client.versions().length === 2)
    expect(subscriptionsOf(client.seen.items)[1]).toMatchObject({ recovered: true })
    expect(service.callsOf('getTournament')).toHaveLength(1)
  })

  it('to a server that was restarted works without a word lost', async () => {
    const client = await subscriber()
    service.publish(id)
    await client.seen.until(() => client.versions().length === 1)
    await restart()
    await client.seen.until((items) => subscriptionsOf(items).length === 2)
    // Nothing happened meanwhile: the position is good although the ring is empty.
    expect(subscriptionsOf(client.seen.items)[1]).toMatchObject({ recovered: true, offset: 2 })
    const stopped = running.stop()
    service.commit(id)
    await stopped
    running = await startEdge(service, { port: running.port })
    await client.seen.until((items) => subscriptionsOf(items).length === 3)
    // The ring is empty; the service knows what was missed.
    expect(subscriptionsOf(client.seen.items)[2]).toMatchObject({ recovered: true, offset: 2 })
    service.publish(id)
    await client.seen.until(() => client.versions().includes(4))
    expect(client.versions()).toEqual([2, 3, 4])
  })

  it('after more than the ring holds brings a snapshot', async () => {
    await restart({ ringPublicationsMax: 4, snapshotTailMax: 2 })
    const client = await subscriber()
    client.cut()
    for (let count = 0; count < 6; count++) service.publish(id)
    await client.seen.until((items) => subscriptionsOf(items).length === 2)
    const [, second] = subscriptionsOf(client.seen.items)
    expect(second).toMatchObject({ recovered: false, offset: 7 })
    expect(second?.data).toEqual({ names: service.world(id).names })
  })

  it('to another epoch brings a snapshot', async () => {
    const client = await subscriber()
    service.publish(id)
    await client.seen.until(() => client.versions().length === 1)
    client.cut()
    Object.assign(service.world(id), { epoch: 'e2', names: ['restored'], version: 1 })
    service.publish(id)
    await client.seen.until((items) => subscriptionsOf(items).length === 2)
    expect(subscriptionsOf(client.seen.items)[1]).toMatchObject({
      recovered: false,
      epoch: 'e2',
      data: { names: ['restored', 'name 2'] },
    })
  })

  it.each([
    ['zero is the beginning', { epoch: 'e1', offset: 0 }, false],
    ['the head', { epoch: 'e1', offset: 3 }, true],
    ['within the ring', { epoch: 'e1', offset: 2 }, true],
    ['from the future', { epoch: 'e1', offset: 9 }, false],
    ['beyond all numbers', { epoch: 'e1', offset: 2 ** 53 }, false],
    ['without an epoch', { offset: 3 }, false],
    ['of another epoch', { epoch: 'e0', offset: 3 }, false],
  ])('to a position %s', async (_name, position, recovered) => {
    await subscriber()
    service.publish(id)
    service.publish(id)
    const client = await raw()
    const channel = `tournament:${id}`
    client.send({ id: 2, subscribe: { channel, recover: true, ...position } })
    const { subscribe } = await replyTo(client, 2)
    expect(subscribe).toMatchObject({ was_recovering: true, recovered, recoverable: true, positioned: true })
    expect(JSON.stringify(subscribe).includes('"data":{"names"')).toBe(!recovered)
    client.send({ id: 3, unsubscribe: { channel } })
    client.send({ id: 4, subscribe: { channel, recover: true, flag: 2, ...position } })
    const reply = await replyTo(client, 4)
    if (recovered) expect(reply).toHaveProperty('subscribe')
    else expect(reply).toMatchObject({ error: { code: 112 } })
  })
})

describe('a snapshot', () => {
  it('is followed by what happened while it was read, without gap, duplicate or disorder', async () => {
    const open = service.shut()
    const client = await raw()
    client.send({ id: 2, subscribe: { channel: `tournament:${id}` } })
    while (service.callsOf('getTournament').length === 0) await new Promise(setImmediate)
    service.publish(id)
    const late = service.commit(id)
    open()
    const { subscribe } = await replyTo(client, 2)
    // The snapshot knows version 3 before its event has come.
    expect(subscribe).toMatchObject({ offset: 3, data: { names: ['first', 'name 2', 'name 3'] } })
    service.deliver(late, late)
    service.publish(id)
    await client.received.until((items) => items.some((item) => 'push' in item))
    const pushes = client.received.items.filter((item) => 'push' in item)
    expect(pushes).toMatchObject([{ push: { pub: { offset: 4 } } }])
  })

  it('is read once for a thousand who come at the same time', async () => {
    const open = service.shut()
    const clients = await Promise.all(Array.from({ length: 100 }, () => raw()))
    for (const client of clients) {
      client.send({ id: 2, subscribe: { channel: `tournament:${id}` } })
    }
    while (service.callsOf('getTournament').length === 0) await new Promise(setImmediate)
    service.publish(id)
    open()
    await Promise.all(clients.map((client) => replyTo(client, 2)))
    service.publish(id)
    const more = await Promise.all(Array.from({ length: 50 }, () => raw()))
    for (const client of more) client.send({ id: 2, subscribe: { channel: `tournament:${id}` } })
    const replies = await Promise.all(more.map((client) => replyTo(client, 2)))
    expect(service.callsOf('getTournament')).toHaveLength(1)
    // The kept snapshot, and what followed it.
    for (const { subscribe } of replies) {
      expect(subscribe).toMatchObject({ offset: 2, publications: [{ offset: 3 }], recovered: false })
    }
  })

  it('that cannot be read is an error that the client retries', async () => {
    const client = await raw()
    service.world(id).epoch = ''
    const original = service.request.bind(service)
    service.request = async () => ({ kind: 'fault', code: 'timed-out', retryable: true })
    client.send({ id: 2, subscribe: { channel: `tournament:${id}` } })
    expect(await replyTo(client, 2)).toMatchObject({
      error: { code: 100, message: 'timed-out', temporary: true },
    })
    service.request = async () => {
      throw new Error('bang')
    }
    client.send({ id: 3, subscribe: { channel: `tournament:${id}` } })
    expect(await replyTo(client, 3)).toMatchObject({ error: { code: 100, temporary: true } })
    service.request = original
    client.send({ id: 4, subscribe: { channel: `tournament:${id}` } })
    expect(await replyTo(client, 4)).toHaveProperty('subscribe')
  })
})

describe('events', () => {
  it('that come twice are told once', async () => {
    const client = await subscriber()
    const events = [service.commit(id), service.commit(id)]
    service.deliver(...events, ...events)
    service.deliver(...events)
    service.publish(id)
    await client.seen.until(() => client.versions().includes(4))
    expect(client.versions()).toEqual([2, 3, 4])
  })

  it('that are missing are read from the service, and told in order', async () => {
    const client = await subscriber()
    service.publish(id)
    await client.seen.until(() => client.versions().length === 1)
    service.commit(id)
    service.publish(id)
    await client.seen.until(() => client.versions().length === 3)
    expect(client.versions()).toEqual([2, 3, 4])
    expect(subscriptionsOf(client.seen.items)).toHaveLength(1)
    expect(service.callsOf('listLog')).toMatchObject([{ input: { id, after: 2 } }])
  })

  it('that only come in another order are waited for', async () => {
    const client = await subscriber()
    const [two, three, four] = [service.commit(id), service.commit(id), service.commit(id)]
    service.deliver(three)
    service.deliver(four, two)
    await client.seen.until(() => client.versions().length === 3)
    service.publish(id)
    await client.seen.until(() => client.versions().length === 4)
    expect(client.versions()).toEqual([2, 3, 4, 5])
    expect(service.callsOf('listLog')).toHaveLength(0)
  })

  it('that are too many to be read again make everybody begin anew, and nobody misses anything', async () => {
    await restart({ logPageMax: 2, logPagesMax: 2 })
    const client = await subscriber()
    for (let count = 0; count < 9; count++) service.commit(id)
    service.publish(id)
    await client.seen.until((items) => subscriptionsOf(items).length === 2)
    expect(client.seen.items).toContainEqual({ what: 'subscribing', code: 2500 })
    expect(subscriptionsOf(client.seen.items)[1]).toMatchObject({ recovered: false, offset: 11 })
    expect(client.client.state).toBe('connected')
    service.publish(id)
    await client.seen.until(() => client.versions().includes(12))
  })

  it('more than are kept behind a gap are read from the service too', async () => {
    await restart({ earlyEventsMax: 3 })
    const client = await subscriber()
    const open = service.shut()
    service.commit(id)
    for (let count = 0; count < 20; count++) service.publish(id)
    while (service.callsOf('listLog').length === 0) await new Promise(setImmediate)
    for (let count = 0; count < 20; count++) service.publish(id)
    open()
    await client.seen.until(() => client.versions().length === 41)
    expect(client.versions()).toEqual(Array.from({ length: 41 }, (_, index) => index + 2))
  })

  it('that a snapshot knew and that never come are read from the service after a while', async () => {
    await restart({
      aheadMs: 50,
      snapshotTailMax: 0,
      tickMs: 10,
      pingIntervalMs: 20,
      missedPongsMax: 1_000,
    })
    const first = await subscriber()
    service.publish(id)
    await first.seen.until(() => first.versions().length === 1)
    service.commit(id)
    const second = await subscriber()
    expect(subscriptionsOf(second.seen.items)).toMatchObject([{ recovered: false, offset: 3 }])
    await first.seen.until(() => first.versions().includes(3))
    service.publish(id)
    await second.seen.until(() => second.versions().length === 1)
    expect([first.versions(), second.versions()]).toEqual([[2, 3, 4], [4]])
  })

  it('of one turn go out in one message', async () => {
    const client = await raw()
    client.send({ id: 2, subscribe: { channel: `tournament:${id}` } })
    await replyTo(client, 2)
    const before = client.frames()
    for (let count = 0; count < 16; count++) service.publish(id)
    await client.received.until((items) => items.filter((item) => 'push' in item).length === 16)
    expect(client.frames() - before).toBe(1)
  })

  it('are listened for only while somebody wants them, and a little longer', async () => {
    await restart({ channelIdleMs: 200, tickMs: 10, pingIntervalMs: 10, missedPongsMax: 1_000 })
    expect(service.topics).toBe(0)
    const clients = [await subscriber(), await subscriber()]
    expect(service.topics).toBe(1)
    clients[0]?.client.disconnect()
    const leftAtMs = performance.now()
    clients[1]?.client.disconnect()
    while (service.topics > 0) await new Promise(setImmediate)
    expect(performance.now() - leftAtMs).toBeGreaterThan(150)
    // Nobody there: an unknown tournament is not listened for either.
    const stranger = await raw()
    stranger.send({ id: 2, subscribe: { channel: `tournament:${crypto.randomUUID()}` } })
    await replyTo(stranger, 2)
    expect(service.topics).toBe(0)
  })

  it('of tournaments that nobody looks at leave nothing behind', async () => {
    await restart({ channelIdleMs: 20, tickMs: 10, pingIntervalMs: 10, missedPongsMax: 1_000 })
    const client = await subscriber()
    service.publish(id)
    await client.seen.until(() => client.versions().length === 1)
    expect(running.edge.stats()).toMatchObject({ channels: 1, historyLength: expect.any(Number) })
    client.client.disconnect()
    while (running.edge.stats().channels > 0) await new Promise(setImmediate)
    service.publish(id)
    expect(running.edge.stats()).toMatchObject({ channels: 0, historyLength: 0 })
  })

  it('of all channels together are kept only up to a bound', async () => {
    await restart({ historyLengthMax: 10_000, ringLengthMax: 4_000 })
    const client = await raw()
    const ids = Array.from({ length: 10 }, () => service.create())
    client.send(
      ...ids.map((each, index) => ({ id: 10 + index, subscribe: { channel: `tournament:${each}` } })),
    )
    await replyTo(client, 19)
    for (let count = 0; count < 50; count++) for (const each of ids) service.publish(each)
    expect(running.edge.stats().historyLength).toBeLessThanOrEqual(10_000)
    await client.received.until((items) => items.filter((item) => 'push' in item).length === 500)
  })
})
