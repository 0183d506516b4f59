import { Writable } from 'node:stream'
import { type ErrorCode, isId, type Operation, operationList } from '@matchday/contracts'
import { createLog, Fault, type JsonObject, type Reply } from '@matchday/kernel'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codesOf } from '../documents/operation-codes.ts'
import {
  boundlessBudgets,
  createFixture,
  type Fixture,
  goodReply,
  ids,
  inputFor,
  type Respond,
  type Token,
  targetOf,
  targets,
} from './edge-fixture.ts'
import { retryableCodes, statusTable } from './status-table.ts'

let shared: Fixture
let respond: Respond = goodReply
beforeAll(async () => {
  shared = await createFixture((operation, call) => respond(operation, call))
})
beforeEach(() => {
  respond = goodReply
  shared.asked.length = 0
})

/** The shared edge, with a service that answers so until the test ends. */
function answering(next: Respond): Fixture {
  respond = next
  return shared
}

type Ask = { token?: Token; headers?: Record<string, string>; body?: unknown; query?: string; path?: string }

/** Asks an operation with input that is fine but for what `ask` changes. */
async function ask(
  fixture: Fixture,
  name: Parameters<typeof targetOf>[0],
  { token, headers, body, query, path }: Ask = {},
) {
  const target = targetOf(name)
  const input = inputFor(target)
  const payload = body === undefined ? input.body : JSON.stringify(body)
  const answer = await fixture.edge.inject({
    method: target.operation.route[0],
    url: `${path ?? input.path}${query ?? ''}`,
    headers: {
      ...(target.token || token ? { authorization: `Bearer ${token ?? target.token}` } : {}),
      ...(target.operation.expectedVersion === 'required' ? { 'if-match': '"3"' } : {}),
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload === undefined ? {} : { payload }),
  })
  const json = answer.body === '' ? undefined : (answer.json() as Record<string, unknown>)
  return { status: answer.statusCode, headers: answer.headers, code: json?.code, json }
}

describe('every operation', () => {
  it.each(targets)('$operation.name passes its input on and answers as declared', async (target) => {
    const fixture = shared
    const { operation } = target
    const answer = await ask(fixture, operation.name)
    expect(answer.status).toBe({ created: 201, ok: 200, empty: 204 }[operation.answers])
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(isId(answer.headers['x-request-id'])).toBe(true)
    expect(fixture.asked).toHaveLength(1)
    const { call } = fixture.asked[0]!
    const sent: object = JSON.parse(inputFor(target).body ?? '{}')
    expect(call.input).toEqual({ ...target.params, ...sent })
    expect(call.address).toBe(operation.tellsAddress ? '127.0.0.1' : undefined)
    expect(call.id).toBe(answer.headers['x-request-id'])
    expect(call.expectedVersion).toBe(operation.expectedVersion === 'required' ? 3 : undefined)
  })

  it.each(targets.filter(({ token }) => token !== undefined))(
    '$operation.name needs a token',
    async (target) => {
      const fixture = shared
      const answer = await fixture.edge.inject({
        method: target.operation.route[0],
        url: inputFor(target).path,
      })
      expect(answer.statusCode).toBe(401)
      expect(answer.json()).toMatchObject({ code: 'not-authenticated', status: 401 })
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="matchday"')
      expect(fixture.asked).toEqual([])
    },
  )

  it.each(targets)(
    '$operation.name refuses a token that is not good, even where none is needed',
    async (target) => {
      const fixture = shared
      const answer = await ask(fixture, target.operation.name, {
        headers: { authorization: 'Bearer forged' },
      })
      expect(answer).toMatchObject({ status: 401, code: 'not-authenticated' })
      expect(answer.headers['www-authenticate']).toContain('invalid_token')
    },
  )
})

