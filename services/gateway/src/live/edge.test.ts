import { PassThrough } from 'node:stream'
import { newId } from '@matchday/contracts'
import { createLog } from '@matchday/kernel'
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
const stops: (() => void)[] = []

beforeEach(async () => {
  service = new FakeService()
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

function connect(token = '') {
  const official = officialClient(running.url, token === '' ? {} : { token })
  stops.push(() => official.client.disconnect())
  official.client.connect()
  return official
}

async function raw(options?: Parameters<typeof rawClient>[1]) {
  const client = await rawClient(running.url, options)
  stops.push(() => client.socket.terminate())
  return client
}

describe('a spectator', () => {
  it('connects without a token, gets the snapshot and then every event in order', async () => {
    const id = service.create()
    const { seen, subscribe, versions } = connect()
    subscribe(`tournament:${id}`)
    await seen.until((items) => items.some(({ what }) => what === 'subscribed'))
    expect(seen.items.find(({ what }) => what === 'subscribed')).toMatchObject({
      recovered: false,
      offset: 1,
      epoch: 'e1',
      data: { names: ['first'] },
    })
    for (let count = 0; count < 20; count++) service.publish(id)
    await seen.until(() => versions().length === 20)
    expect(versions()).toEqual(Array.from({ length: 20 }, (_, index) => index + 2))
    const last = seen.items.at(-1)
    expect(last).toMatchObject({
      what: 'publication',
      data: { type: 'tournament-renamed', version: 21, name: 'name 21', at: expect.any(String) },
    })
  })

  it('is told when there is no such tournament, or no such channel', async () => {
    const client = await raw()
    client.send({ id: 1, connect: {} }, { id: 2, subscribe: { channel: `tournament:${newId()}` } })
    expect(await replyTo(client, 2)).toMatchObject({ error: { code: 102, message: 'not-found' } })
    for (const [index, channel] of [
      'tournament:1',
      'nothing:x',
      'tournament',
      '',
      'tournament:*',
    ].entries()) {
      client.send({ id: 10 + index, subscribe: { channel } })
      expect(await replyTo(client, 10 + index)).toMatchObject({ error: { code: 102 } })
    }
    expect(running.edge.stats().channels).toBe(0)
  })

  it('may have sixteen subscriptions, none twice, and may give them back', async () => {
    const client = await raw()
    client.send({ id: 1, connect: {} })
    const ids = Array.from({ length: 17 }, () => service.create())
    client.send(...ids.map((id, index) => ({ id: 100 + index, subscribe: { channel: `tournament:${id}` } })))
    expect(await replyTo(client, 115)).toHaveProperty('subscribe')
    expect(await replyTo(client, 116)).toMatchObject({ error: { code: 106 } })
    client.send({ id: 200, unsubscribe: { channel: `tournament:${ids[0]}` } })
    client.send({ id: 201, subscribe: { channel: `tournament:${ids[16]}` } })
    client.send({ id: 202, subscribe: { channel: `tournament:${ids[16]}` } })
    expect(await replyTo(client, 201)).toHaveProperty('subscribe')
    expect(await replyTo(client, 202)).toMatchObject({ error: { code: 105 } })
    service.publish(ids[0]!)
    service.publish(ids[16]!)
    await client.received.until((items) => items.some((item) => 'push' in item))
    expect(client.received.items.filter((item) => 'push' in item)).toHaveLength(1)
  })

  it('gets 108 for what there is not, and 104 for what nobody knows', async () => {
    const client = await raw()
    client.send({ id: 1, connect: {} })
    const methods = ['presence', 'presence_stats', 'history', 'rpc', 'sub_refresh']
    client.send(...methods.map((method, index) => ({ id: 10 + index, [method]: { channel: 'x' } })))
    client.send({ id: 20, dance: {} }, { id: 21, ping: {} })
    for (const index of methods.keys()) {
      expect(await replyTo(client, 10 + index)).toMatchObject({ error: { code: 108 } })
    }
    expect(await replyTo(client, 20)).toMatchObject({ error: { code: 104 } })
    expect(await replyTo(client, 21)).toEqual({ id: 21, ping: {} })
  })
})

describe('tokens', () => {
  it('ends for good with 3500 when the token is not good, and comes back after a fault', async () => {
    const bad = connect('nonsense')
    await bad.seen.until((items) => items.some(({ what }) => what === 'disconnected'))
    expect(bad.seen.items.at(-1)).toEqual({ what: 'disconnected', code: 3500 })
    const fault = await raw()
    fault.send({ id: 1, connect: { token: 'fault' } })
    expect(await fault.closed).toEqual({ code: 3004, reason: 'internal server error' })
  })

  it.each([
    ['not-a-player', 4501],
    ['not-found', 4501],
    ['pass-moved', 4502],
    ['not-allowed', 3500],
  ] as const)('asks for the seat: %s ends with %i', async (code, expected) => {
    service.seat = { kind: 'rejected', code }
    const { seen } = connect(playerToken(service.create(), newId()))
    await seen.until((items) => items.some(({ what }) => what === 'disconnected'))
    expect(seen.items.at(-1)).toEqual({ what: 'disconnected', code: expected })
  })

  it('heals by itself when the seat could not be asked for', async () => {
    service.seat = { kind: 'fault', code: 'unavailable', retryable: true }
    const { seen } = connect(playerToken(service.create(), newId()))
    while (service.callsOf('getSeat').length < 3) await new Promise(setImmediate)
    expect(running.edge.stats().disconnects.internal).toBeGreaterThan(0)
    service.seat = { kind: 'ok', body: {} }
    await seen.until((items) => items.at(-1)?.what === 'connected')
  })

  it('ends a removed player at once, after telling the news; nobody else', async () => {
    const id = service.create()
    const [removed, other] = [newId(), newId()]
    const gone = connect(playerToken(id, removed))
    const stays = connect(playerToken(id, other))
    for (const client of [gone, stays]) client.subscribe(`tournament:${id}`)
    for (const { seen } of [gone, stays]) {
      await seen.until((items) => items.some(({ what }) => what === 'subscribed'))
    }
    service.publish(id, 'player-removed', { playerId: removed, by: 'organizer' })
    await gone.seen.until((items) => items.some(({ what }) => what === 'disconnected'))
    const [news, end] = gone.seen.items.filter(
      ({ what }) => what === 'publication' || what === 'disconnected',
    )
    expect(news).toMatchObject({ data: { type: 'player-removed', version: 2 } })
    expect(end).toEqual({ what: 'disconnected', code: 4501 })
    await stays.seen.until(() => stays.versions().includes(2))
    expect(stays.client.state).toBe('connected')
  })

  it('ends only the older passes when a seat moves', async () => {
    const id = service.create()
    const player = newId()
    const [old, fresh] = [connect(playerToken(id, player, 1)), connect(playerToken(id, player, 2))]
    for (const { seen } of [old, fresh]) {
      await seen.until((items) => items.some(({ what }) => what === 'connected'))
    }
    service.publish(id, 'pass-moved', { playerId: player, pass: 2 })
    await old.seen.until((items) => items.some(({ what }) => what === 'disconnected'))
    expect(old.seen.items.at(-1)).toEqual({ what: 'disconnected', code: 4502 })
    expect(fresh.client.state).toBe('connected')
  })

  it('ends a player who is removed while his token is still being checked', async () => {
    const id = service.create()
    const player = newId()
    const open = service.shut()
    const client = await raw()
    client.send({ id: 1, connect: { token: playerToken(id, player) } })
    while (service.callsOf('getSeat').length === 0) await new Promise(setImmediate)
    service.publish(id, 'player-removed', { playerId: player, by: 'organizer' })
    open()
    expect(await client.closed).toEqual({ code: 4501, reason: 'not-a-player' })
  })

  it('refreshes with a token of the same player, and with no other', async () => {
    const id = service.create()
    const player = newId()
    const client = await raw()
    client.send({ id: 1, connect: { token: playerToken(id, player, 1) } })
    client.send({ id: 2, refresh: { token: playerToken(id, player, 2) } })
    expect(await replyTo(client, 2)).toEqual({ id: 2, refresh: { expires: false } })
    service.publish(id, 'pass-moved', { playerId: player, pass: 2 })
    client.send({ id: 3, refresh: { token: playerToken(id, newId(), 1) } })
    expect(await client.closed).toEqual({ code: 3500, reason: 'invalid token' })
  })
})

describe('the door', () => {
  it('takes pages of the same host and of listed ones, native clients, and no others', async () => {
    const host = `127.0.0.1:${running.port}`
    for (const origin of [undefined, `http://${host}`, `https://${host}`]) {
      await raw(origin === undefined ? {} : { headers: { Origin: origin } })
    }
    const strangers = [
      'http://evil.example',
      'null',
      `http://${host}.evil.example`,
      'http://127.0.0.1:1',
      'x',
    ]
    for (const origin of strangers) {
      await expect(raw({ headers: { Origin: origin } })).rejects.toThrow('403')
    }
    await running.stop()
    running = await startEdge(service, { allowedOrigins: ['https://matchday.example'] })
    await raw({ headers: { Origin: 'https://matchday.example' } })
    await raw({ headers: { Origin: `http://127.0.0.1:${running.port}` } })
    await expect(raw({ headers: { Origin: 'http://matchday.example' } })).rejects.toThrow('403')
  })

  it('tells whom it has sent away, and not what he brought along', async () => {
    await running.stop()
    const lines = new PassThrough()
    running = await startEdge(service, { log: createLog('info', lines) })
    await expect(raw({ headers: { Origin: 'https://canary.example' } })).rejects.toThrow('403')
    const forger = await raw()
    forger.send({ id: 1, connect: { token: 'canary-token' } })
    await forger.closed
    const player = newId<'player'>()
    const flooding = await raw()
    flooding.send({ id: 1, connect: { token: playerToken(service.create(), player) } })
    await replyTo(flooding, 1)
    for (let message = 0; message < 60; message++) flooding.send({ id: 100 + message, ping: {} })
    expect(await flooding.closed).toMatchObject({ code: 3013 })
    const texts = String(lines.read())
      .split('\n')
      .filter((line) => line !== '')
    const told = texts.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'refused')
    expect(told).toMatchObject([
      { code: 'cross-origin', by: null, actor: null },
      { code: 'invalid-token', by: 'anyone', actor: null },
      { code: 'too-many-requests', by: 'player', actor: player },
    ])
    expect(texts.join()).not.toContain('canary')
  })

  it('is closed when the house is full, and open again when somebody has left', async () => {
    await restart({ socketsMax: 2 })
    const first = await raw()
    await raw()
    await expect(raw()).rejects.toThrow('503')
    first.socket.terminate()
    while (running.edge.stats().sockets > 1) await new Promise(setImmediate)
    await raw()
    await restart({ socketsPerAddressMax: 1 })
    await raw()
    await expect(raw()).rejects.toThrow('503')
  })

  it('is at one address only', async () => {
    await expect(rawClient(running.url.replace('live', 'dead'))).rejects.toThrow('404')
  })

  it('shows out whoever does not say connect in time', async () => {
    const early = await raw()
    early.send({ id: 1, subscribe: { channel: 'tournament:x' } })
    expect(await early.closed).toEqual({ code: 3501, reason: 'bad request' })
    await restart({ connectTimeoutMs: 60, tickMs: 10, pingIntervalMs: 100 })
    const client = await raw()
    expect(await client.closed).toEqual({ code: 3502, reason: 'stale' })
  })
})

describe('a connection', () => {
  it('is kept by pings and pongs, and ended with 3012 when nobody answers', async () => {
    await restart({ pingIntervalMs: 40, tickMs: 10, missedPongsMax: 3 })
    const silent = await raw()
    silent.send({ id: 1, connect: {} })
    const answering = await raw()
    answering.socket.on('message', (data) => {
      if (String(data) === '{}') answering.socket.send('{}')
    })
    answering.send({ id: 1, connect: {} })
    expect(await silent.closed).toEqual({ code: 3012, reason: 'no pong' })
    expect(silent.received.items.filter((item) => Object.keys(item).length === 0)).toHaveLength(3)
    expect(answering.socket.readyState).toBe(answering.socket.OPEN)
  })

  it('is told to come back at shutdown, spread over time but not for long', async () => {
    await restart({ drainClosesPerSecond: 100, drainMs: 300, closeTimeoutMs: 300 })
    const clients = await Promise.all(Array.from({ length: 30 }, () => raw()))
    // One that does not take part in the close handshake must not hold up the end.
    const { socket: deaf } = await raw()
    deaf.pause()
    const from = performance.now()
    const endings = Promise.all(
      clients.map(async ({ closed }) => ({ ...(await closed), atMs: performance.now() - from })),
    )
    await running.stop()
    const all = await endings
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set([3001]))
    const times = all.map(({ atMs }) => atMs)
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(100)
    expect(performance.now() - from).toBeLessThan(2_500)
    await expect(raw()).rejects.toThrow()
    running = await startEdge(service)
  })
})
