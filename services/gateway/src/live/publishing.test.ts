import { newId } from '@matchday/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LiveLimits } from './index.ts'
import {
  FakeService,
  officialClient,
  playerToken,
  type Running,
  rawClient,
  replyTo,
  startEdge,
} from './testing/edge-fixture.ts'

let service: FakeService
let running: Running
let id: string
let channel: string
const stops: (() => void)[] = []

beforeEach(async () => {
  service = new FakeService()
  id = service.create()
  channel = `tournament:${id}`
  running = await startEdge(service)
})
afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  await running.stop()
})

async function restart(limits: Partial<LiveLimits>): Promise<void> {
  await running.stop()
  running = await startEdge(service, { limits })
}

async function raw(token = '') {
  const client = await rawClient(running.url)
  stops.push(() => client.socket.terminate())
  client.send({ id: 1, connect: { token } })
  await replyTo(client, 1)
  return client
}

const pushes = (items: readonly object[]) => items.filter((item) => 'push' in item)

describe('a highlight', () => {
  it('of a player goes to the service with his identity, and comes back to all', async () => {
    const player = newId()
    const watching = officialClient(running.url)
    const playing = officialClient(running.url, { token: playerToken(id, player) })
    for (const official of [watching, playing]) {
      stops.push(() => official.client.disconnect())
      official.client.connect()
    }
    watching.subscribe(channel)
    const subscription = playing.subscribe(channel)
    await subscription.ready()
    await watching.seen.until((items) => items.some(({ what }) => what === 'subscribed'))
    await subscription.publish({ type: 'highlight', team: 'Spurs', id: newId(), playerId: newId() })
    expect(service.callsOf('highlightTeam')).toEqual([
      {
        operation: 'highlightTeam',
        input: { id, playerId: player, team: 'Spurs' },
        caller: { kind: 'player', tournamentId: id, playerId: player, pass: 1 },
      },
    ])
    service.whisper({ channel, type: 'highlights', key: player, value: { team: 'Spurs' } })
    for (const { seen } of [watching, playing]) {
      await seen.until((items) => items.some(({ what }) => what === 'publication'))
      expect(seen.items.at(-1)).toEqual({
        what: 'publication',
        offset: undefined,
        data: { type: 'highlights', items: [{ playerId: player, team: 'Spurs' }] },
      })
    }
  })

  it.each([
    ['by a spectator', '', {}, 103],
    ['in another tournament', playerToken(newId(), newId()), {}, 103],
    ['of nothing', null, { data: { type: 'highlight' } }, 107],
    ['of a number', null, { data: { type: 'highlight', team: 7 } }, 107],
    ['of an endless name', null, { data: { type: 'highlight', team: 'x'.repeat(2_000) } }, 107],
    ['with more than the contract says', null, { data: { type: 'highlight', team: 'A', loud: true } }, 107],
    ['of an unknown type', null, { data: { type: 'shout', team: 'A' } }, 107],
    ['of an inherited type', null, { data: { type: 'constructor', team: 'A' } }, 107],
    [
      'with a prototype',
      null,
      { data: JSON.parse('{"type":"highlight","team":"A","__proto__":{"x":1}}') },
      107,
    ],
    ['in no channel', null, { channel: 'tournament:nowhere' }, 102],
  ])('%s is refused', async (_name, token, publish, code) => {
    const client = await raw(token ?? playerToken(id, newId()))
    client.send({ id: 2, publish: { channel, data: { type: 'highlight', team: 'A' }, ...publish } })
    expect(await replyTo(client, 2)).toMatchObject({ error: { code } })
    expect(service.callsOf('highlightTeam')).toEqual([])
  })

  it.each([
    ['unknown-team', 409],
    ['pass-moved', 103],
    ['not-found', 102],
    ['timed-out', 100],
    ['overloaded', 111],
  ] as const)('that the service rejects with %s fails with %i and that word', async (code, number) => {
    service.highlight = { kind: 'rejected', code }
    const client = await raw(playerToken(id, newId()))
    client.send({ id: 2, publish: { channel, data: { type: 'highlight', team: null } } })
    expect(await replyTo(client, 2)).toMatchObject({ error: { code: number, message: code } })
  })

  it('comes too often after ten at once', async () => {
    await restart({ publishesPerSecondMax: 0.01 })
    const client = await raw(playerToken(id, newId()))
    client.send(
      ...Array.from({ length: 12 }, (_, index) => ({
        id: 10 + index,
        publish: { channel, data: { type: 'highlight', team: 'A' } },
      })),
    )
    await replyTo(client, 21)
    const refused = client.received.items.filter((item) => 'error' in item)
    expect(refused).toMatchObject([
      { id: 20, error: { code: 111, temporary: true } },
      { id: 21, error: { code: 111 } },
    ])
  })

  it('is told as the latest per player, at most once in a while, within 100 ms', async () => {
    const client = await raw()
    client.send({ id: 2, subscribe: { channel } })
    await replyTo(client, 2)
    const players = ['a', 'b', 'c']
    const delaysMs: number[] = []
    // The best of a few: what is measured is the edge, not how busy the machine is.
    for (let attempt = 1; attempt <= 4; attempt++) {
      const from = performance.now()
      for (let round = 0; round < 30; round++) {
        for (const key of players) {
          service.whisper({ channel, type: 'highlights', key, value: { team: `team ${round}` } })
        }
      }
      await client.received.until((items) => pushes(items).length === attempt)
      delaysMs.push(performance.now() - from)
    }
    expect(Math.min(...delaysMs)).toBeLessThan(100)
    expect(pushes(client.received.items).slice(-1)).toEqual([
      {
        push: {
          channel,
          pub: {
            data: {
              type: 'highlights',
              items: players.map((playerId) => ({ playerId, team: 'team 29' })),
            },
          },
        },
      },
    ])
  })

  it('never grows beyond its bound, and never without listeners', async () => {
    await restart({ fleetingKeysMax: 3 })
    const client = await raw()
    service.whisper({ channel, type: 'highlights', key: 'x', value: {} })
    client.send({ id: 2, subscribe: { channel } })
    await replyTo(client, 2)
    for (const key of ['a', 'b', 'c', 'd', 'a'])
      service.whisper({ channel, type: 'highlights', key, value: {} })
    await client.received.until((items) => pushes(items).length > 0)
    expect(pushes(client.received.items)).toMatchObject([
      { push: { pub: { data: { items: [{ playerId: 'c' }, { playerId: 'd' }, { playerId: 'a' }] } } } },
    ])
  })
})