describe('every code', () => {
  it.each(Object.entries(statusTable))('%s is answered %i, as a problem document', async (code, status) => {
    const fixture = answering(() => ({ kind: 'fault', code: code as ErrorCode, retryable: false }))
    const answer = await ask(fixture, 'getTournament', { headers: { 'x-request-id': 'mine' } })
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.json).toMatchObject({ type: `/problems/${code}`, status, code, requestId: 'mine' })
    expect(answer.headers['retry-after']).toBe(retryableCodes.has(code as ErrorCode) ? '1' : undefined)
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('of a rejection is passed on with detail and fields', async () => {
    const fields = [{ path: '/body/teams', code: 'range', message: 'Too few.' }]
    const fixture = answering(() => ({
      kind: 'rejected',
      code: 'invalid-input',
      detail: 'Hm.',
      fields,
    }))
    const answer = await ask(fixture, 'createTournament')
    expect(answer.json).toMatchObject({ status: 422, detail: 'Hm.', fields })
  })

  it.each([
    ['a fault that has a code', new Fault('overloaded', 'x'), 503, 'overloaded'],
    ['a fault that may pass', new Fault('store-is-shy', 'x', { retryable: true }), 503, 'unavailable'],
    ['a fault that will not pass', new Fault('disk-on-fire', 'secret'), 500, 'internal'],
    ['a bug', new TypeError('secret'), 500, 'internal'],
  ])('of %s is right, and tells no more', async (_, error, status, code) => {
    const fixture = answering(() => Promise.reject(error))
    const answer = await ask(fixture, 'drawTeams')
    expect(answer).toMatchObject({ status, code })
    expect(JSON.stringify(answer.json)).not.toContain('secret')
  })

  it('of overload is given before anything is read', async () => {
    const asked: string[] = []
    const requester = {
      request: async () => goodReply(targetOf('drawTeams').operation),
      isSaturated: (operation: Operation) => asked.push(operation.name) > 0 && operation.name === 'drawTeams',
    }
    const verifyToken = () => Promise.reject(new Error('nobody asks who calls'))
    const fixture = await createFixture(goodReply, { requester, verifyToken })
    const answer = await ask(fixture, 'drawTeams')
    expect(answer).toMatchObject({ status: 503, code: 'overloaded' })
    expect(answer.headers['retry-after']).toBe('1')
    expect(asked).toEqual(['drawTeams'])
    expect(await ask(fixture, 'archiveTournament')).toMatchObject({ status: 500 })
  })

  it('of a gateway that is about to stop asks its client to come on another connection', async () => {
    let isDraining = false
    const fixture = await createFixture(goodReply, { isDraining: () => isDraining })
    const before = await ask(fixture, 'drawTeams')
    isDraining = true
    const after = await ask(fixture, 'drawTeams')
    expect([before.status, before.headers.connection]).toEqual([200, 'keep-alive'])
    expect([after.status, after.headers.connection]).toEqual([200, 'close'])
    expect((await fixture.edge.inject({ url: '/readyz' })).statusCode).toBe(503)
  })

  it('of a token check that fails is not 401', async () => {
    const fixture = await createFixture(goodReply, {
      verifyToken: () => Promise.reject(new Fault('unavailable', 'x', { retryable: true })),
    })
    expect(await ask(fixture, 'drawTeams')).toMatchObject({ status: 503, code: 'unavailable' })
  })

  it('that can be met is in the documents', () => {
    for (const operation of operationList) {
      expect(codesOf(operation)).toEqual(expect.arrayContaining([...operation.rejections, 'internal']))
    }
  })
})

describe('what is logged', () => {
  it('is never what was sent or answered, whatever goes wrong', async () => {
    const lines: string[] = []
    const write = (line: Buffer, _encoding: string, done: () => void) => {
      lines.push(String(line))
      done()
    }
    const canary = 'canary-7f3a91'
    const outcomes: (() => Reply | Promise<Reply>)[] = [
      () => ({ kind: 'ok', body: { accountId: canary, accessToken: canary, unknown: canary } }),
      () => ({ kind: 'ok', body: null }),
      () => ({ kind: 'rejected', code: 'team-taken' }),
      () => ({ kind: 'rejected', code: 'wrong-credentials', detail: canary }),
      () => ({ kind: 'fault', code: 'internal', retryable: false }),
      () => Promise.reject(new Fault('disk-on-fire', 'burnt')),
      () => Promise.reject(new TypeError('a bug')),
    ]
    const fixture = await createFixture(() => outcomes.shift()!(), {
      log: createLog('debug', new Writable({ write })),
      budgets: boundlessBudgets,
    })
    const body = { email: `${canary}@example.org`, password: canary }
    const headers = { 'sec-fetch-site': 'same-origin', cookie: `__Host-matchday-staff=${canary}` }
    while (outcomes.length > 0) await ask(fixture, 'signInStaff', { body, headers })
    await ask(fixture, 'signInStaff', { body: { ...body, [canary]: canary } })
    await ask(fixture, 'signInStaff', { body, query: `?${canary}=1` })
    await fixture.edge.inject({ url: `/api/${canary}`, headers: { authorization: `Bearer ${canary}` } })
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.join('')).not.toContain(canary)
  })
})

