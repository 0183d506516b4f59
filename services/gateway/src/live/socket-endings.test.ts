import { newId, type Realm } from '@matchday/contracts'
import { type Clock, createMemoryBus, type MemoryBus, silentLog, systemClock } from '@matchday/kernel'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOwnBudgets } from '../limits/shared-budgets.ts'
import { createSessionDirectory, type SessionDirectory } from '../sessions/session-directory.ts'
import { FakeIdentity } from '../sessions/testing/fake-identity.ts'
import {
  FakeService,
  officialClient,
  playerToken,
  type Running,
  rawClient,
  replyTo,
  startEdge,
} from './testing/edge-fixture.ts'

let bus: MemoryBus
let identity: FakeIdentity
let service: FakeService
let directory: SessionDirectory
let running: Running
/** Time that can be made to pass; timers go by the machine's. */
let aheadMs: number
const clock: Clock = {
  now: () => systemClock.now() + aheadMs,
  monotonicMs: () => systemClock.monotonicMs() + aheadMs,
}
const stops: (() => void)[] = []
const quickTicks = { tickMs: 10, pingIntervalMs: 1_000, missedPongsMax: 1_000 }

beforeEach(async () => {
  aheadMs = 0
  bus = createMemoryBus()
  identity = await FakeIdentity.create(bus)
  service = new FakeService()
  directory = createSessionDirectory({
    passes: { verify: async () => null },
    asker: identity,
    bus,
    budgets: createOwnBudgets(clock),
    clock,
    log: silentLog,
    limits: { endedPollMs: 3_600_000, keysPollMs: 3_600_000, retryMs: 5 },
  })
  await vi.waitFor(() => expect(directory.states().every(({ isKnown }) => isKnown)).toBe(true), {
    timeout: 10_000,
    interval: 1,
  })
  running = await startEdge(service, {
    verifyToken: directory.verifyToken,
    endings: directory,
    clock,
    limits: quickTicks,
  })
})
afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  await running.stop()
  directory.close()
  await bus.close()
})

async function raw(headers: Record<string, string> = {}) {
  const client = await rawClient(running.url, { headers })
  stops.push(() => client.socket.terminate())
  return client
}

async function connect(token: string) {
  const client = await raw()
  client.send({ id: 1, connect: { token } })
  const { connect: connected } = await replyTo(client, 1)
  return { ...client, connected }
}

const ownPage = () => ({ origin: `http://127.0.0.1:${running.port}` })

async function connectByCookie(realm: Realm, token: string) {
  const client = await raw({ ...ownPage(), cookie: `__Host-matchday-${realm}=${token}` })
  client.send({ id: 1, connect: {} })
  const { connect: connected } = await replyTo(client, 1)
  return { ...client, connected }
}

describe('a session that ends', () => {
  it.each(['staff', 'players'] as const)(
    'of %s ends its sockets within a second, and no others',
    async (realm) => {
      const holder = identity.holder(realm)
      const [byToken, byCookie, other, later] = [
        await connect(await identity.sign(holder)),
        await connectByCookie(realm, await identity.sign(holder)),
        await connect(await identity.sign({ ...holder, sessionId: newId() })),
        await connect(await identity.sign({ ...holder, sessionId: newId(), generation: 2 })),
      ]
      const from = performance.now()
      await identity.endSession(holder)
      for (const { closed } of [byToken, byCookie]) {
        expect(await closed).toEqual({ code: 4503, reason: 'session-ended' })
      }
      expect(performance.now() - from).toBeLessThan(10_000)
      expect(other.socket.readyState).toBe(other.socket.OPEN)

      await identity.endAccount(holder, 2)
      expect(await other.closed).toEqual({ code: 4503, reason: 'session-ended' })
      expect(later.socket.readyState).toBe(later.socket.OPEN)
      await identity.deleteAccount(holder)
      expect((await later.closed).code).toBe(4503)
      expect(running.edge.stats().disconnects['session-ended']).toBe(4)
    },
  )

  it('lets nobody in any more', async () => {
    const holder = identity.holder('staff')
    const token = await identity.sign(holder)
    await identity.endSession(holder)
    const client = await raw()
    client.send({ id: 1, connect: { token } })
    expect((await client.closed).code).toBe(3500)
  })

  it('without a word of it ends its sockets when they are looked at, a minute later at most', async () => {
    const holder = identity.holder('staff')
    const client = await connect(await identity.sign(holder))
    const stays = await connect(await identity.sign(identity.holder('staff')))
    let isGone = false
    void client.closed.then(() => {
      isGone = true
    })
    // The edge has heard of it, and this socket has not: as if telling had failed.
    const quiet = await startEdge(service, {
      verifyToken: directory.verifyToken,
      endings: { isStillGood: directory.isStillGood, onEnded: () => ({ close() {} }) },
      clock,
      limits: quickTicks,
    })
    stops.push(() => void quiet.stop())
    const unheard = await rawClient(quiet.url)
    unheard.send({ id: 1, connect: { token: await identity.sign(holder) } })
    await replyTo(unheard, 1)
    await identity.endSession(holder)
    await vi.waitFor(() => expect(isGone).toBe(true), { timeout: 10_000, interval: 1 })
    expect(unheard.socket.readyState).toBe(unheard.socket.OPEN)
    aheadMs += 60_000
    expect(await unheard.closed).toEqual({ code: 4503, reason: 'session-ended' })
    expect(stays.socket.readyState).toBe(stays.socket.OPEN)
  })

  it('of a key ends the sockets of programs', async () => {
    const made = identity.makeApiKey(newId(), ['tournaments:read'])
    const client = await connect(made.key)
    await identity.revokeApiKey(made)
    expect(await client.closed).toEqual({ code: 4503, reason: 'session-ended' })
    const next = identity.makeApiKey(newId(), [], new Date(clock.now() + 90_000).toISOString())
    const ends = await connect(next.key)
    aheadMs += 60_000
    await connect(next.key)
    expect(ends.socket.readyState).toBe(ends.socket.OPEN)
    aheadMs += 60_000
    expect((await ends.closed).code).toBe(4503)
  })

  it('leaves nothing behind', async () => {
    for (let count = 0; count < 20; count++) {
      const holder = identity.holder('staff')
      const client = await connect(await identity.sign(holder))
      if (count % 2 === 0) await identity.endSession(holder)
      else client.socket.terminate()
      await client.closed
    }
    await vi.waitFor(() => expect(running.edge.stats().sockets).toBe(0), { timeout: 10_000, interval: 5 })
  })
})

