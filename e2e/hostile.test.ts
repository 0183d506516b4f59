import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join as joinPath } from 'node:path'
import { newId, type Operation, type OperationName, operationList, routes } from '@matchday/contracts'
import { badRequests, exchange, isExpected, outcomeOf, type RawAnswer } from '@matchday/gateway/bad-requests'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type Fuzzed, junk, requestsFor } from './support/arbitraries.ts'
import { badWebSocketCases, playBadWebSocket } from './support/bad-websocket.ts'
import { must, pick, type TournamentMade, tournamentWith } from './support/client.ts'
import { breaches, problemBreaches } from './support/contract.ts'
import { atOnce } from './support/histories.ts'
import { liveClient, liveUrl } from './support/live.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from './support/matchday.ts'

vi.setConfig({ testTimeout: 120_000 })

const fuzzRuns = 200
const fuzzSeed = 371_458
const mebibyte = 1_024 * 1_024

let matchday: Matchday
let url = ''
let port = 0
let memoryBefore = 0

beforeAll(async () => {
  matchday = await startMatchday({ dataDirectory: await temporaryFolder(), flags: ['--log-level', 'info'] })
  url = matchday.url
  port = Number(new URL(url).port)
  await worksStill()
  memoryBefore = await residentBytes()
})
afterAll(async () => {
  await matchday.stop()
  await removeFolder(matchday.dataDirectory)
})

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${matchday.process.pid}/status`, 'utf8').catch(() => '')
  return Number(status.match(/VmRSS:\s+(\d+) kB/)?.[1] ?? 0) * 1_024
}

/** Somebody who knows nothing of all this goes on playing. */
async function worksStill(): Promise<void> {
  const { id, organizer, players } = await tournamentWith(url, 2)
  const live = liveClient(url)
  await live.watch(id)
  await pick(url, id, players[0]!, 'Brazil')
  await pick(url, id, players[1]!, 'Japan')
  await must(url, 'drawTeams', { path: { id }, token: organizer, body: {} })
  await live.told.until((told) => told.some((item) => item.what === 'publication' && item.offset === 6))
  live.stop()
}

const names = ['Team 1', 'Team 2', 'Team 3', 'Team 4']
function freshTournament(): Promise<TournamentMade> {
  return tournamentWith(url, 2, { limit: 4, teams: { names } })
}

/** A path that exists and a token that its policy allows. */
async function targetOf(operation: Operation) {
  const { id, organizer, joinCode, players } = await freshTournament()
  const player = players[0]!
  const all: Record<string, string> = { id, playerId: player.id, code: joinCode }
  const params = Object.fromEntries(
    Object.keys(operation.params?.properties ?? {}).map((name) => [name, all[name] ?? '']),
  )
  const tokens = {
    anyone: undefined,
    organizer,
    player: player.token,
    self: player.token,
    'organizer-or-self': organizer,
  }
  return { operation, params, token: tokens[operation.policy] }
}

function asSeen({ status, headers, body }: RawAnswer) {
  return { status, headers: new Headers(headers), text: body }
}

describe('bad requests', () => {
  it.each(operationList.map((operation) => [operation.name, operation] as const))(
    'to %s: no 5xx, a clear code each time, every error a problem document',
    async (name, operation) => {
      const target = await targetOf(operation)
      const attempts = badRequests.filter((attempt) => attempt.appliesTo(operation))
      const surprises: string[] = []
      await atOnce(
        8,
        attempts.map((attempt) => async () => {
          const answer = await exchange(port, attempt.bytes(target))
          const outcome = outcomeOf(answer)
          // Wrong codes are guesses, and these are many.
          const isSlowed = name === 'findByJoinCode' && outcome === 'too-many-requests'
          // What is under attack changes: somebody else's attempt may have used the id, the seat or the pass.
          if (!isSlowed && !isExpected(attempt, answer)) surprises.push(`${attempt.name}: ${outcome}`)
          if (answer && answer.status >= 500) surprises.push(`${attempt.name}: ${answer.status}`)
          if (answer && answer.status >= 400) surprises.push(...problemBreaches(asSeen(answer)))
        }),
      )
      expect(surprises).toEqual([])
      expect(attempts.length).toBeGreaterThan(80)
    },
  )

  it('sent in thousands of pieces, in a heap on one connection, or only half, harm nobody', async () => {
    const { id } = await freshTournament()
    const line = `GET /api/tournaments/${id} HTTP/1.1\r\nHost: x\r\n\r\n`
    const heap = await exchange(
      port,
      Buffer.from(line.repeat(999) + line.replace('Host: x', 'Host: x\r\nConnection: close')),
    )
    expect(heap?.body.match(/HTTP\/1\.1 200/g)).toHaveLength(999)
    expect(heap?.status).toBe(200)
    const half = Array.from({ length: 200 }, (_, index) =>
      exchange(port, Buffer.from(line.slice(0, 1 + (index % (line.length - 2)))), { halfClose: true }),
    )
    for (const answer of await Promise.all(half)) expect(answer?.status ?? 400).toBe(400)
  })
})

describe('a bad WebSocket', () => {
  it('gets the code that tells what was wrong, or the refusal of its upgrade', async () => {
    const { id } = await freshTournament()
    const target = { port, path: '/api/live', channel: `tournament:${id}`, connectTimeoutMs: 5_000 }
    const surprises: string[] = []
    await atOnce(
      16,
      badWebSocketCases.map((each) => async () => {
        const verdict = await playBadWebSocket(target, { ...each, patienceMs: () => 10_000 })
        // Headers that are too long are refused by the HTTP edge, with a problem document.
        const isProblem = each.name === 'a header of 20 KiB' && verdict === 'status 400'
        if (verdict !== null && !isProblem) surprises.push(`${each.name}: ${verdict}`)
      }),
    )
    expect(surprises).toEqual([])
    await worksStill()
  })

  it('that speaks nonsense in correct frames is sent away or told so, never a silent or a crashed server', async () => {
    const { id, players } = await freshTournament()
    const channel = `tournament:${id}`
    const good = [
      { id: 1, connect: { token: players[0]!.token } },
      { id: 2, subscribe: { channel, recover: true, epoch: 'x', offset: 3 } },
      { id: 3, publish: { channel, data: { type: 'highlight', team: 'Team 1' } } },
      { id: 4, unsubscribe: { channel } },
      { id: 5, refresh: { token: players[0]!.token } },
      { id: 6, ping: {} },
    ].map((command) => JSON.stringify(command))
    const anywhere = fc.tuple(
      fc.constantFrom(...good),
      fc.nat(),
      fc.nat(12),
      fc.string({ unit: 'binary', maxLength: 6 }),
    )
    const broken = anywhere.map(([text, at, drop, put]) => {
      const from = at % text.length
      return text.slice(0, from) + put + text.slice(from + drop)
    })
    const methods = ['subscribe', 'publish', 'unsubscribe', 'refresh', 'ping', 'rpc', 'history', 'send', 'x']
    const wellFormed = fc
      .tuple(
        fc.constantFrom(...methods),
        fc.constantFrom('channel', 'data', 'token', 'offset', 'epoch'),
        junk,
      )
      .map(([method, key, value]) => JSON.stringify({ id: 7, [method]: { channel, data: {}, [key]: value } }))
    const messages = fc.sample(fc.oneof(broken, wellFormed), { seed: fuzzSeed, numRuns: 1_000 })
    const codes = new Map<number, number>()
    await atOnce(
      32,
      messages.map((message, index) => async () => {
        const socket = new WebSocket(liveUrl(url))
        socket.on('error', () => {})
        await once(socket, 'open')
        const closed = once(socket, 'close')
        if (index % 2 === 0) socket.send(good[0]!)
        socket.send(message)
        // Whoever is still welcome says goodbye himself.
        socket.send('{"id":99,"ping":{}}', () => socket.close(1000))
        const [code] = await closed
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }),
    )
    console.log(`1,000 mutated messages: close codes ${JSON.stringify(Object.fromEntries(codes))}`)
    for (const code of codes.keys()) expect([1000, 1005, 3500, 3501, 3508, 3013]).toContain(code)
    await worksStill()
  })
})

describe('fuzzing from the contracts', () => {
  it.each(operationList.map((operation) => [operation.name, operation] as const))(
    '%s: no 5xx, every answer as its contract says',
    async (_, operation) => {
      const world = await fuzzedWorld(operation.name)
      const statuses = new Map<number, number>()
      await fc.assert(
        fc.asyncProperty(requestsFor(operation), async (fuzzed) => {
          const seen = await send(url, fuzzed, world)
          statuses.set(seen.status, (statuses.get(seen.status) ?? 0) + 1)
          expect(seen.status, seen.text).toBeLessThan(500)
          expect(breaches(operation.name, seen)).toEqual([])
        }),
        { numRuns: fuzzRuns, seed: fuzzSeed, endOnFailure: false },
      )
      console.log(`${operation.name}: ${JSON.stringify(Object.fromEntries(statuses))}`)
      // Fuzzing that never gets past the first check, or never fails it, proves little.
      expect([...statuses.keys()].some((status) => status < 300)).toBe(true)
      expect([...statuses.keys()].some((status) => status >= 400)).toBe(true)
    },
  )

  it('finds a planted fault: a server that stumbles over one odd value', async () => {
    const planted = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk) => (text += chunk))
      request.on('end', () => {
        // A name that is not of plain letters.
        const isOdd = /"team":"[^"]*[^ -~]/.test(text)
        response.writeHead(isOdd ? 500 : 404, {
          'content-type': 'application/problem+json',
          'x-request-id': 'r',
        })
        const problem = { type: '/problems/not-found', title: 'x', code: 'not-found', requestId: 'r' }
        response.end(JSON.stringify({ ...problem, status: isOdd ? 500 : 404 }))
      })
    }).listen(0, '127.0.0.1')
    await once(planted, 'listening')
    const address = planted.address()
    const place = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : ''
    const world = await fuzzedWorld('pickTeam')
    const operation = operationList.find(({ name }) => name === 'pickTeam')!
    const property = fc.asyncProperty(requestsFor(operation), async (fuzzed) => {
      expect((await send(place, fuzzed, world)).status).toBeLessThan(500)
    })
    const { failed } = await fc.check(property, { numRuns: fuzzRuns, seed: fuzzSeed })
    planted.closeAllConnections()
    planted.close()
    expect(failed).toBe(true)
  })
})

describe('after all that', () => {
  it('the server lives, works, has kept its memory, and has nothing to complain about', async () => {
    expect(matchday.process.exitCode).toBeNull()
    await worksStill()
    const grown = (await residentBytes()) - memoryBefore
    console.log(
      `resident memory: ${Math.round(memoryBefore / mebibyte)} MiB before, ${Math.round(grown / mebibyte)} MiB more after`,
    )
    expect(grown).toBeLessThan(200 * mebibyte)
    const faults = matchday
      .output()
      .split('\n')
      .filter((line) => /"level":(50|60)|unhandled|uncaught/i.test(line))
    expect(faults).toEqual([])
    const log = await readFile(joinPath(matchday.dataDirectory, 'postgres.log'), 'utf8')
    expect(log).not.toMatch(/syntax error|invalid byte sequence|PANIC/)
  })
})

type World = { own: TournamentMade; other: TournamentMade }

/** As far as the operation needs it, so that some of what is asked can succeed. */
async function fuzzedWorld(name: OperationName): Promise<World> {
  const own = await freshTournament()
  const asOrganizer = { path: { id: own.id }, token: own.organizer }
  const [first, second] = own.players
  await pick(url, own.id, second!, names[1]!)
  if (name === 'drawTeams' || name === 'voidDraw' || name === 'getDrawProof') {
    await pick(url, own.id, first!, names[0]!)
    await must(url, 'setJoining', { ...asOrganizer, body: { open: false } })
    if (name !== 'drawTeams') await must(url, 'drawTeams', { ...asOrganizer, body: {} })
  }
  return { own, other: await freshTournament() }
}

async function send(place: string, fuzzed: Fuzzed, { own, other }: World) {
  const { operation, params, query, body, token, ifMatch } = fuzzed
  const known: Record<string, string> = { id: own.id, playerId: own.players[0]!.id, code: own.joinCode }
  const [method, template] = routes[operation.name]
  const path = template.replace(/\{(\w+)\}/g, (_, key: string) => {
    const text = params[key] ?? known[key] ?? ''
    // Half a character can't be written into an address.
    return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'))
  })
  const search = new URLSearchParams(
    Object.entries(query).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
  const tokens = {
    none: undefined,
    organizer: own.organizer,
    self: own.players[0]!.token,
    other: other.organizer,
    garbage: 'x.y.z',
  }
  const bearer = tokens[token]
  const headers: Record<string, string> = {}
  if (method !== 'GET') {
    headers['content-type'] = 'application/json'
    headers['idempotency-key'] = newId()
  }
  if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`
  if (operation.expectedVersion !== undefined) headers['if-match'] = ifMatch ?? (await latestVersion(own.id))
  const response = await fetch(`${place}${path}${search.size > 0 ? `?${search}` : ''}`, {
    method,
    headers,
    ...(method === 'GET' || body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

async function latestVersion(id: string): Promise<string> {
  const { headers } = await must(url, 'getTournament', { path: { id } })
  return headers.get('etag') ?? ''
}