describe('ids', () => {
  it.each([
    ['Idempotency-Key first', { 'idempotency-key': 'key', 'x-request-id': 'request' }, 'key', 'request'],
    ['then x-request-id', { 'x-request-id': 'request' }, 'request', 'request'],
    ['the key alone names the request too', { 'idempotency-key': 'key' }, 'key', 'key'],
  ])('of a command: %s', async (_, headers, commandId, requestId) => {
    const fixture = shared
    const answer = await ask(fixture, 'drawTeams', { headers })
    expect(fixture.asked[0]?.call.id).toBe(commandId)
    expect(answer.headers['x-request-id']).toBe(requestId)
  })

  it.each(['a b', '\u00e9', '', 'x'.repeat(256)])('that cannot be kept (%j) are made anew', async (id) => {
    const fixture = shared
    const answer = await ask(fixture, 'getTournament', { headers: { 'x-request-id': id } })
    expect(isId(answer.headers['x-request-id'])).toBe(true)
  })

  it('are on answers that no route gave', async () => {
    const { edge } = shared
    for (const url of [
      '/api/nothing',
      '/api/tournaments/%zz',
      `/api/tournaments/${'x'.repeat(200)}`,
      '/livez',
    ]) {
      const answer = await edge.inject({ url, headers: { 'x-request-id': 'mine' } })
      expect(answer.headers['x-request-id'], url).toBe('mine')
      expect(answer.headers['x-content-type-options'], url).toBe('nosniff')
    }
  })

  it('that cannot exist do not exist, before the scope of the token is looked at', async () => {
    const fixture = shared
    for (const name of ['getTournament', 'drawTeams'] as const) {
      const path = inputFor(targetOf(name)).path.replace(ids.tournament, 'x')
      expect(await ask(fixture, name, { path })).toMatchObject({ status: 404, code: 'not-found' })
    }
  })

  it('of traces are passed on when they are well-formed', async () => {
    const fixture = shared
    const good = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    await ask(fixture, 'getTournament', { headers: { traceparent: good } })
    await ask(fixture, 'getTournament', { headers: { traceparent: good.replace('00-', 'ff-') } })
    expect(fixture.asked.map(({ call }) => call.trace)).toEqual([good, undefined])
  })
})