describe('a token that runs out', () => {
  it('says when, and lets its socket live a little longer, so that the next one can come', async () => {
    const holder = identity.holder('staff')
    const client = await connect(await identity.sign(holder))
    expect(client.connected).toMatchObject({ expires: true })
    expect(Number((client.connected as { ttl: number }).ttl)).toBeGreaterThan(590)
    aheadMs += 615_000
    const stays = await connect(await identity.sign(holder, clock.now()))
    expect(client.socket.readyState).toBe(client.socket.OPEN)
    client.send({ id: 2, refresh: { token: await identity.sign(holder, clock.now()) } })
    expect(await replyTo(client, 2)).toMatchObject({ refresh: { expires: true } })
    aheadMs += 20_000
    await connect(await identity.sign(holder, clock.now()))
    expect(client.socket.readyState).toBe(client.socket.OPEN)
    stays.socket.terminate()
  })

  it('ends its socket with a code that asks to come back', async () => {
    const client = await connect(await identity.sign(identity.holder('players')))
    aheadMs += 600_000 + 25_001
    expect(await client.closed).toEqual({ code: 3005, reason: 'expired' })
  })

  it('of a page is renewed beside the socket: it comes back by its next cookie', async () => {
    const holder = identity.holder('players')
    const client = await connectByCookie('players', await identity.sign(holder))
    expect(client.connected).toMatchObject({ expires: false })
    aheadMs += 600_000 + 25_001
    expect((await client.closed).code).toBe(3005)
    const again = await connectByCookie('players', await identity.sign(holder, clock.now()))
    expect(again.connected).toBeDefined()
  })

  it('can’t be refreshed by somebody else’s, nor by another kind', async () => {
    const holder = identity.holder('staff')
    for (const token of [
      await identity.sign(identity.holder('staff')),
      identity.makeApiKey(newId(), []).key,
      playerToken(newId(), newId()),
    ]) {
      const client = await connect(await identity.sign(holder))
      client.send({ id: 2, refresh: { token } })
      expect(await client.closed).toEqual({ code: 3500, reason: 'invalid token' })
    }
  })

  it('is told as such when somebody comes with it, and the official client gets another one', async () => {
    const holder = identity.holder('staff')
    const over = await identity.sign(holder, clock.now() - 700_000)
    const client = await raw()
    client.send({ id: 1, connect: { token: over } })
    expect(await replyTo(client, 1)).toMatchObject({ error: { code: 109, message: 'token-expired' } })
    // And may try again on the same socket.
    client.send({ id: 2, connect: { token: await identity.sign(holder) } })
    expect(await replyTo(client, 2)).toHaveProperty('connect')

    const asked: string[] = []
    const official = officialClient(running.url, {
      token: over,
      getToken: async () => {
        asked.push('token')
        return identity.sign(holder)
      },
    })
    stops.push(() => official.client.disconnect())
    official.client.connect()
    await official.seen.until((items) => items.some(({ what }) => what === 'connected'))
    expect(asked).toEqual(['token'])
  })
})