describe('limits of a socket', () => {
  it('are forty messages at once: then 3013, which says come back', async () => {
    await restart({ messagesPerSecondMax: 0.01 })
    const client = await raw()
    for (let index = 0; index < 39; index++) client.send({ id: 10 + index, ping: {} })
    await replyTo(client, 48)
    client.send({ id: 100, ping: {} })
    expect(await client.closed).toEqual({ code: 3013, reason: 'too many requests' })
  })

  it('hold for control frames too', async () => {
    const client = await raw()
    for (let index = 0; index < 100; index++) client.socket.ping()
    expect(await client.closed).toMatchObject({ code: 3013 })
  })

  it('end a frame that is too large, has too many parts, or is not text', async () => {
    const large = await raw()
    large.socket.send(`{"id":2,"rpc":{"data":"${'x'.repeat(16 * 1024)}"}}`)
    expect(await large.closed).toMatchObject({ code: 1009 })
    const pieces = await raw()
    for (let index = 0; index < 33; index++) pieces.socket.send(' ', { fin: false })
    expect(await pieces.closed).toMatchObject({ code: 1008 })
    const binary = await raw()
    binary.socket.send(Buffer.from('{}'))
    expect(await binary.closed).toEqual({ code: 3501, reason: 'bad request' })
  })
})

describe('a slow reader', () => {
  it('is disconnected with 3008 instead of let grow, and the others notice nothing', async () => {
    await restart({ waitingBytesMax: 64 * 1024, closeTimeoutMs: 5_000 })
    const [slow, quick] = [await raw(), await raw()]
    for (const client of [slow, quick]) {
      client.send({ id: 2, subscribe: { channel } })
      await replyTo(client, 2)
    }
    slow.socket.pause()
    let published = 0
    while (!running.edge.stats().disconnects.slow) {
      for (let count = 0; count < 16; count++, published++)
        service.publish(id, undefined, { text: 'x'.repeat(4_000) })
      await quick.received.until((items) => pushes(items).length === published)
      expect(published).toBeLessThan(20_000)
    }
    service.publish(id)
    await quick.received.until((items) => pushes(items).length === published + 1)
    slow.socket.resume()
    expect(await slow.closed).toEqual({ code: 3008, reason: 'slow' })
    // What he did get is in order and whole.
    const offsets = pushes(slow.received.items).map(
      (item) => JSON.stringify(item).match(/"offset":(\d+)/)?.[1],
    )
    expect(offsets).toEqual(offsets.map((_, index) => String(index + 2)))
  })
})