describe('input', () => {
  it('is refused with all its problems at once', async () => {
    const fixture = shared
    const answer = await ask(fixture, 'renameTournament', {
      body: { name: ' ', status: 'archived', 'a/b': 1 },
      query: '?page=-1',
      headers: { 'idempotency-key': 'a b', 'if-match': '*' },
    })
    expect(answer).toMatchObject({ status: 422, code: 'invalid-input' })
    const fields = answer.json?.fields as { path: string; code: string }[]
    expect(Object.fromEntries(fields.map(({ path, code }) => [path, code]))).toEqual({
      '/body/name': 'empty',
      '/body/status': 'unknown-key',
      '/body/a~1b': 'unknown-key',
      '/query/page': 'unknown-key',
      '/header/idempotency-key': 'format',
      '/header/if-match': 'format',
    })
    expect(fixture.asked).toEqual([])
  })

  it('of a query is read as numbers', async () => {
    const fixture = shared
    await ask(fixture, 'listLog', { query: '?after=7&limit=20' })
    expect(fixture.asked[0]?.call.input).toEqual({ id: ids.tournament, after: 7, limit: 20 })
  })

  it('may be missing where nothing is required', async () => {
    const fixture = shared
    const { path } = inputFor(targetOf('drawTeams'))
    const headers = { authorization: 'Bearer organizer-token' }
    const answers = [
      await fixture.edge.inject({ method: 'POST', url: path, headers }),
      await fixture.edge.inject({
        method: 'POST',
        url: path,
        headers: { ...headers, 'content-type': 'application/json' },
      }),
    ]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200])
    expect(fixture.asked.map(({ call }) => call.input)).toEqual([
      { id: ids.tournament },
      { id: ids.tournament },
    ])
  })

  it.each([
    ['"7"', 7],
    ['7', 7],
    ['W/"7"', 7],
    ['"0"', 0],
  ])('names the version that was seen: %s', async (text, version) => {
    const fixture = shared
    await ask(fixture, 'renameTournament', { headers: { 'if-match': text } })
    expect(fixture.asked[0]?.call.expectedVersion).toBe(version)
  })

  it('without the version that it needs is refused', async () => {
    const { edge } = shared
    const answer = await edge.inject({
      method: 'PATCH',
      url: `/api/tournaments/${ids.tournament}`,
      headers: { authorization: 'Bearer organizer-token' },
      payload: { name: 'New' },
    })
    expect(answer.statusCode).toBe(428)
    expect(answer.json()).toMatchObject({ code: 'version-required' })
  })
})

describe('answers', () => {
  const ofTournament = (body: object) => (): Reply => {
    const good = goodReply(targetOf('getTournament').operation)
    return good.kind === 'ok' ? { ...good, body: { ...good.body, ...body } as JsonObject } : good
  }

  it('carry the version, and are empty when the client holds it', async () => {
    const fixture = shared
    const first = await ask(fixture, 'getTournament')
    expect(first.headers.etag).toBe('"7"')
    expect(first.headers['cache-control']).toBe('private, no-cache')
    for (const held of ['"7"', 'W/"7"', '"6", "7"', '*']) {
      const answer = await ask(fixture, 'getTournament', { headers: { 'if-none-match': held } })
      expect(answer, held).toMatchObject({ status: 304, json: undefined })
      expect(answer.headers.etag).toBe('"7"')
    }
    const stale = await ask(fixture, 'getTournament', { headers: { 'if-none-match': '"6"' } })
    expect(stale.status).toBe(200)
  })

  it('say where a created tournament is', async () => {
    const fixture = shared
    const created = await ask(fixture, 'createTournament')
    expect(created.headers.location).toBe(`/api/tournaments/${created.json?.id}`)
    expect((await ask(fixture, 'joinTournament')).headers.location).toBeUndefined()
  })

  it('hold only what the contract names', async () => {
    const fixture = await createFixture(ofTournament({ seed: 'secret' }), {
      config: { validateAnswers: false },
    })
    const answer = await ask(fixture, 'getTournament')
    expect(answer.status).toBe(200)
    expect(JSON.stringify(answer.json)).not.toContain('secret')
  })

  it('keep null where the contract allows it', async () => {
    const player = { id: ids.player, firstName: 'Ada', lastName: 'L', pick: null, team: null }
    const fixture = answering(ofTournament({ players: [player] }))
    expect((await ask(fixture, 'getTournament')).json?.players).toEqual([player])
  })

  it('that break the contract are a fault of ours when answers are checked', async () => {
    const broken = answering(ofTournament({ limit: 'ten' }))
    expect(await ask(broken, 'getTournament')).toMatchObject({ status: 500, code: 'internal' })
    const missing = answering(() => ({ kind: 'ok', body: null }))
    expect(await ask(missing, 'getTournament')).toMatchObject({ status: 500 })
    const undeclared = answering(() => ({ kind: 'rejected', code: 'team-taken' }))
    expect(await ask(undeclared, 'getTournament')).toMatchObject({ status: 500 })
  })

  it('that break it when they are not checked are one too, without half an answer', async () => {
    const fixture = await createFixture(() => ({ kind: 'ok', body: { id: 'x' }, version: 7 }), {
      config: { validateAnswers: false },
    })
    const answer = await ask(fixture, 'getTournament')
    expect(answer).toMatchObject({ status: 500, code: 'internal' })
    expect(answer.headers.etag).toBeUndefined()
  })
})