describe('who a page’s socket is', () => {
  const listenAs = async (headers: Record<string, string>, id: string) => {
    const client = await raw(headers)
    client.send({ id: 1, connect: {} }, { id: 2, subscribe: { channel: `tournament:${id}` } })
    await replyTo(client, 2)
  }

  it('is told by its cookie: of organisers’ people first, and of nobody when it is not good', async () => {
    const [staff, player] = [
      await identity.sign(identity.holder('staff')),
      await identity.sign(identity.holder('players')),
    ]
    const kinds = async (cookie: string) => {
      service.calls.length = 0
      const id = service.create()
      service.world(id).isPrivate = true
      await listenAs({ ...ownPage(), ...(cookie ? { cookie } : {}) }, id)
      return service.callsOf('getTournament').map(({ caller }) => caller.kind)
    }
    expect(await kinds(`__Host-matchday-staff=${staff}; __Host-matchday-players=${player}`)).toEqual([
      'anyone',
      'staff',
    ])
    expect(await kinds(`__Host-matchday-players=${player}`)).toEqual(['anyone', 'player-account'])
    expect(await kinds(`__Host-matchday-staff=over; __Host-matchday-players=${player}`)).toEqual([
      'anyone',
      'player-account',
    ])
    expect(await kinds(`__Host-matchday-staff=${player}`)).toEqual(['anyone'])
    expect(await kinds(`matchday-staff=${staff}`)).toEqual(['anyone'])
    expect(await kinds('')).toEqual(['anyone'])
  })

  it('is asked for again when sessions can’t be checked yet', async () => {
    const away = await FakeIdentity.create(bus)
    away.isAway = true
    const blind = createSessionDirectory({
      passes: { verify: async () => null },
      asker: away,
      bus,
      budgets: createOwnBudgets(clock),
      clock,
      log: silentLog,
    })
    const edge = await startEdge(service, { verifyToken: blind.verifyToken, endings: blind })
    const client = await rawClient(edge.url, {
      headers: {
        origin: `http://127.0.0.1:${edge.port}`,
        cookie: `__Host-matchday-staff=${await identity.sign(identity.holder('staff'))}`,
      },
    })
    client.send({ id: 1, connect: {} })
    expect((await client.closed).code).toBe(3004)
    blind.close()
    await edge.stop()
  })
})

describe('the door, for a page with a session', () => {
  const token = () => identity.sign(identity.holder('staff'))

  it('is open to pages of its own host alone', async () => {
    const host = `127.0.0.1:${running.port}`
    const cookie = `__Host-matchday-staff=${await token()}`
    const variants: Record<string, string | undefined> = {
      null: 'null',
      'a name that begins alike': `http://${host}.evil.example`,
      'a name that ends alike': `http://evil-${host}`,
      'another port': 'http://127.0.0.1:1',
      'no port': 'http://127.0.0.1',
      'upper case of the scheme': `HTTP://${host}`,
      'an IDN that looks alike': 'http://127.0.0.\u0661',
      'a name for the same address': `http://localhost:${running.port}`,
      'a user in front': `http://${host}@evil.example`,
      'a path behind': `http://${host}/`,
      'another scheme': `ws://${host}`,
      'a file': 'file://',
      'two of them': `http://${host}, http://evil.example`,
      'no scheme': host,
      nothing: undefined,
      empty: '',
    }
    expect(Object.keys(variants).length).toBeGreaterThanOrEqual(12)
    for (const [what, origin] of Object.entries(variants)) {
      const headers = { cookie, ...(origin === undefined ? {} : { origin: encodeURI(origin) }) }
      await expect(rawClient(running.url, { headers }), what).rejects.toThrow('403')
    }
    const own = await rawClient(running.url, { headers: { cookie, origin: `http://${host}` } })
    own.socket.terminate()
    // Without a session a program needs no origin, as ever.
    const native = await rawClient(running.url)
    native.socket.terminate()
  })

  it('lets a listed page of somebody else in as a spectator', async () => {
    const listed = await startEdge(service, {
      verifyToken: directory.verifyToken,
      endings: directory,
      allowedOrigins: ['https://club.example'],
    })
    const id = service.create()
    service.world(id).isPrivate = true
    const client = await rawClient(listed.url, {
      headers: { origin: 'https://club.example', cookie: `__Host-matchday-staff=${await token()}` },
    })
    client.send({ id: 1, connect: {} }, { id: 2, subscribe: { channel: `tournament:${id}` } })
    expect(await replyTo(client, 2)).toMatchObject({ error: { code: 102 } })
    expect(service.callsOf('getTournament').map(({ caller }) => caller.kind)).toEqual(['anyone'])
    client.socket.terminate()
    await listed.stop()
  })

  it('is closed to accounts on a line that others can read along, and not to passes', async () => {
    const connectPlain = async (plainHttpAccounts: 'allowed' | 'refused', shown: string) => {
      const edge = await startEdge(service, { verifyToken: directory.verifyToken, plainHttpAccounts })
      const client = await rawClient(edge.url, { headers: { host: '192.168.1.20' } })
      client.send({ id: 1, connect: shown === '' ? {} : { token: shown } })
      const outcome = await Promise.race([client.closed, replyTo(client, 1)])
      client.socket.terminate()
      await edge.stop()
      return outcome
    }
    expect(await connectPlain('refused', await token())).toMatchObject({ code: 4504 })
    expect(await connectPlain('refused', identity.makeApiKey(newId(), []).key)).toMatchObject({ code: 4504 })
    expect(await connectPlain('refused', '')).toHaveProperty('connect')
    expect(await connectPlain('allowed', await token())).toHaveProperty('connect')
  })
})
