import { newId } from '@matchday/contracts/ids'
import { tournamentRoutes } from '@matchday/contracts/tournament-routes'
import { expect, test } from 'vitest'
import { type ApiWorld, createApi } from './client.ts'
import { ApiFault } from './problem.ts'

type Reply = Response | Error

/** A world without time: sleeping moves the clock, and replies come in the order given (the last one for ever). */
function worldOf(...replies: Reply[]) {
  let clockMs = 1_000
  const sent: { url: string; init: RequestInit }[] = []
  const sleeps: number[] = []
  const world: ApiWorld = {
    now: () => clockMs,
    random: () => 1,
    sleep: async (ms) => {
      sleeps.push(ms)
      clockMs += ms
    },
    fetch: async (url, init) => {
      sent.push({ url, init })
      const reply = replies[Math.min(sent.length, replies.length) - 1]!
      if (reply instanceof Error) throw reply
      return reply.clone()
    },
  }
  return { api: createApi(tournamentRoutes, world), sent, sleeps }
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers })
const problem = (status: number, code: string) =>
  json(status, { type: `/problems/${code}`, title: code, status, code, requestId: 'r' })

const id = newId<'tournament'>()
const playerId = newId<'player'>()
const ana = { params: { id }, body: { firstName: 'Ana', lastName: 'Silva' } }
const header = (init: RequestInit, name: string) => new Headers(init.headers).get(name)

test('a lost answer, 503 and 504 are asked for again with the same id and the same body', async () => {
  const seat = { playerId, playerToken: 'secret', version: 2 }
  const { api, sent } = worldOf(
    new TypeError('network'),
    problem(503, 'unavailable'),
    problem(504, 'timed-out'),
    json(201, seat),
  )
  expect(await api('joinTournament', ana)).toMatchObject({ ok: true, value: seat })
  expect(sent).toHaveLength(4)
  expect(new Set(sent.map(({ init }) => header(init, 'idempotency-key'))).size).toBe(1)
  expect(new Set(sent.map(({ init }) => init.body)).size).toBe(1)
})

test('two actions have two ids; a given id is used', async () => {
  const { api, sent } = worldOf(json(201, {}))
  await api('joinTournament', ana)
  await api('joinTournament', ana)
  await api('joinTournament', ana, { requestId: 'mine' })
  const ids = sent.map(({ init }) => header(init, 'idempotency-key'))
  expect(new Set(ids).size).toBe(3)
  expect(ids[2]).toBe('mine')
})

test('a rejection is returned with its code and is not repeated', async () => {
  const { api, sent } = worldOf(problem(409, 'team-taken'))
  const answer = await api(
    'pickTeam',
    { params: { id, playerId }, body: { team: 'PSG' } },
    { token: 'secret' },
  )
  expect(answer).toMatchObject({ ok: false, problem: { code: 'team-taken', status: 409 } })
  expect(sent).toHaveLength(1)
  expect(header(sent[0]!.init, 'authorization')).toBe('Bearer secret')
  expect(sent[0]!.url).toBe(`/api/tournaments/${id}/players/${playerId}/pick`)
})

test('gives up at the deadline with a fault that may be tried again', async () => {
  const { api, sleeps } = worldOf(new TypeError('network'))
  const fault = await api('getTournament', { params: { id } }, { deadlineMs: 5_000 }).catch((error) => error)
  expect(fault).toBeInstanceOf(ApiFault)
  expect(fault).toMatchObject({ code: 'network', retryable: true })
  expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(5_000)
})

test('waits as long as Retry-After says', async () => {
  const { api, sleeps } = worldOf(json(429, {}, { 'retry-after': '3' }), json(200, {}))
  await api('getTournament', { params: { id } })
  expect(sleeps).toEqual([3_000])
})

test('a fault of the server is thrown at once', async () => {
  const { api, sent } = worldOf(problem(500, 'internal'))
  await expect(api('getTournament', { params: { id } })).rejects.toMatchObject({
    code: 'internal',
    retryable: false,
  })
  expect(sent).toHaveLength(1)
})

test('an answer that is no problem document still has a code', async () => {
  const { api } = worldOf(new Response('<html>proxy</html>', { status: 404 }))
  expect(await api('getTournament', { params: { id } })).toMatchObject({
    ok: false,
    problem: { code: 'not-found' },
  })
})

test('query, version and an empty answer', async () => {
  const { api, sent } = worldOf(new Response(null, { status: 204 }))
  await api('getDrawProof', { params: { id }, query: { attempt: 2 } })
  await api('renameTournament', { params: { id }, body: { name: 'Cup' } }, { version: 7 })
  const left = await api('removePlayer', { params: { id, playerId } })
  expect(sent[0]!.url).toBe(`/api/tournaments/${id}/draw/proof?attempt=2`)
  expect(header(sent[0]!.init, 'idempotency-key')).toBeNull()
  expect(header(sent[1]!.init, 'if-match')).toBe('"7"')
  expect(left).toMatchObject({ ok: true, value: undefined })
})
