import { type Caller, type Channel, callerScope, channels, newId, type StaffId } from '@matchday/contracts'
import { createMemoryBus, type JsonObject, type Reply } from '@matchday/kernel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Credential } from '../sessions/credential.ts'
import { LiveChannel, type Subscriber } from './channel.ts'
import { type LiveLimits, liveLimits } from './limits.ts'
import {
  FakeService,
  officialClient,
  playerToken,
  type RawClient,
  type Running,
  rawClient,
  replyTo,
  startEdge,
} from './testing/edge-fixture.ts'

let service: FakeService
let running: Running
let id: string
const stops: (() => void)[] = []
const quickTicks = { tickMs: 10, pingIntervalMs: 1_000, missedPongsMax: 1_000 }

/** Tokens of these tests: `staff:<account id>`, besides those of players. */
function staff(accountId: string): Caller {
  // Made by newId, in these tests.
  return { kind: 'staff', accountId: accountId as StaffId, sessionId: newId() }
}
async function verifyToken(token: string): Promise<Credential | null> {
  const [kind, first = '', second = '', pass] = token.split(':')
  if (kind === 'staff') return { kind: 'pass', caller: staff(first) }
  if (kind !== 'player') return null
  const ids = JSON.parse(JSON.stringify({ tournamentId: first, playerId: second }))
  return { kind: 'pass', caller: { kind, ...ids, pass: Number(pass) } }
}

async function start(limits: Partial<LiveLimits> = {}): Promise<Running> {
  const edge = await startEdge(service, { verifyToken, limits: { ...quickTicks, ...limits } })
  stops.push(() => void edge.stop())
  return edge
}

beforeEach(async () => {
  service = new FakeService()
  id = service.create()
  running = await start()
})
afterEach(() => {
  for (const stop of stops.splice(0).reverse()) stop()
})

type Where = { epoch: string; offset: number }

async function listen(token = '', recover?: Where, edge = running) {
  const raw = await rawClient(edge.url)
  stops.push(() => raw.socket.terminate())
  const channel = `tournament:${id}`
  raw.send(
    { id: 1, connect: token === '' ? {} : { token } },
    { id: 2, subscribe: { channel, ...(recover ? { recover: true, ...recover } : {}) } },
  )
  return { raw, answer: await replyTo(raw, 2) }
}

const isIn = ({ answer }: { answer: JsonObject }) => answer.subscribe !== undefined
/** Versions and codes of pushes, in order. */
const pushes = (raw: RawClient) =>
  raw.received.items.flatMap((item) => {
    const push = item.push as { pub?: { offset: number }; unsubscribe?: { code: number } } | undefined
    if (push === undefined) return []
    return [push.unsubscribe ? `ended ${push.unsubscribe.code}` : Number(push.pub?.offset)]
  })
const untilPush = (raw: RawClient, push: number | string) =>
  raw.received.until(() => pushes(raw).includes(push))

function makePrivate(...members: Caller[]): void {
  const world = service.world(id)
  world.isPrivate = true
  world.members = new Set(members.map(callerScope))
}
const askedAs = (operation: string) => service.callsOf(operation).map(({ caller }) => callerScope(caller))

describe('a channel that everybody may hear', () => {
  it('is asked for once, as anybody, whoever comes', async () => {
    const account = newId()
    const all = await Promise.all([
      listen(),
      listen(`staff:${account}`),
      listen(playerToken(id, newId())),
      ...Array.from({ length: 20 }, () => listen()),
    ])
    expect(all.every(isIn)).toBe(true)
    expect(askedAs('getTournament')).toEqual(['anyone'])
  })

  it('costs those who come back nothing but what they missed', async () => {
    for (let count = 0; count < 5; count++) service.publish(id)
    const other = await start()
    const back = await Promise.all(
      Array.from({ length: 200 }, () => listen('', { epoch: 'e1', offset: 3 }, other)),
    )
    expect(back.every(({ answer }) => (answer.subscribe as JsonObject).recovered === true)).toBe(true)
    expect(askedAs('listLog').length).toBeLessThanOrEqual(2)
    expect(askedAs('getTournament')).toEqual([])
    for (let count = 0; count < 3; count++) await listen('', undefined, other)
    expect(askedAs('getTournament')).toEqual(['anyone'])
  })
})

