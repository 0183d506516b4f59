import { readFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { newId } from '@matchday/contracts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call, join, must, pick, tournamentWith, wholeLog } from './support/client.ts'
import { breaches, publicationBreaches } from './support/contract.ts'
import { type LiveClient, liveClient, type Told } from './support/live.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from './support/matchday.ts'

let matchday: Matchday
let dataDirectory = ''
const url = () => matchday.url
const clients: LiveClient[] = []
/** Everything that was ever told to anybody, for the search for secrets. */
const allFrames: string[] = []

beforeAll(async () => {
  dataDirectory = await temporaryFolder()
  matchday = await startMatchday({ dataDirectory, flags: ['--log-level', 'debug'] })
})
afterEach(() => {
  for (const client of clients.splice(0)) {
    allFrames.push(...client.frames)
    client.stop()
  }
})
afterAll(async () => {
  await matchday.stop()
  await removeFolder(dataDirectory)
})

function client(token?: string): LiveClient {
  const made = liveClient(url, token === undefined ? {} : { token })
  clients.push(made)
  return made
}

const isPublication = (offset: number) => (told: readonly Told[]) =>
  told.some((item) => item.what === 'publication' && item.offset === offset)
const isDisconnected = (told: readonly Told[]) => told.some(({ what }) => what === 'disconnected')
const subscriptions = ({ told }: LiveClient) =>
  told.items.flatMap((item) => (item.what === 'subscribed' ? [item] : []))
const offsets = (live: LiveClient) =>
  live.publications().flatMap(({ offset }) => (offset === undefined ? [] : [offset]))
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** The whole story, so that each kind of publication comes by. Ends at version 15. */
async function playAll(id: string, organizer: string): Promise<void> {
  const asOrganizer = { path: { id }, token: organizer }
  const player = await join(url(), id, 'Ito')
  await must(url(), 'renameTournament', {
    ...asOrganizer,
    body: { name: newId() },
    headers: { 'if-match': '"2"' },
  })
  await must(url(), 'removePlayer', { path: { id, playerId: player.id }, token: organizer })
  const [ana, eva] = [await join(url(), id, 'Ana'), await join(url(), id, 'Eva')]
  const moved = await must(url(), 'movePass', { path: { id, playerId: ana.id }, token: ana.token })
  await pick(url(), id, { ...ana, token: moved.body.playerToken }, 'Brazil', 'ab'.repeat(32))
  await pick(url(), id, eva, 'Japan')
  await must(url(), 'setJoining', { ...asOrganizer, body: { open: false } })
  await must(url(), 'drawTeams', { ...asOrganizer, body: {} })
  await must(url(), 'voidDraw', { ...asOrganizer, body: { reason: 'again' } })
  await pick(url(), id, eva, 'Japan', 'cd'.repeat(32))
  await must(url(), 'drawTeams', { ...asOrganizer, body: {} })
  await must(url(), 'archiveTournament', asOrganizer)
}
const endVersion = 15

describe('a spectator, with the official client', () => {
  it('gets a snapshot and then every event, as the contract says, in order, offset = version', async () => {
    const { id, organizer } = await tournamentWith(url(), 0, { limit: 4 })
    const live = client()
    await live.watch(id)
    const [start] = subscriptions(live)
    expect(start).toMatchObject({ recovered: false, offset: 1, data: { id, version: 1, status: 'open' } })
    await playAll(id, organizer)
    await live.told.until(isPublication(endVersion))
    expect(offsets(live)).toEqual(range(2, endVersion))
    const seen = live.publications()
    expect(seen.map(({ data }) => data.version)).toEqual(range(2, endVersion))
    expect(seen.flatMap(({ data }) => publicationBreaches(data))).toEqual([])
    const log = await wholeLog(url(), id)
    const told = seen.map(({ data: { type, version, at, ...data } }) => ({ type, version, at, data }))
    const kept = log.slice(1).map(({ type, version, at, data }) => ({ type, version, at, data }))
    // Whose place is whose is all that is left of who was removed since.
    const { playerId } = told[0]!.data
    expect(told[0]).toMatchObject({ type: 'player-joined', data: { lastName: 'Ito' } })
    expect(kept[0]).toEqual({ ...told[0], data: { firstName: 'Player', lastName: '1', playerId } })
    expect(told.slice(1)).toEqual(kept.slice(1))
    // The check can fail.
    expect(publicationBreaches({ ...seen[0]!.data, seed: '00' })).not.toEqual([])
  })

  it('who comes late gets a snapshot that equals what HTTP says, at the version from which it goes on', async () => {
    const { id, organizer } = await tournamentWith(url(), 3)
    const http = await fetch(`${url()}/api/tournaments/${id}`)
    const text = await http.text()
    const live = client()
    await live.watch(id)
    const [start] = subscriptions(live)
    expect(start?.data).toEqual(JSON.parse(text))
    expect(
      breaches('getTournament', { status: 200, headers: http.headers, text: JSON.stringify(start?.data) }),
    ).toEqual([])
    await must(url(), 'setJoining', { path: { id }, token: organizer, body: { open: false } })
    await live.told.until(isPublication(5))
    expect([start?.offset, ...offsets(live)]).toEqual([4, 5])
  })

  it('of one tournament gets nothing of another', async () => {
    const [one, other] = [await tournamentWith(url(), 1), await tournamentWith(url(), 1)]
    const [live, all] = [client(), client()]
    await live.watch(one.id)
    await all.watch(one.id)
    await all.watch(other.id)
    for (let index = 0; index < 20; index++) {
      const { id, organizer } = index % 2 === 0 ? other : one
      const open = index % 4 < 2
      await must(url(), 'setJoining', { path: { id }, token: organizer, body: { open: !open } })
    }
    await live.told.until(isPublication(12))
    await all.told.until((told) => told.filter(({ what }) => what === 'publication').length === 20)
    expect(new Set(live.publications().map(({ channel }) => channel))).toEqual(
      new Set([`tournament:${one.id}`]),
    )
    expect(live.frames.join()).not.toContain(other.id)
    // The check can fail: who watches both sees both.
    expect(all.frames.join()).toContain(other.id)
  })

  it('what does not exist can not be watched; nobody but players may publish', async () => {
    const live = client()
    await expect(live.watch(newId())).rejects.toThrow()
    expect(live.told.items).toContainEqual({ what: 'unsubscribed', code: 102, reason: 'not-found' })
    const { id, organizer, players } = await tournamentWith(url(), 1)
    const other = await tournamentWith(url(), 1)
    const highlight = { type: 'highlight', team: 'Brazil' }
    for (const token of [undefined, organizer, other.players[0]!.token]) {
      const publisher = client(token)
      await publisher.watch(id)
      await expect(publisher.client.publish(`tournament:${id}`, highlight)).rejects.toMatchObject({
        code: 103,
      })
    }
    const player = client(players[0]!.token)
    await player.watch(id)
    await player.client.publish(`tournament:${id}`, highlight)
    const wrong = { ...highlight, team: 'Nowhere' }
    await expect(player.client.publish(`tournament:${id}`, wrong)).rejects.toMatchObject({
      code: 409,
      message: 'unknown-team',
    })
  })
})

describe('a lost connection', () => {
  it('brings exactly what was missed', async () => {
    const { id } = await tournamentWith(url(), 0, { limit: 40 })
    const live = client()
    await live.watch(id)
    await join(url(), id, 'Before')
    await live.told.until(isPublication(2))
    live.cut()
    for (let index = 0; index < 10; index++) await join(url(), id, `Meanwhile ${index}`)
    await live.told.until(isPublication(12))
    await join(url(), id, 'After')
    await live.told.until(isPublication(13))
    expect(offsets(live)).toEqual(range(2, 13))
    expect(subscriptions(live).map(({ recovered }) => recovered)).toEqual([false, true])
  })

  it('and a server that was killed and came back: same epoch, and the state is right without anybody reloading', async () => {
    const { id, organizer } = await tournamentWith(url(), 0, { limit: 40 })
    const watchers = Array.from({ length: 5 }, () => client())
    await Promise.all(watchers.map((live) => live.watch(id)))
    await join(url(), id, 'Before')
    await Promise.all(watchers.map((live) => live.told.until(isPublication(2))))
    await matchday.kill()
    matchday = await startMatchday({ dataDirectory, flags: ['--log-level', 'debug'] })
    // They have not come back yet, or just now: either way nothing of this may be missing.
    await must(url(), 'setJoining', { path: { id }, token: organizer, body: { open: false } })
    for (const live of watchers) {
      await live.told.until((told) => told.filter(({ what }) => what === 'subscribed').length === 2)
      const [first, second] = subscriptions(live)
      expect(second!.epoch).toBe(first!.epoch)
      expect(second!.wasRecovering).toBe(true)
      await live.told.until(
        (told) => isPublication(3)(told) || (!second!.recovered && second!.data.version === 3),
      )
      if (second!.recovered) expect(offsets(live)).toEqual([2, 3])
      else expect([2, 3]).toContain(second!.offset)
    }
    await must(url(), 'setJoining', { path: { id }, token: organizer, body: { open: true } })
    await Promise.all(watchers.map((live) => live.told.until(isPublication(4))))
  })
})

describe('a player', () => {
  it('who is removed is told so at once: his socket is closed for good', async () => {
    const { id, organizer, players } = await tournamentWith(url(), 2)
    const [gone, stays] = [client(players[0]!.token), client(players[1]!.token)]
    await gone.watch(id)
    await stays.watch(id)
    const startedAt = performance.now()
    await must(url(), 'removePlayer', { path: { id, playerId: players[0]!.id }, token: organizer })
    await gone.told.until(isDisconnected)
    const tookMs = performance.now() - startedAt
    console.log(`a removed player's socket was closed ${Math.round(tookMs)} ms after the request`)
    expect(gone.told.items).toContainEqual({ what: 'disconnected', code: 4501, reason: 'not-a-player' })
    // The publication that says so comes first.
    expect(gone.publications('player-removed')).toHaveLength(1)
    expect(tookMs).toBeLessThan(2_000)
    await stays.told.until(isPublication(4))
    expect(stays.told.items.some(({ what }) => what === 'disconnected')).toBe(false)
    // The pass opens nothing any more.
    const again = client(players[0]!.token)
    again.client.connect()
    await again.told.until(isDisconnected)
    expect(again.told.items).toContainEqual({ what: 'disconnected', code: 4501, reason: 'not-a-player' })
  })

  it('whose seat moves to another device loses the socket of the old one', async () => {
    const { id, players } = await tournamentWith(url(), 1)
    const { id: playerId, token } = players[0]!
    const old = client(token)
    await old.watch(id)
    const { body } = await must(url(), 'movePass', { path: { id, playerId }, token })
    await old.told.until(isDisconnected)
    expect(old.told.items).toContainEqual({ what: 'disconnected', code: 4502, reason: 'pass-moved' })
    const fresh = client(body.playerToken)
    await fresh.watch(id)
    await fresh.client.publish(`tournament:${id}`, { type: 'highlight', team: null })
  })

  it('with a token that is not good is sent away for good', async () => {
    const { players } = await tournamentWith(url(), 1)
    for (const token of ['x', `${players[0]!.token.slice(0, -4)}AAAA`]) {
      const live = client(token)
      live.client.connect()
      await live.told.until(isDisconnected)
      expect(live.told.items).toContainEqual(expect.objectContaining({ what: 'disconnected', code: 3500 }))
    }
  })

  it('shows the others what he is looking at within 100 ms', async () => {
    const { id, players } = await tournamentWith(url(), 2)
    const [player, other] = [client(players[0]!.token), client(players[1]!.token)]
    await player.watch(id)
    await other.watch(id)
    const tookMs: number[] = []
    for (let index = 0; index < 50; index++) {
      const team = index % 2 === 0 ? 'Brazil' : 'Japan'
      const before = other.publications('highlights').length
      const startedAt = performance.now()
      // By both ways: half of them through the socket, half through HTTP.
      if (index % 4 < 2) await player.client.publish(`tournament:${id}`, { type: 'highlight', team })
      else {
        const path = { id, playerId: players[0]!.id }
        await must(url(), 'highlightTeam', { path, token: players[0]!.token, body: { team } })
      }
      await other.told.until(() => other.publications('highlights').length > before)
      const shown = other.publications('highlights').at(-1)!
      expect(shown.data).toEqual({ type: 'highlights', items: [{ playerId: players[0]!.id, team }] })
      expect(shown.offset ?? 0).toBe(0)
      tookMs.push(shown.at - startedAt)
      // Stays below the rate at which clients may publish.
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    tookMs.sort((one, next) => one - next)
    const [half, most] = [tookMs[25]!, tookMs[47]!]
    console.log(`highlights: p50 ${half.toFixed(1)} ms, p95 ${most.toFixed(1)} ms of 50`)
    expect(half).toBeLessThan(250)
    expect((await wholeLog(url(), id)).map(({ type }) => type)).toEqual([
      'tournament-created',
      'player-joined',
      'player-joined',
    ])
  })
})

describe('secrets', () => {
  it('the seed is nowhere before the draw: no answer, no frame, no log; after it, in the proof', async () => {
    const { id, organizer, players } = await tournamentWith(url(), 2)
    const live = client(players[0]!.token)
    await live.watch(id)
    await pick(url(), id, players[0]!, 'Brazil', '12'.repeat(32))
    await pick(url(), id, players[1]!, 'Japan')
    await live.told.until(isPublication(5))
    const before: string[] = []
    const read = async (path: string) => {
      const response = await fetch(url() + path, { headers: { authorization: `Bearer ${organizer}` } })
      before.push(JSON.stringify([...response.headers]), await response.text())
    }
    for (const path of ['', '/teams', '/log', '/draw/proof']) await read(`/api/tournaments/${id}${path}`)
    const early = await call(url(), 'setJoining', { path: { id }, token: organizer, body: { open: false } })
    before.push(early.text, ...live.frames, ...allFrames, matchday.output())
    before.push(await readFile(joinPath(dataDirectory, 'postgres.log'), 'utf8'))
    const { commitment } = (await must(url(), 'getTournament', { path: { id } })).body.draws[0]!

    await must(url(), 'drawTeams', { path: { id }, token: organizer, body: {} })
    const proof = (await must(url(), 'getDrawProof', { path: { id } })).text
    const seed = proof.match(/"seed":"([0-9a-f]{64})"/)?.[1] ?? ''
    expect(seed).toHaveLength(64)
    const forms = [
      seed,
      Buffer.from(seed, 'hex').toString('base64'),
      Buffer.from(seed, 'hex').toString('base64url'),
    ]
    for (const form of forms) expect(before.join('\n')).not.toContain(form)
    // The search can find something: the commitment was there all along, and the seed is there now.
    expect(before.join('\n')).toContain(commitment)
    await live.told.until((told) =>
      told.some((item) => item.what === 'publication' && item.data.type === 'teams-drawn'),
    )
    expect(live.frames.join('\n')).toContain(seed)
  })

  it('passes are in no log, no frame and no event', async () => {
    const { id, organizer, players } = await tournamentWith(url(), 2)
    const live = client(organizer)
    await live.watch(id)
    await call(url(), 'getTournament', { path: { id }, token: `${organizer}x` })
    const log = JSON.stringify(await wholeLog(url(), id))
    const output = matchday.output() + (await readFile(joinPath(dataDirectory, 'postgres.log'), 'utf8'))
    for (const token of [organizer, ...players.map((player) => player.token)]) {
      // The signature: the rest of a token is no secret.
      const signature = token.split('.')[2]!
      for (const place of [log, output, live.frames.join()]) expect(place).not.toContain(signature)
    }
  })
})
