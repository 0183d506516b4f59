import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { type Caller, newId, type Realm, realms } from '@matchday/contracts'
import {
  type AskedOperation,
  createMemoryBus,
  createTokens,
  generateTokenKey,
  type MemoryBus,
  publicTokenKey,
  type Reply,
  type RequestCall,
  readCompactToken,
  silentLog,
  systemClock,
} from '@matchday/kernel'
import { type Forge, forgedToken, goodParts, tokenMutants } from '@matchday/testkit'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Gateway, startGateway } from './gateway.ts'
import { exchange } from './http/bad-requests/index.ts'
import { createFixture, goodReply } from './http/edge-fixture.ts'
import type { Requester } from './http/ports.ts'
import { FakeService, rawClient, startEdge } from './live/testing/edge-fixture.ts'
import type { Credential } from './sessions/credential.ts'
import { FakeIdentity, makeKey, type SigningKey } from './sessions/testing/fake-identity.ts'

/** Whatever is behind the edge: it must not hear of anybody whose token was forged. */
class Behind implements Requester {
  readonly callers: Caller[] = []
  readonly #identity: FakeIdentity

  constructor(identity: FakeIdentity) {
    this.#identity = identity
  }

  async request(operation: AskedOperation, call: RequestCall): Promise<Reply> {
    const own = ['getStaffKeys', 'getPlayerKeys', 'listRevocations', 'findApiKey']
    if (own.includes(operation.name)) return this.#identity.request(operation, call)
    this.callers.push(call.caller)
    return { kind: 'rejected', code: 'not-found' }
  }

  isSaturated(): boolean {
    return false
  }
}

let bus: MemoryBus
let identity: FakeIdentity
let behind: Behind
let gateway: Gateway
let port: number
let retired: SigningKey

beforeAll(async () => {
  bus = createMemoryBus()
  identity = await FakeIdentity.create(bus)
  behind = new Behind(identity)
  retired = await makeKey()
  gateway = await startGateway({
    requester: behind,
    bus,
    passes: await createTokens(await generateTokenKey()),
    health: () => ({ ready: true, parts: [] }),
    log: silentLog,
    clock: systemClock,
    http: { version: 'test' },
  })
  port = (await gateway.listen('127.0.0.1', 0)).port
  await vi.waitFor(() => expect(gateway.realmStates().every(({ isKnown }) => isKnown)).toBe(true), {
    timeout: 10_000,
    interval: 5,
  })
})
afterAll(async () => {
  await gateway.close()
  await bus.close()
})

function forgeOf(realm: Realm): Forge {
  const holder = identity.holder(realm)
  return {
    // jose and node describe the same JSON with types of their own.
    privateJwk: identity.of[realm].signing as JsonWebKey & { kid: string },
    retiredJwk: retired as JsonWebKey & { kid: string },
    holder,
    nowMs: Date.now(),
  }
}

const pathOf = { staff: '/api/staff/me', players: '/api/players/me' } as const

/** The status; bytes that can't be a header are told as such by the edge. */
async function overHttp(realm: Realm, header: string): Promise<number> {
  const lines = [`GET ${pathOf[realm]} HTTP/1.1`, 'Host: localhost', header, 'Connection: close', '', '']
  const answer = await exchange(port, Buffer.from(lines.join('\r\n'), 'latin1'))
  return answer?.status ?? 0
}

/** How the socket is closed, or what `connect` is answered. */
async function overSocket(
  token: string,
  headers: Record<string, string> = {},
): Promise<number | 'in' | 'error'> {
  const raw = await rawClient(`ws://127.0.0.1:${port}/api/live`, { headers })
  raw.send({ id: 1, connect: { token } })
  const answered = raw.received
    .until((items) => items.some(({ id }) => id === 1))
    .then(() => {
      const [reply] = raw.received.items.filter(({ id }) => id === 1)
      return reply?.connect === undefined ? ('error' as const) : ('in' as const)
    })
  try {
    return await Promise.race([answered, raw.closed.then(({ code }) => code)])
  } finally {
    answered.catch(() => undefined)
    raw.socket.terminate()
  }
}

