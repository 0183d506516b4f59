import { generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto'
import { identityServiceOf, type Realm, realms } from '@matchday/contracts'
import { exchange } from '@matchday/gateway/bad-requests'
import { type Forge, tokenMutants } from '@matchday/testkit'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Account, makeAccount, realmOperations } from '../support/accounts.ts'
import { atOnce } from '../support/histories.ts'
import { registerOrganization } from '../support/organizations.ts'
import { makeTournament } from '../support/world.ts'
import { type Server, startServer } from './server.ts'
import { saidOnSocket } from './sockets.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

type Key = JsonWebKey & { readonly kid: string }
const askersAtOnce = 8
const paths = { staff: '/api/staff/me', players: '/api/players/me' } as const

let server: Server
let accounts: Record<Realm, Account>
/** In the database of each realm, published, and never to sign there: what a forger can only dream of. */
let published: Record<Realm, Key>
let stranger: Key
/** Private: only its owner and his players hear it. */
let tournament = ''

function makeKey(): Key {
  return { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid: randomUUID() }
}

async function publish(realm: Realm, { x, kid }: Key): Promise<void> {
  const shown = { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' }
  await server.databases.rows(
    identityServiceOf[realm],
    `insert into signing_keys (kid, public_key, private_key, signs_from)
     values ($1, $2, 'none', now() + interval '100 days')`,
    [kid, JSON.stringify(shown)],
  )
}

beforeAll(async () => {
  server = await startServer()
  const { url, mailbox } = server
  accounts = {
    staff: await makeAccount(url, 'staff', mailbox),
    players: await makeAccount(url, 'players', mailbox),
  }
  published = { staff: makeKey(), players: makeKey() }
  stranger = makeKey()
  for (const realm of realms) await publish(realm, published[realm])
  const { accessToken: token } = accounts.staff
  const organizationId = await registerOrganization(url, token)
  const made = await makeTournament(url, {
    token,
    body: { organizationId, visibility: 'private' },
    seats: [accounts.players],
  })
  tournament = made.id
  // A gateway that has just asked for keys does so again a moment later.
  for (const realm of realms) {
    const header = `Authorization: Bearer ${tokenMutants(forgeOf(realm)).good}`
    await vi.waitUntil(async () => (await overHttp(realm, header)) === 200, { timeout: 20_000 })
  }
})
afterAll(() => server.stop())

function forgeOf(realm: Realm): Forge {
  const { id, sessionId } = accounts[realm]
  return {
    privateJwk: published[realm],
    retiredJwk: stranger,
    // They are ids, as the account was told them.
    holder: { realm, accountId: id as never, sessionId: sessionId as never, generation: 1 },
    nowMs: Date.now(),
  }
}

/** The status; 0 when there was no answer, as to what can't be a header. */
async function overHttp(realm: Realm, header: string): Promise<number> {
  const lines = [`GET ${paths[realm]} HTTP/1.1`, 'Host: localhost', header, 'Connection: close', '', '']
  const answer = await exchange(Number(new URL(server.url).port), Buffer.from(lines.join('\r\n'), 'latin1'))
  return answer?.status ?? 0
}

const isRefused = (status: number) => [0, 400, 401].includes(status)

/** Mutants that were let in, by HTTP, in a header and in a cookie. */
async function letInOverHttp(realm: Realm, mutants: Readonly<Record<string, string>>): Promise<string[]> {
  const surprises: string[] = []
  const attempts = Object.entries(mutants)
    // White space around what a header says is not part of it.
    .filter(([, token]) => token.trim() === token)
    .flatMap(([what, token]) => [
      [`${what} in a header`, `Authorization: Bearer ${token}`] as const,
      [`${what} in a cookie`, `Cookie: __Host-matchday-${realm}=${token}`] as const,
    ])
  await atOnce(
    askersAtOnce,
    attempts.map(([what, header]) => async () => {
      const status = await overHttp(realm, header)
      if (!isRefused(status)) surprises.push(`${what}: ${status}`)
    }),
  )
  return surprises
}

const connectAs = (token: string) => [{ connect: { token } }]
const listenAs = (connect: object) => [{ connect }, { subscribe: { channel: `tournament:${tournament}` } }]

describe.each(realms)('forged tokens of %s', (realm) => {
  it('reach no service over HTTP; the control does', async () => {
    const asked = () => server.counted('matchday_requests_total', realmOperations[realm].getProfile)
    const before = await asked()
    const { good, mutants } = tokenMutants(forgeOf(realm))
    expect(Object.keys(mutants).length).toBeGreaterThan(90)
    expect(await letInOverHttp(realm, mutants)).toEqual([])
    expect(await asked()).toBe(before)
    expect(await overHttp(realm, `Authorization: Bearer ${good}`)).toBe(200)
    expect(await overHttp(realm, `Cookie: __Host-matchday-${realm}=${good}`)).toBe(200)
    expect(await asked()).toBe(before + 2)
  })

  it('open no socket, and in a cookie are nobody’s; the control does, and is', async () => {
    const { good, mutants } = tokenMutants(forgeOf(realm))
    const origin = server.url
    const surprises: string[] = []
    const attempts = Object.entries(mutants).flatMap(([what, token]) => {
      const byToken = async () => {
        const said = await saidOnSocket(server.url, connectAs(token))
        // A megabyte is no message: its socket is closed without a word.
        const expected = what.includes('expired')
          ? 'token-expired'
          : token.length > 16_000
            ? ''
            : 'invalid token'
        if (said !== expected) surprises.push(`${what}: ${said}`)
      }
      const byCookie = async () => {
        const cookie = `__Host-matchday-${realm}=${token}`
        const said = await saidOnSocket(server.url, listenAs({}), { origin, cookie })
        if (said !== 'not-found') surprises.push(`${what} in a cookie: ${said}`)
      }
      const canBeCookie = /^[\x21-\x7e]{1,8000}$/.test(token)
      // No token at all is a spectator.
      return [...(token === '' ? [] : [byToken]), ...(canBeCookie ? [byCookie] : [])]
    })
    await atOnce(askersAtOnce, attempts)
    expect(surprises).toEqual([])
    expect(attempts.length).toBeGreaterThan(150)
    expect(await saidOnSocket(server.url, listenAs({ token: good }))).toBe('ok')
    const cookie = `__Host-matchday-${realm}=${good}`
    expect(await saidOnSocket(server.url, listenAs({}), { origin, cookie })).toBe('ok')
  })
})

it('a forged token that is let in is found', async () => {
  const before = tokenMutants(forgeOf('staff')).mutants
  // From now on the forger's other key is one that everybody believes.
  await publish('staff', stranger)
  const { mutants } = tokenMutants(forgeOf('staff'))
  expect(Object.keys(mutants)).toEqual(Object.keys(before))
  await vi.waitFor(
    async () =>
      expect((await letInOverHttp('staff', mutants)).toSorted()).toEqual([
        'a retired key in a cookie: 200',
        'a retired key in a header: 200',
      ]),
    { timeout: 20_000, interval: 1_000 },
  )
})
