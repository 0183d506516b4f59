import type { OperationName } from '@matchday/contracts'
import type { JsonObject, Reply } from '@matchday/kernel'
import { createFakeClock } from '@matchday/testkit'
import { describe, expect, it } from 'vitest'
import {
  boundlessBudgets,
  createFixture,
  type Fixture,
  goodReply,
  inputFor,
  type Respond,
  targetOf,
} from './edge-fixture.ts'
import type { HttpEdgeConfig } from './ports.ts'

const host = 'play.example'
const own = `https://${host}`
/** As a page of ours asks, through the proxy that ends TLS. */
const fromPage = { host, origin: own, 'sec-fetch-site': 'same-origin', 'x-forwarded-proto': 'https' }
const config: Partial<HttpEdgeConfig> = { trustedProxyHops: 1 }
const staff = '__Host-matchday-staff'
const players = '__Host-matchday-players'
const clock = createFakeClock()
const refreshToken = 'r'.repeat(64)

/** A session that begins, or goes on. */
const sessionBody: JsonObject = {
  accountId: '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a15',
  sessionId: '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a16',
  accessExpiresAt: new Date(clock.now() + 600_000).toISOString(),
  refreshExpiresAt: new Date(clock.now() + 7 * 86_400_000).toISOString(),
  accessToken: 'new.access.token',
  refreshToken: 'new-refresh-token-of-some-length',
}
const withSession: Respond = (operation) =>
  operation.session === undefined || operation.answers === 'empty'
    ? goodReply(operation)
    : { kind: 'ok', body: sessionBody, version: 7 }

/** One edge for each configuration; what its service answers is set anew by each test. */
const fixtures = new Map<string, Promise<Fixture>>()
let respond: Respond = withSession

async function open(next: Respond = withSession, more: Partial<HttpEdgeConfig> = {}): Promise<Fixture> {
  respond = next
  const key = JSON.stringify(more)
  const fixture =
    fixtures.get(key) ??
    createFixture((operation, call) => respond(operation, call), {
      clock,
      budgets: boundlessBudgets,
      config: { ...config, ...more },
    })
  fixtures.set(key, fixture)
  const { edge, asked } = await fixture
  asked.length = 0
  return { edge, asked }
}

type Ask = { headers?: Record<string, string | undefined>; body?: object }

async function ask({ edge }: Fixture, name: OperationName, { headers = {}, body }: Ask = {}) {
  const target = targetOf(name)
  const input = inputFor(target)
  const payload = body === undefined ? input.body : JSON.stringify(body)
  const sent = Object.entries({ ...fromPage, ...headers }).filter(([, value]) => value !== undefined)
  const answer = await edge.inject({
    method: target.operation.route[0],
    url: input.path,
    headers: {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...Object.fromEntries(sent),
    },
    ...(payload === undefined ? {} : { payload }),
  })
  const set = answer.headers['set-cookie']
  return {
    status: answer.statusCode,
    json: answer.body === '' ? undefined : answer.json(),
    cookies: set === undefined ? [] : [set].flat(),
    headers: answer.headers,
  }
}

const cookie = (value: string) => ({ cookie: value })