describe.each(realms)('forged tokens of %s', (realm) => {
  const forge = () => forgeOf(realm)

  it('reach nobody over HTTP, in a header or a cookie; the control does', async () => {
    const { good, mutants } = tokenMutants(forge())
    behind.callers.length = 0
    const surprises: string[] = []
    for (const [what, token] of Object.entries(mutants)) {
      // White space around what a header says is not part of it.
      if (token.trim() !== token) continue
      const inHeader = await overHttp(realm, `Authorization: Bearer ${token}`)
      const inCookie = await overHttp(realm, `Cookie: __Host-matchday-${realm}=${token}`)
      // 400: no such thing can be a header.
      const isRefused = (status: number) => [0, 400, 401].includes(status)
      if (!isRefused(inHeader)) surprises.push(`${what} in a header: ${inHeader}`)
      if (!isRefused(inCookie)) surprises.push(`${what} in a cookie: ${inCookie}`)
    }
    expect(surprises).toEqual([])
    expect(behind.callers).toEqual([])
    expect(await overHttp(realm, `Authorization: Bearer ${good}`)).toBe(404)
    expect(await overHttp(realm, `Cookie: __Host-matchday-${realm}=${good}`)).toBe(404)
    expect(behind.callers).toHaveLength(2)
  }, 60_000)

  it('open no socket; the control does', async () => {
    const { good, mutants } = tokenMutants(forge())
    behind.callers.length = 0
    const surprises: string[] = []
    for (const [what, token] of Object.entries(mutants)) {
      // Nothing at all is a spectator; a megabyte is no message.
      if (token === '') continue
      const outcome = await overSocket(token)
      const expected = what.includes('expired') ? 'error' : token.length > 16_000 ? 1009 : 3500
      if (outcome !== expected) surprises.push(`${what}: ${outcome}`)
    }
    expect(surprises).toEqual([])
    expect(behind.callers).toEqual([])
    expect(await overSocket(good)).toBe('in')
  }, 60_000)

  it('make nobody of a page’s socket', async () => {
    const { good, mutants } = tokenMutants(forge())
    const tournament = newId()
    const listen = async (token: string) => {
      const raw = await rawClient(`ws://127.0.0.1:${port}/api/live`, {
        headers: { origin: `http://127.0.0.1:${port}`, cookie: `__Host-matchday-${realm}=${token}` },
      })
      raw.send({ id: 1, connect: {} }, { id: 2, subscribe: { channel: `tournament:${tournament}` } })
      await raw.received.until((items) => items.some(({ id }) => id === 2))
      raw.socket.terminate()
    }
    behind.callers.length = 0
    for (const token of Object.values(mutants)) {
      if (/^[\x21-\x7e]{1,8000}$/.test(token)) await listen(token)
    }
    expect(new Set(behind.callers.map(({ kind }) => kind))).toEqual(new Set(['anyone']))
    await listen(good)
    expect(behind.callers.at(-1)?.kind).toBe(realm === 'staff' ? 'staff' : 'player-account')
  }, 60_000)
})

describe('a token of one realm', () => {
  it('is not good for the other, and of a kind not for another', async () => {
    const staff = await identity.sign(identity.holder('staff'))
    const player = await identity.sign(identity.holder('players'))
    expect(await overHttp('players', `Authorization: Bearer ${staff}`)).toBe(403)
    expect(await overHttp('staff', `Authorization: Bearer ${player}`)).toBe(403)
    // Signed by the right service, and calling itself what it is not.
    const { header, claims } = goodParts(forgeOf('players'))
    const stranger = forgedToken(identity.of.players.signing as JsonWebKey, header, {
      ...claims,
      iss: 'matchday/staff',
      role: 'superadmin',
    })
    expect(await overHttp('staff', `Authorization: Bearer ${stranger}`)).toBe(401)
  })
})

describe('where less is checked', () => {
  /** Believes whatever was signed by the key, or says that it needs no signature. */
  const careless = async (token: string): Promise<Credential | null> => {
    const [head = '', body = '', signature = ''] = token.split('.')
    const read = readCompactToken(`${head}.${body}.${'A'.repeat(86)}`, 20_000)
    if (read === null) return null
    const key = createPublicKey({
      key: publicTokenKey(identity.of.staff.signing) as JsonWebKey,
      format: 'jwk',
    })
    const isSigned =
      String(read.header.alg).toLowerCase() === 'none' ||
      verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))
    const caller: Caller = { kind: 'staff', accountId: newId(), sessionId: newId() }
    return isSigned ? { kind: 'pass', caller } : null
  }

  it('mutants get through, over HTTP and sockets: the tests above would tell', async () => {
    const { mutants } = tokenMutants(forgeOf('staff'))
    const { edge } = await createFixture(goodReply, { verifyToken: careless })
    const through = async (token: string) =>
      (await edge.inject({ url: pathOf.staff, headers: { authorization: `Bearer ${token}` } })).statusCode
    for (const what of [
      'alg none',
      'expired',
      'another audience',
      'the issuer of the other realm',
      'typ of a pass',
    ]) {
      expect(await through(mutants[what]!), what).toBe(200)
    }
    expect(await through(mutants['a flipped bit in S']!)).toBe(401)

    const running = await startEdge(new FakeService(), { verifyToken: careless })
    const raw = await rawClient(running.url)
    raw.send({ id: 1, connect: { token: mutants.expired } })
    await raw.received.until((items) => items.some((item) => 'connect' in item))
    raw.socket.terminate()
    await running.stop()
  })
})

describe('a key of an organisation', () => {
  it('that nobody knows is no token, and too many of them are too many', async () => {
    const made = identity.makeApiKey(newId(), ['organization:read'])
    const path = `/api/organizations/${newId()}/members`
    const ask = async (key: string) => {
      const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n\r\n`
      const answer = await exchange(port, Buffer.from(head))
      return [answer?.status, Number(answer?.headers['retry-after'] ?? 0)]
    }
    expect(await ask(made.key)).toEqual([403, 0])
    const statuses: (number | undefined)[] = []
    for (let count = 0; count < 35; count++) {
      const [status] = await ask(`mdk_${String(count).padStart(64, 'x')}`)
      statuses.push(status)
    }
    expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 401))
    const [status, waitS] = await ask(`mdk_${'y'.repeat(64)}`)
    expect(status).toBe(429)
    expect(waitS).toBeGreaterThan(0)
    expect(await ask(made.key)).toEqual([403, 0])
  })
})