describe('addresses', () => {
  it.each([
    ['DELETE', '/api/tournaments', 405, 'POST'],
    ['POST', `/api/tournaments/${ids.tournament}`, 405, 'GET, HEAD, PATCH'],
    ['GET', '/api/tournaments', 405, 'POST'],
    ['OPTIONS', '/api/tournaments', 405, 'POST'],
    ['POST', '/livez', 405, 'GET, HEAD'],
    ['GET', '/api/nothing', 404, undefined],
    ['POST', '/', 405, 'GET, HEAD'],
    ['POST', '/nowhere', 404, undefined],
  ] as const)('%s %s is answered %i, Allow %s', async (method, url, status, allow) => {
    const { edge } = shared
    const answer = await edge.inject({ method, url })
    expect(answer.statusCode).toBe(status)
    expect(answer.headers.allow).toBe(allow)
    expect(answer.json()).toMatchObject({ code: status === 405 ? 'method-not-allowed' : 'unknown-route' })
  })

  it('of problems lead to their explanation', async () => {
    const { edge } = shared
    const known = await edge.inject({ url: '/problems/team-taken' })
    expect([known.statusCode, known.headers.location]).toEqual([302, '/api/docs#error-team-taken'])
    expect((await edge.inject({ url: '/problems/constructor' })).statusCode).toBe(404)
  })

  it('of health say what is up', async () => {
    const health = { ready: false, parts: [{ name: 'store', state: 'starting' }] }
    const { edge } = await createFixture(goodReply, { health: () => health })
    expect((await edge.inject({ url: '/livez' })).statusCode).toBe(200)
    const ready = await edge.inject({ url: '/readyz' })
    expect(ready.statusCode).toBe(503)
    expect(ready.json()).toEqual({ ready: false, parts: [{ name: 'http', state: 'up' }, ...health.parts] })
    health.ready = true
    expect((await edge.inject({ url: '/readyz' })).statusCode).toBe(200)
  })
})

describe('other origins', () => {
  const origin = 'https://club.example'
  const preflight = { origin, 'access-control-request-method': 'DELETE' }
  const url = `/api/tournaments/${ids.tournament}`

  it('are not allowed unless listed', async () => {
    const { edge } = shared
    const answer = await edge.inject({ url, headers: { origin } })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    expect((await edge.inject({ method: 'OPTIONS', url, headers: preflight })).statusCode).toBe(405)
  })

  it('that are listed may call everything', async () => {
    const { edge } = await createFixture(goodReply, { config: { allowedOrigins: [origin] } })
    const asked = await edge.inject({ method: 'OPTIONS', url, headers: preflight })
    expect(asked.statusCode).toBe(204)
    expect(asked.headers['access-control-allow-methods']).toMatch(/PATCH.*DELETE/)
    const answer = await edge.inject({ url, headers: { origin } })
    expect(answer.headers['access-control-allow-origin']).toBe(origin)
    expect(answer.headers['access-control-expose-headers']).toContain('etag')
    const other = await edge.inject({ url, headers: { origin: 'https://evil.example' } })
    expect(other.headers['access-control-allow-origin']).toBeUndefined()
    expect(other.headers.vary).toBe('origin')
  })
})