describe('a channel that not everybody may hear', () => {
  const account = newId()

  it('is heard by those whom the service shows it, each asked for by himself', async () => {
    const player = newId()
    const token = playerToken(id, player)
    const { caller } = (await verifyToken(token))!
    makePrivate(staff(account), caller)
    expect(isIn(await listen(`staff:${account}`))).toBe(true)
    expect(isIn(await listen(token))).toBe(true)
    for (const stranger of ['', `staff:${newId()}`, playerToken(id, newId())]) {
      expect((await listen(stranger)).answer, stranger).toMatchObject({
        error: { code: 102, message: 'not-found' },
      })
    }
    service.publish(id)
    expect(askedAs('getTournament')).toContain(callerScope(staff(account)))
  })

  it('is not told from one that there is not', async () => {
    makePrivate()
    const [hidden, missing] = [await listen(`staff:${newId()}`), await listen()]
    id = newId()
    const [other, none] = [await listen(`staff:${newId()}`), await listen()]
    expect([hidden.answer, missing.answer]).toEqual([other.answer, none.answer])
    expect(running.edge.stats().channels).toBe(0)
  })

  it('does not let in whoever comes back, though what he missed is at hand', async () => {
    makePrivate(staff(account))
    const member = await listen(`staff:${account}`)
    for (let count = 0; count < 5; count++) service.publish(id)
    await untilPush(member.raw, 6)
    for (const recover of [
      { epoch: 'e1', offset: 3 },
      { epoch: 'e1', offset: 6 },
      { epoch: 'e1', offset: 1 },
      { epoch: 'e0', offset: 3 },
    ]) {
      expect((await listen('', recover)).answer).toMatchObject({ error: { code: 102 } })
    }
    const back = await listen(`staff:${account}`, { epoch: 'e1', offset: 3 })
    expect(back.answer).toMatchObject({ subscribe: { recovered: true, offset: 3 } })
    // The other gateway has nothing at hand, and asks as whoever has come.
    const other = await start()
    service.calls.length = 0
    const elsewhere = await listen(`staff:${account}`, { epoch: 'e1', offset: 3 }, other)
    expect(elsewhere.answer).toMatchObject({ subscribe: { recovered: true, offset: 3 } })
    expect(askedAs('listLog').at(-1)).toBe(callerScope(staff(account)))
    expect((await listen('', { epoch: 'e1', offset: 3 }, other)).answer).toMatchObject({
      error: { code: 102 },
    })
  })

  it('finds what the bus has lost, in the name of those who may', async () => {
    makePrivate(staff(account))
    const member = await listen(`staff:${account}`)
    service.commit(id)
    service.publish(id)
    await untilPush(member.raw, 3)
    expect(pushes(member.raw)).toEqual([2, 3])
    expect(askedAs('listLog')).toEqual([callerScope(staff(account))])
  })

  it('ends for a member who is one no longer, though no event of the channel says so', async () => {
    running = await start({ accessCheckMs: 50 })
    const [stays, goes] = [newId(), newId()]
    makePrivate(staff(stays), staff(goes))
    const [one, two] = [await listen(`staff:${stays}`), await listen(`staff:${goes}`)]
    makePrivate(staff(stays))
    await untilPush(two.raw, 'ended 2403')
    service.publish(id)
    await untilPush(one.raw, 2)
    expect(pushes(two.raw)).toEqual(['ended 2403'])
  })

  it('lets a player connect who waits to be let in, and hear nothing yet', async () => {
    makePrivate()
    service.seat = { kind: 'rejected', code: 'waiting-for-approval' }
    const token = playerToken(id, newId())
    const waiting = await listen(token)
    expect(await replyTo(waiting.raw, 1)).toHaveProperty('connect')
    expect(waiting.answer).toMatchObject({ error: { code: 102 } })
    const { caller } = (await verifyToken(token))!
    makePrivate(caller)
    waiting.raw.send({ id: 3, subscribe: { channel: `tournament:${id}` } })
    expect(await replyTo(waiting.raw, 3)).toHaveProperty('subscribe')
  })
})

