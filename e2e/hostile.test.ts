import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join as joinPath } from 'node:path'
import { type Operation, type OperationName, operationList, type Policy } from '@matchday/contracts'
import { badRequests, exchange, isExpected, outcomeOf, type RawAnswer } from '@matchday/gateway/bad-requests'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type Aim, aimAt } from './access/aim.ts'
import { outboxOf } from './support/accounts.ts'
import { type Fuzzed, junk, requestsFor } from './support/arbitraries.ts'
import { ask, requestOf, type Told } from './support/ask.ts'
import { badWebSocketCases, playBadWebSocket } from './support/bad-websocket.ts'
import { must, pick, type TournamentMade, tournamentWith } from './support/client.ts'
import { breaches, problemBreaches } from './support/contract.ts'
import { atOnce } from './support/histories.ts'
import { liveClient, liveUrl } from './support/live.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from './support/matchday.ts'
import { buildWorld, type World, worldSettings } from './support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** Requests to each operation that guests use; and, to keep the time short, to each of those many of people with accounts. */
const guestRuns = 200
const accountRuns = 60
const fuzzSeed = 371_458
const mebibyte = 1_024 * 1_024

let matchday: Matchday
let url = ''
let port = 0
let memoryBefore = 0
/** People of every kind, and what is theirs. */
let world: World