describe('a session in cookies', () => {
  it('begins when the page wants that: its tokens are not in the body, and last as long as they say', async () => {
    const fixture = await open()
    const answer = await ask(fixture, 'signInStaff', {
      body: { email: 'ada@example.org', password: 'secret', cookies: true },
    })
    expect(answer.status).toBe(201)
    expect(answer.json).not.toHaveProperty('accessToken')
    expect(answer.json).not.toHaveProperty('refreshToken')
    expect(answer.json).toHaveProperty('accountId')
    expect(answer.cookies).toEqual([
      `${staff}=new.access.token; Path=/; Max-Age=600; HttpOnly; SameSite=Strict; Secure`,
      `${staff}-renewal=new-refresh-token-of-some-length; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure`,
    ])
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('does not begin when it doesn’t: programs get their tokens', async () => {
    const fixture = await open()
    const answer = await ask(fixture, 'signInPlayer', {
      body: { email: 'ada@example.org', password: 'secret' },
    })
    expect(answer).toMatchObject({ status: 201, json: { accessToken: 'new.access.token' }, cookies: [] })
  })

  it('says who calls', async () => {
    const fixture = await open()
    const answer = await ask(fixture, 'getStaffProfile', { headers: cookie(`${staff}=staff-token`) })
    expect(answer.status).toBe(200)
    expect(fixture.asked.at(-1)?.call.caller.kind).toBe('staff')
  })

  it('goes on by the cookie of the renewal, which the service is given as if it were in the body', async () => {
    const fixture = await open()
    const headers = cookie(`${staff}=staff-token; ${staff}-renewal=${refreshToken}`)
    const answer = await ask(fixture, 'renewStaffSession', { headers, body: {} })
    expect(answer.status).toBe(200)
    expect(answer.json).not.toHaveProperty('refreshToken')
    expect(answer.cookies.map((each) => each.split(';')[0])).toEqual([
      `${staff}=new.access.token`,
      `${staff}-renewal=new-refresh-token-of-some-length`,
    ])
    const { call } = fixture.asked.at(-1)!
    expect(call.input).toEqual({ refreshToken })
    // Whoever he was before: his access token may be over, and the same request be sent again.
    expect(call.caller).toEqual({ kind: 'anyone' })
  })

  it('goes on by the token of the body, for programs', async () => {
    const fixture = await open()
    const body = { refreshToken: 'b'.repeat(30) }
    const answer = await ask(fixture, 'renewPlayerSession', {
      body,
      headers: {
        origin: undefined,
        'sec-fetch-site': undefined,
        ...cookie(`${players}-renewal=${refreshToken}`),
      },
    })
    expect(answer).toMatchObject({
      status: 200,
      json: { refreshToken: 'new-refresh-token-of-some-length' },
      cookies: [],
    })
    expect(fixture.asked.at(-1)?.call.input).toEqual(body)
  })

  it('can’t be renewed by what is no renewal', async () => {
    const fixture = await open()
    for (const kept of [
      '',
      `${staff}-renewal=short`,
      `${staff}-renewal=${'x'.repeat(300)}`,
      `${players}-renewal=${refreshToken}`,
    ]) {
      const answer = await ask(fixture, 'renewStaffSession', {
        headers: { cookie: kept || undefined },
        body: {},
      })
      expect(answer, kept).toMatchObject({ status: 401, json: { code: 'not-authenticated' } })
    }
    expect(fixture.asked).toEqual([])
  })

  it('ends with sign-out, and when its renewal is refused; not when that could only not be done now', async () => {
    const cleared = [
      `${staff}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure`,
      `${staff}-renewal=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure`,
    ]
    const fixture = await open()
    const out = await ask(fixture, 'signOutStaff', { headers: cookie(`${staff}=staff-token`) })
    expect(out).toMatchObject({ status: 204, cookies: cleared })

    const renew = async (reply: Reply) =>
      ask(await open(() => reply), 'renewStaffSession', {
        headers: cookie(`${staff}-renewal=${refreshToken}`),
        body: {},
      })
    expect(await renew({ kind: 'rejected', code: 'session-ended' })).toMatchObject({
      status: 401,
      cookies: cleared,
    })
    expect(await renew({ kind: 'fault', code: 'unavailable', retryable: true })).toMatchObject({
      status: 503,
      cookies: [],
    })
    expect(await renew({ kind: 'rejected', code: 'too-many-requests', retryAfterS: 30 })).toMatchObject({
      status: 429,
      cookies: [],
      headers: { 'retry-after': '30' },
    })
  })

  it('begins anew with a new password, and stays as it is when the old one was wrong', async () => {
    const headers = cookie(`${players}=player-account-token`)
    const body = { oldPassword: 'old', newPassword: 'a better one', cookies: true }
    const changed = await ask(await open(), 'changePlayerPassword', { headers, body })
    expect(changed.status).toBe(200)
    expect(changed.cookies[0]).toMatch(/^__Host-matchday-players=new\.access\.token;/)
    const wrong = await ask(
      await open(() => ({ kind: 'rejected', code: 'wrong-password' })),
      'changePlayerPassword',
      { headers, body },
    )
    expect(wrong).toMatchObject({ status: 403, cookies: [] })
  })

  it('is never let out by a service that answers with what is no token', async () => {
    for (const accessToken of ['a; Domain=evil', 'a\r\nset-cookie: b=c', '']) {
      const fixture = await open(() => ({ kind: 'ok', body: { ...sessionBody, accessToken } }))
      const answer = await ask(fixture, 'signInStaff', {
        body: { email: 'ada@example.org', password: 'secret', cookies: true },
      })
      expect(answer).toMatchObject({ status: 500, cookies: [] })
    }
  })

  it('without tokens in the answer sets none', async () => {
    const { accessToken: _access, refreshToken: _refresh, ...rest } = sessionBody
    const fixture = await open(() => ({ kind: 'ok', body: rest }))
    const answer = await ask(fixture, 'signInStaff', {
      body: { email: 'ada@example.org', password: 'secret', cookies: true },
    })
    expect(answer).toMatchObject({ status: 201, cookies: [] })
  })
})

describe('whose session counts', () => {
  const both = cookie(`${staff}=staff-token; ${players}=player-account-token`)
  const kindFor = async (name: OperationName, headers: Record<string, string>) => {
    const fixture = await open()
    await ask(fixture, name, { headers })
    return fixture.asked.at(-1)?.call.caller.kind
  }

  it.each([
    ['getPlayerProfile', 'player-account'],
    ['listMySeats', 'player-account'],
    ['joinTournament', 'player-account'],
    ['requestPlayerReset', 'player-account'],
    ['getStaffProfile', 'staff'],
    ['createTournament', 'staff'],
    ['getTournament', 'staff'],
    ['listOrganizationTournaments', 'staff'],
  ] as const)('%s knows the %s of a browser that has both', async (name, kind) => {
    expect(await kindFor(name, both)).toBe(kind)
  })

  it('is that of its realm only: a token in the other’s cookie says nothing', async () => {
    expect(await kindFor('getTournament', cookie(`${staff}=player-account-token`))).toBe('anyone')
    expect(await kindFor('joinTournament', cookie(`${players}=staff-token`))).toBe('anyone')
    for (const token of ['organizer-token', 'player-token', 'key-token']) {
      expect(await kindFor('getTournament', cookie(`${staff}=${token}`)), token).toBe('anyone')
    }
  })

  it('is the token of the header where there is one, even if that is not good', async () => {
    const fixture = await open()
    const headers = { ...both, authorization: 'Bearer player-token' }
    await ask(fixture, 'getTournament', { headers })
    expect(fixture.asked.at(-1)?.call.caller.kind).toBe('player')
    const forged = await ask(fixture, 'getTournament', {
      headers: { ...both, authorization: 'Bearer forged' },
    })
    expect(forged.status).toBe(401)
  })

  it('is nobody’s when the cookie is no longer good: 401 where somebody is needed, anyone elsewhere', async () => {
    const fixture = await open()
    const headers = cookie(`${staff}=over`)
    expect(await ask(fixture, 'getStaffProfile', { headers })).toMatchObject({ status: 401, cookies: [] })
    expect(await ask(fixture, 'getTournament', { headers })).toMatchObject({ status: 200 })
    expect(fixture.asked.at(-1)?.call.caller).toEqual({ kind: 'anyone' })
  })
})

describe('a change that a browser’s session stands behind', () => {
  /** What a page of somebody else can make a visitor's browser send, and how. */
  const forgeries: Record<string, Record<string, string | undefined>> = {
    'no origin': { origin: undefined },
    'no origin, and no fetch metadata': { origin: undefined, 'sec-fetch-site': undefined },
    'the origin null': { origin: 'null' },
    'another site': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    'another site, in an old browser': { origin: 'https://evil.example', 'sec-fetch-site': undefined },
    'a name that begins alike': { origin: `https://${host}.evil.example` },
    'a name that ends alike': { origin: `https://evil${host}` },
    'a host below': { origin: `https://a.${host}`, 'sec-fetch-site': 'same-site' },
    'another port': { origin: `${own}:8443`, 'sec-fetch-site': 'same-site' },
    'an unencrypted page of ours': { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
    'an unencrypted page of ours, in an old browser': {
      origin: `http://${host}`,
      'sec-fetch-site': undefined,
    },
    'upper case': { origin: own.toUpperCase() },
    'a path behind': { origin: `${own}/` },
    'a user in front': { origin: `https://${host}@evil.example` },
    'two origins': { origin: `${own}, https://evil.example` },
    'a file': { origin: 'file://' },
    'no scheme': { origin: host },
    'our origin, and metadata that says otherwise': { 'sec-fetch-site': 'cross-site' },
    'our origin, and metadata that says same-site': { 'sec-fetch-site': 'same-site' },
    'our origin, and a navigation': { 'sec-fetch-site': 'none' },
    'a listed page of somebody else': { origin: 'https://club.example', 'sec-fetch-site': 'cross-site' },
  }
  const changes: readonly OperationName[] = [
    'changeStaffProfile',
    'signOutStaff',
    'endStaffSession',
    'createTournament',
    'deleteOrganization',
    'leavePreview',
    'createApiKey',
  ]

  it.each(Object.entries(forgeries))('is refused with %s', async (_, headers) => {
    const fixture = await open(withSession, { allowedOrigins: ['https://club.example'] })
    for (const name of changes) {
      const answer = await ask(fixture, name, {
        headers: { ...headers, ...cookie(`${staff}=superadmin-token`) },
      })
      expect(answer, name).toMatchObject({ status: 403, json: { code: 'cross-origin' } })
    }
    const renewal = { headers: { ...headers, ...cookie(`${staff}-renewal=${refreshToken}`) }, body: {} }
    expect(await ask(fixture, 'renewStaffSession', renewal)).toMatchObject({ status: 403, cookies: [] })
    expect(fixture.asked).toEqual([])
  })

  it.each(Object.entries(forgeries).filter(([, { origin }]) => origin !== undefined))(
    'can’t begin a session of somebody else’s choice with %s',
    async (_, headers) => {
      const fixture = await open(withSession, { allowedOrigins: ['https://club.example'] })
      const body = { email: 'eve@example.org', password: 'secret', cookies: true }
      expect(await ask(fixture, 'signInStaff', { headers, body })).toMatchObject({ status: 403, cookies: [] })
    },
  )

  it('is let through from a page of ours, and from one that a proxy hides, and reading needs nothing', async () => {
    const fixture = await open(withSession, { publicOrigin: 'https://cup.example' })
    const session = cookie(`${staff}=superadmin-token`)
    for (const name of changes) {
      expect((await ask(fixture, name, { headers: session })).status, name).toBeLessThan(300)
    }
    const old = { ...session, 'sec-fetch-site': undefined }
    expect((await ask(fixture, 'leavePreview', { headers: old })).status).toBe(204)
    const hidden = { ...session, host: '10.0.0.7:3000', origin: 'https://cup.example' }
    expect((await ask(fixture, 'leavePreview', { headers: hidden })).status).toBe(204)
    const reading = { ...session, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const read = await ask(fixture, 'getStaffProfile', { headers: reading })
    expect(read.status).toBe(200)
    expect(read.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('needs no origin with a token: no browser sends that along by itself', async () => {
    const fixture = await open()
    const headers = {
      origin: 'https://evil.example',
      authorization: 'Bearer staff-token',
      ...cookie(`${staff}=staff-token`),
    }
    expect((await ask(fixture, 'changeStaffProfile', { headers })).status).toBe(204)
  })

  it('is made with JSON only, whatever a form can send', async () => {
    const fixture = await open()
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      undefined,
    ]) {
      const headers = { ...cookie(`${staff}=staff-token`), 'content-type': type }
      const answer = await ask(fixture, 'changeStaffProfile', { headers })
      expect(answer.status, type).toBe(type === undefined ? 204 : 415)
    }
  })

  it('would get through where only the cookie is looked at', async () => {
    const fixture = await open()
    const headers = { ...forgeries['another site'], authorization: 'Bearer superadmin-token' }
    // As if the edge took the cookie for a token: what the checks above keep out is let in.
    for (const name of changes) expect((await ask(fixture, name, { headers })).status, name).toBeLessThan(300)
  })
})

describe('a line that others can read along', () => {
  const plain = {
    host: '192.168.1.20:3000',
    origin: 'http://192.168.1.20:3000',
    'x-forwarded-proto': undefined,
  }

  it('is no place for accounts, unless that is allowed', async () => {
    const fixture = await open(withSession, { plainHttpAccounts: 'refused' })
    const body = { email: 'ada@example.org', password: 'secret', cookies: true }
    const refused: [OperationName, Ask][] = [
      ['signInStaff', { headers: plain, body }],
      ['signUpPlayer', { headers: plain }],
      ['resetStaffPassword', { headers: plain }],
      [
        'renewStaffSession',
        { headers: { ...plain, ...cookie(`matchday-staff-renewal=${refreshToken}`) }, body: {} },
      ],
      ['getStaffProfile', { headers: { ...plain, authorization: 'Bearer staff-token' } }],
      ['getTournament', { headers: { ...plain, authorization: 'Bearer key-token' } }],
      ['joinTournament', { headers: { ...plain, authorization: 'Bearer player-account-token' } }],
    ]
    for (const [name, asked] of refused) {
      const answer = await ask(fixture, name, asked)
      expect(answer, name).toMatchObject({ status: 403, json: { code: 'insecure-connection' }, cookies: [] })
    }
    const kept = { ...plain, ...cookie('matchday-staff=staff-token; __Host-matchday-staff=staff-token') }
    expect((await ask(fixture, 'getStaffProfile', { headers: kept })).status).toBe(401)
    expect(fixture.asked).toEqual([])
    // Guests have passes, and whoever asks how to sign in is told.
    for (const name of ['getStaffSignIn', 'getTournament', 'joinTournament'] as const) {
      expect((await ask(fixture, name, { headers: plain })).status, name).toBeLessThan(300)
    }
    const organizer = { ...plain, authorization: 'Bearer organizer-token' }
    expect((await ask(fixture, 'drawTeams', { headers: organizer })).status).toBe(200)
  })

  it('has cookies by another name where it is allowed, for browsers take no secure ones there', async () => {
    const fixture = await open(withSession, { plainHttpAccounts: 'allowed' })
    const answer = await ask(fixture, 'signInStaff', {
      headers: plain,
      body: { email: 'ada@example.org', password: 'secret', cookies: true },
    })
    expect(answer.cookies).toEqual([
      'matchday-staff=new.access.token; Path=/; Max-Age=600; HttpOnly; SameSite=Strict',
      'matchday-staff-renewal=new-refresh-token-of-some-length; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict',
    ])
    const kept = { ...plain, ...cookie('matchday-staff=staff-token') }
    expect((await ask(fixture, 'changeStaffProfile', { headers: kept })).status).toBe(204)
    // One that an unencrypted neighbour put there is not one of ours where there is a better promise.
    expect(
      (await ask(fixture, 'getStaffProfile', { headers: cookie('matchday-staff=staff-token') })).status,
    ).toBe(401)
    const foreign = { ...kept, origin: 'http://192.168.1.21:3000' }
    expect((await ask(fixture, 'changeStaffProfile', { headers: foreign })).status).toBe(403)
  })

  it.each([
    ['encrypted', { host, 'x-forwarded-proto': 'https' }, 1, true],
    ['encrypted, in capitals', { host, 'x-forwarded-proto': 'HTTPS' }, 1, true],
    ['encrypted outside of two proxies', { host, 'x-forwarded-proto': 'https, http' }, 2, true],
    [
      'written by the client, in front of what our proxy says',
      { host, 'x-forwarded-proto': 'https, http' },
      1,
      false,
    ],
    ['said by nobody that we believe', { host, 'x-forwarded-proto': 'https' }, 0, false],
    ['plain', { host, 'x-forwarded-proto': 'http' }, 1, false],
    [
      'plain by a proxy, whatever the host is called',
      { host: 'localhost', 'x-forwarded-proto': 'http' },
      1,
      false,
    ],
    ['on this machine', { host: 'localhost:3000' }, 0, true],
    ['on this machine, by number', { host: '127.0.0.1:3000' }, 0, true],
    ['on this machine, by the longer number', { host: '[::1]:3000' }, 0, true],
    ['of a host that is called almost so', { host: 'localhost.example' }, 0, false],
  ] as const)('is told from one that they can’t: %s', async (_, headers, trustedProxyHops, isGood) => {
    const fixture = await createFixture(withSession, { clock, config: { trustedProxyHops } })
    const { status, headers: answered } = await (async () => {
      const answer = await fixture.edge.inject({
        url: '/api/staff/me',
        headers: { ...headers, authorization: 'Bearer staff-token' },
      })
      return { status: answer.statusCode, headers: answer.headers }
    })()
    expect(status).toBe(isGood ? 200 : 403)
    const isEncrypted = isGood && trustedProxyHops > 0
    expect(answered['strict-transport-security']).toBe(
      isEncrypted ? 'max-age=31536000; includeSubDomains' : undefined,
    )
  })
})