describe('when it changes who may hear it', () => {
  const account = newId()

  it('all hear that, and what follows only those who still may, without a gap', async () => {
    const [member, spectator] = [await listen(`staff:${account}`), await listen()]
    service.publish(id)
    makePrivate(staff(account))
    service.publish(id, 'details-changed', { visibility: 'private' })
    for (let count = 0; count < 5; count++) service.publish(id)
    await untilPush(spectator.raw, 'ended 2403')
    await untilPush(member.raw, 8)
    expect(pushes(spectator.raw)).toEqual([2, 3, 'ended 2403'])
    expect(pushes(member.raw)).toEqual([2, 3, 4, 5, 6, 7, 8])
    expect((await listen()).answer).toMatchObject({ error: { code: 102 } })
  })

  it('the official client is told for good, and one that may goes on', async () => {
    const connect = (token: string) => {
      const official = officialClient(running.url, token === '' ? {} : { token })
      stops.push(() => official.client.disconnect())
      official.client.connect()
      official.subscribe(`tournament:${id}`)
      return official
    }
    const [member, spectator] = [connect(`staff:${account}`), connect('')]
    for (const { seen } of [member, spectator]) {
      await seen.until((items) => items.some(({ what }) => what === 'subscribed'))
    }
    makePrivate(staff(account))
    service.publish(id, 'details-changed', {})
    service.publish(id)
    await spectator.seen.until((items) => items.at(-1)?.what === 'unsubscribed')
    expect(spectator.seen.items.at(-1)).toEqual({ what: 'unsubscribed', code: 2403 })
    await member.seen.until(() => member.versions().length === 2)
    expect(member.versions()).toEqual([2, 3])
  })

  it('nobody hears what follows before it is known who may, and then it comes once', async () => {
    const [member, spectator] = [await listen(`staff:${account}`), await listen()]
    makePrivate(staff(account))
    const open = service.shut()
    service.publish(id, 'details-changed', {})
    for (let count = 0; count < 10; count++) service.publish(id)
    await untilPush(member.raw, 2)
    // Somebody comes while nobody knows; he is asked for, too, and gets everything once.
    const coming = [
      listen(`staff:${account}`, { epoch: 'e1', offset: 1 }),
      listen('', { epoch: 'e1', offset: 1 }),
    ]
    while (service.callsOf('getTournament').length < 2) await new Promise(setImmediate)
    expect(pushes(member.raw)).toEqual([2])
    open()
    await untilPush(member.raw, 12)
    const [newcomer, stranger] = await Promise.all(coming)
    expect(stranger!.answer).toMatchObject({ error: { code: 102 } })
    service.publish(id)
    await untilPush(newcomer!.raw, 13)
    await untilPush(member.raw, 13)
    const { offset, publications = [] } = newcomer!.answer.subscribe as {
      offset: number
      publications?: { offset: number }[]
    }
    const seen = [...publications.map((each) => each.offset), ...pushes(newcomer!.raw)]
    expect(seen).toEqual(Array.from({ length: 13 - offset }, (_, index) => offset + 1 + index))
    expect(pushes(member.raw)).toEqual(Array.from({ length: 12 }, (_, index) => index + 2))
    expect(pushes(spectator.raw)).toEqual([2, 'ended 2403'])
  })

  it('an answer that was given before does not count any more', async () => {
    const { request } = service
    let deliver: (() => void) | undefined
    service.request = async (operation, call) => {
      const reply = await request.call(service, operation, call)
      if (deliver === undefined) await new Promise<void>((resolve) => (deliver = resolve))
      return reply
    }
    const coming = listen()
    while (deliver === undefined) await new Promise(setImmediate)
    // Everybody might see it when it was read, and its answer is still on its way.
    makePrivate(staff(account))
    service.publish(id, 'details-changed', {})
    deliver()
    expect((await coming).answer).toMatchObject({ error: { code: 102 } })
    expect(isIn(await listen(`staff:${account}`))).toBe(true)
  })

  it('a copy that lags behind is not believed', async () => {
    const spectator = await listen()
    // As a replica answers that has not heard of the change.
    const old: Reply = { kind: 'ok', body: { names: ['first'] }, version: 1, epoch: 'e1' }
    const answers = [old, old]
    const { request } = service
    service.request = async (operation, call) => {
      const stale = operation.name === 'getTournament' ? answers.shift() : undefined
      return stale ?? request.call(service, operation, call)
    }
    makePrivate()
    service.publish(id, 'details-changed', {})
    await untilPush(spectator.raw, 'ended 2403')
    expect(answers).toEqual([])
  })

  it('and nobody can say who may, nobody hears more; all come back when somebody can', async () => {
    const member = officialClient(running.url, { token: `staff:${account}` })
    stops.push(() => member.client.disconnect())
    member.client.connect()
    member.subscribe(`tournament:${id}`)
    await member.seen.until((items) => items.some(({ what }) => what === 'subscribed'))
    const spectator = await listen()
    const { request } = service
    let isAway = true
    service.request = async (operation, call) =>
      isAway && operation.name === 'getTournament'
        ? { kind: 'fault', code: 'unavailable', retryable: true }
        : request.call(service, operation, call)
    makePrivate(staff(account))
    service.publish(id, 'details-changed', {})
    service.publish(id)
    await untilPush(spectator.raw, 'ended 2500')
    spectator.raw.send({ id: 9, subscribe: { channel: `tournament:${id}` } })
    expect(await replyTo(spectator.raw, 9)).toMatchObject({ error: { code: 100, temporary: true } })
    isAway = false
    await member.seen.until((items) => items.filter(({ what }) => what === 'subscribed').length === 2)
    service.publish(id)
    await member.seen.until(() => member.versions().includes(4))
    expect(pushes(spectator.raw)).toEqual([2, 'ended 2500'])
  })

  it('to everybody, those who were inside stay, and others come in', async () => {
    makePrivate(staff(account))
    const member = await listen(`staff:${account}`)
    expect((await listen()).answer).toHaveProperty('error')
    service.world(id).isPrivate = false
    service.publish(id, 'details-changed', {})
    service.publish(id)
    await untilPush(member.raw, 3)
    expect(pushes(member.raw)).toEqual([2, 3])
    service.calls.length = 0
    for (let count = 0; count < 5; count++) expect(isIn(await listen())).toBe(true)
    expect(new Set(askedAs('getTournament'))).toEqual(new Set(service.calls.length ? ['anyone'] : []))
  })

  it('again and again, at every gateway, nobody hears a thing too much', async () => {
    const bus = createMemoryBus()
    service = new FakeService(bus)
    id = service.create()
    const edges = await Promise.all([start(), start()])
    const members = await Promise.all(edges.map((edge) => listen(`staff:${account}`, undefined, edge)))
    const spectators = await Promise.all(edges.map((edge) => listen('', undefined, edge)))
    for (let round = 0; round < 6; round++) {
      if (round % 2 === 0) makePrivate(staff(account))
      else service.world(id).isPrivate = false
      service.publish(id, 'details-changed', {})
      service.publish(id)
    }
    const last = service.world(id).version
    for (const { raw } of members) await untilPush(raw, last)
    for (const { raw } of members)
      expect(pushes(raw)).toEqual(Array.from({ length: last - 1 }, (_, i) => i + 2))
    for (const { raw } of spectators) {
      await raw.received.until(() => pushes(raw).length > 0)
      // Whatever he heard came in order; after the end there is nothing.
      const heard = pushes(raw)
      const end = heard.findIndex((each) => typeof each === 'string')
      expect(end === -1 || end === heard.length - 1).toBe(true)
    }
    await bus.close()
  })
})