beforeAll(async () => {
  matchday = await startMatchday({
    dataDirectory: await temporaryFolder(),
    flags: ['--log-level', 'info'],
    env: worldSettings,
  })
  url = matchday.url
  port = Number(new URL(url).port)
  world = await buildWorld(url, outboxOf(url))
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

/** Where a tournament with its guests and its organiser's token is all that is needed, there is a new one each time. */
function isOfGuests({ service, policy, name }: Operation): boolean {
  const ofGuests: readonly Policy[] = ['anyone', 'organizer', 'player', 'self', 'organizer-or-self']
  // Somebody waits in private ones alone.
  return service === 'tournaments' && ofGuests.includes(policy) && name !== 'decideEntryRequest'
}

/** A path that exists and a token that its policy allows; and what puts back what a success has changed. */
async function targetOf(operation: Operation) {
  if (!isOfGuests(operation)) {
    const aim = await aimAt(world, operation.name)
    return { operation, params: aim.params, token: aim.token(), afterwards: aim.afterwards }
  }
  const made = await freshTournament()
  const { params } = operation
  const known = knownParams(made)
  const named = Object.keys(params?.properties ?? {}).map((name) => [name, known[name] ?? ''])
  const token = tokenIn(made, operation)
  return { operation, params: Object.fromEntries(named), token, afterwards: async () => {} }
}

function knownParams({ id, joinCode, players }: TournamentMade): Record<string, string> {
  return { id, playerId: players[0]!.id, code: joinCode }
}

function tokenIn({ organizer, players }: TournamentMade, { policy }: Operation): string | undefined {
  if (policy === 'anyone') return undefined
  return policy === 'player' || policy === 'self' ? players[0]!.token : organizer
}

function asSeen({ status, headers, body }: RawAnswer) {
  return { status, headers: new Headers(headers), text: body }
}

/** What one operation is tried from, so that no try at another has used up what an address may do. */
let addresses = 0
function nextAddress(): string {
  addresses++
  return `127.8.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`
}

function toldOf(answer: RawAnswer) {
  return { ...asSeen(answer), code: 'ok' }
}

function isBounded({ missesPerMinuteMax, requestsPerMinuteMax }: Operation): boolean {
  return missesPerMinuteMax !== undefined || requestsPerMinuteMax !== undefined
}

describe('bad requests', () => {
  it.each(operationList.map((operation) => [operation.name, operation] as const))(
    'to %s: no 5xx, a clear code each time, every error a problem document',
    async (_, operation) => {
      const { afterwards, ...target } = await targetOf(operation)
      const attempts = badRequests.filter((attempt) => attempt.appliesTo(operation))
      const from = operation.policy === 'local' ? '127.0.0.1' : nextAddress()
      const surprises: string[] = []
      let done: RawAnswer | undefined
      await atOnce(
        8,
        attempts.map((attempt) => async () => {
          const answer = await exchange(port, attempt.bytes(target), { from })
          const outcome = outcomeOf(answer)
          if (answer !== undefined && answer.status < 300) done = answer
          // Wrong codes are guesses, and these are many; and whoever has signed out is somebody no more.
          const isSlowed = isBounded(operation) && outcome === 'too-many-requests'
          const isSignedOut = operation.session?.effect === 'ends' && outcome === 'not-authenticated'
          // What is under attack changes: somebody else's attempt may have used the id, the seat or the pass.
          // The example's begin and end are one moment.
          const isAtOnce = answer?.body.includes('"ends-before-start"') === true
          if (!isSlowed && !isSignedOut && !isAtOnce && !isExpected(attempt, answer))
            surprises.push(`${attempt.name}: ${outcome}`)
          if (answer && answer.status >= 500) surprises.push(`${attempt.name}: ${answer.status}`)
          if (answer && answer.status >= 400) surprises.push(...problemBreaches(asSeen(answer)))
        }),
      )
      if (done !== undefined) await afterwards(toldOf(done))
      expect(surprises).toEqual([])
      expect(attempts.length).toBeGreaterThan(60)
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
      const victim = await victimOf(operation)
      const numRuns = isOfGuests(operation) ? guestRuns : accountRuns
      const statuses = new Map<number, number>()
      await fc.assert(
        fc.asyncProperty(requestsFor(operation), async (fuzzed) => {
          const seen = await send(url, fuzzed, victim)
          statuses.set(seen.status, (statuses.get(seen.status) ?? 0) + 1)
          expect(seen.status, seen.text).toBeLessThan(500)
          expect(breaches(operation.name, seen)).toEqual([])
          if (seen.status < 300) await victim.afterwards(seen)
        }),
        { numRuns, seed: fuzzSeed, endOnFailure: false },
      )
      console.log(`${operation.name}: ${JSON.stringify(Object.fromEntries(statuses))}`)
      // Fuzzing that never gets past the first check, or never fails it, proves little.
      expect([...statuses.keys()].some((status) => status < 300)).toBe(victim.canSucceed)
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
    const operation = operationList.find(({ name }) => name === 'pickTeam')!
    const victim = await victimOf(operation)
    const property = fc.asyncProperty(requestsFor(operation), async (fuzzed) => {
      expect((await send(place, fuzzed, victim)).status).toBeLessThan(500)
    })
    const { failed } = await fc.check(property, { numRuns: guestRuns, seed: fuzzSeed })
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

type Victim = Omit<Aim, 'good' | 'params'> & {
  /** Where requests come from. */
  readonly from: string
  readonly params: Readonly<Record<string, string>>
  readonly other: string
  readonly organizer: string
  /** Nothing where chance finds what succeeds. */
  readonly good?: Aim['good']
  /** The latest version of what is changed. */
  version(): Promise<string | undefined>
}

async function victimOf(operation: Operation): Promise<Victim> {
  const other = (await freshTournament()).organizer
  const from = operation.policy === 'local' ? '127.0.0.1' : nextAddress()
  if (isOfGuests(operation)) {
    const own = await tournamentFor(operation.name)
    return {
      from,
      params: knownParams(own),
      organizer: own.organizer,
      other,
      token: () => tokenIn(own, operation),
      canSucceed: true,
      afterwards: async () => {},
      version: () => latestVersion(own.id),
    }
  }
  const aim = await aimAt(world, operation.name)
  const { organizer } = world.tournaments.own
  return { ...aim, from, organizer, other, version: async () => undefined }
}

/** As far as the operation needs it, so that some of what is asked can succeed. */
async function tournamentFor(name: OperationName): Promise<TournamentMade> {
  const own = await freshTournament()
  const asOrganizer = { path: { id: own.id }, token: own.organizer }
  const [first, second] = own.players
  await pick(url, own.id, second!, names[1]!)
  if (name === 'drawTeams' || name === 'voidDraw' || name === 'getDrawProof') {
    await pick(url, own.id, first!, names[0]!)
    await must(url, 'setJoining', { ...asOrganizer, body: { open: false } })
    if (name !== 'drawTeams') await must(url, 'drawTeams', { ...asOrganizer, body: {} })
  }
  return own
}

async function send(place: string, fuzzed: Fuzzed, victim: Victim): Promise<Told> {
  const { operation } = fuzzed
  if (fuzzed.isGood && victim.good !== undefined) {
    // Whoever knows what is right comes from elsewhere than who guesses.
    const from = operation.policy === 'local' ? victim.from : nextAddress()
    return ask(place, requestOf(operation, { token: victim.token(), ...(await victim.good()), from }))
  }
  const tokens = {
    none: undefined,
    allowed: victim.token(),
    organizer: victim.organizer,
    other: victim.other,
    garbage: 'x.y.z',
  }
  // Half a character can't be written into an address.
  const params = Object.entries({ ...victim.params, ...withoutNulls(fuzzed.params) }).map(([name, text]) => [
    name,
    text.replace(/\p{Cs}/gu, '\ufffd'),
  ])
  const query = Object.entries(fuzzed.query).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  const version = operation.expectedVersion && (fuzzed.ifMatch ?? (await victim.version()))
  const isRead = operation.route[0] === 'GET'
  return ask(
    place,
    requestOf(operation, {
      params: Object.fromEntries(params),
      query: Object.fromEntries(query),
      token: tokens[fuzzed.token],
      from: victim.from,
      headers: version === undefined ? {} : { 'if-match': version },
      ...(isRead ? {} : { body: fuzzed.body }),
    }),
  )
}

function withoutNulls(params: Fuzzed['params']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, text]) => (text === null ? [] : [[name, text]])),
  )
}

async function latestVersion(id: string): Promise<string> {
  const { headers } = await must(url, 'getTournament', { path: { id } })
  return headers.get('etag') ?? ''
}