describe('when a name has to be forgotten', () => {
  const name = 'Lovelace'
  const text = (value: unknown) => JSON.stringify(value)

  /** As the service does it: what happened before is told without the name from now on. */
  function anonymize(): void {
    const world = service.world(id)
    for (const [version, event] of world.log) {
      if (text(event.data).includes(name)) world.log.set(version, { ...event, data: { playerId: newId() } })
    }
    world.names = world.names.map((each) => (each.includes(name) ? 'Player 1' : each))
    service.publish(id, 'player-anonymized', { firstName: 'Player', lastName: '1' })
  }

  it('nobody who comes back is told it any more, here or elsewhere', async () => {
    const here = await listen()
    service.publish(id, 'player-joined', { lastName: name })
    service.publish(id)
    await untilPush(here.raw, 3)
    expect(text(here.raw.received.items)).toContain(name)
    // The control: before, it is what everybody who comes back gets.
    expect(text((await listen('', { epoch: 'e1', offset: 1 })).answer)).toContain(name)
    anonymize()
    await untilPush(here.raw, 4)
    const other = await start()
    for (const edge of [running, other]) {
      for (const offset of [1, 2, 3, 4]) {
        const { answer } = await listen('', { epoch: 'e1', offset }, edge)
        expect(isIn({ answer })).toBe(true)
        expect(text(answer), `from ${offset}`).not.toContain(name)
      }
      expect(text((await listen('', undefined, edge)).answer)).not.toContain(name)
    }
  })

  it('a log or a snapshot that was read before it does not bring it back', async () => {
    await listen()
    service.publish(id, 'player-joined', { lastName: name })
    service.world(id).names = [name]
    for (let count = 0; count < 80; count++) service.publish(id)
    const other = await start()
    const { request } = service
    const gates: (() => void)[] = []
    // What was read stays on its way until the name is gone.
    service.request = async (operation, call) => {
      const reply = await request.call(service, operation, call)
      if (gates.length < 2) await new Promise<void>((resolve) => gates.push(resolve))
      return reply
    }
    const coming = [listen('', undefined, other), listen('', { epoch: 'e1', offset: 1 }, other)]
    while (gates.length < 2) await new Promise(setImmediate)
    anonymize()
    for (const open of gates) open()
    for (const { answer } of await Promise.all(coming)) expect(text(answer)).not.toContain(name)
    expect(text((await listen('', { epoch: 'e1', offset: 2 }, other)).answer)).not.toContain(name)
  })
})

describe('a channel', () => {
  /** One subscriber, and the versions that it was told. */
  function channelOf(contract: Partial<Channel>) {
    const channel = new LiveChannel({ ...channels.tournament, ...contract }, id, liveLimits)
    const heard: string[] = []
    const subscriber: Subscriber = {
      caller: { kind: 'anyone' },
      write: (frame) =>
        heard.push(...[...String(frame).matchAll(/"offset":(\d+)/g)].map(([, version]) => version!)),
      forget: () => {},
    }
    channel.keepSnapshot('e1', 1, '{}')
    channel.add(subscriber, channel.answer(null, true)!, 0)
    const take = (version: number, type: string) =>
      channel.take({ ...service.world(id).log.get(1)!, version, type })
    return { channel, heard, take }
  }

  it('holds what follows when its contract says so, and would not otherwise', () => {
    for (const [rechecks, expected] of [
      [channels.tournament.rechecks, ['2', '3']],
      [[], ['2', '3', '4']],
    ] as const) {
      const { channel, heard, take } = channelOf({ rechecks })
      take(2, 'tournament-renamed')
      take(3, 'details-changed')
      take(4, 'tournament-renamed')
      channel.flush()
      expect(heard).toEqual(expected)
      channel.release('open')
      expect(heard).toEqual(['2', '3', '4'])
    }
  })

  it('starts over rather than hold ever more', () => {
    const { channel, heard, take } = channelOf({})
    take(2, 'details-changed')
    for (let version = 3; version < 3 + liveLimits.heldEventsMax + 1; version++)
      take(version, 'tournament-renamed')
    channel.release('open')
    expect(heard).toEqual(['2'])
    expect([channel.subscribers.size, channel.head, channel.access]).toEqual([0, null, 'unknown'])
  })

  it('keeps its past when its contract names nothing to forget, and not otherwise', () => {
    for (const [forgets, isKept] of [
      [[], true],
      [channels.tournament.forgets, false],
    ] as const) {
      const { channel, take } = channelOf({ forgets })
      take(2, 'player-joined')
      take(3, 'player-anonymized')
      expect(channel.recovers({ epoch: 'e1', offset: 1 })).toBe(isKept)
      expect(channel.recovers({ epoch: 'e1', offset: 2 })).toBe(true)
      expect(channel.keepSnapshot('e1', 2, '{}')).toBe(isKept)
      expect(channel.keepSnapshot('e1', 3, '{}')).toBe(true)
    }
  })
})
