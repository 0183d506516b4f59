import { readFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Audit, audit, type LogEvent } from './support/audit.ts'
import { call, must, wholeLog } from './support/client.ts'
import { atOnce } from './support/histories.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from './support/matchday.ts'
import { WriteLoad } from './support/write-load.ts'

const kills = 20
/** Besides, the database is killed under the server, which then must end too. */
const databaseKills = 2
const writers = 32
const loadMsMin = 100
const loadMsMax = 500
const runTimeoutMs = 300_000

let matchday: Matchday
let dataDirectory = ''
const load = new WriteLoad()
const logs = new Map<string, readonly LogEvent[]>()
const startsMs: number[] = []
let result: Audit

async function start(): Promise<void> {
  matchday = await startMatchday({ dataDirectory, env: { MATCHDAY_TRUSTED_PROXIES: '1' } })
  startsMs.push(Math.round(matchday.readyMs))
  expect((await fetch(`${matchday.url}/readyz`)).status).toBe(200)
  load.up(matchday.url)
}

async function killDatabase(): Promise<void> {
  const [line = ''] = (await readFile(joinPath(dataDirectory, 'postgres/postmaster.pid'), 'utf8')).split('\n')
  process.kill(Number(line), 'SIGKILL')
  expect(await matchday.exited).toBe(1)
}

/** Writes must be under way when it happens: waits for one to be acknowledged, and then a little at random. */
async function whileWriting(kill: () => Promise<void>): Promise<number> {
  const before = load.deeds.length
  const deadline = Date.now() + 20_000
  while (load.deeds.length === before && Date.now() < deadline) await sleep(5)
  await sleep(loadMsMin + Math.random() * (loadMsMax - loadMsMin))
  const acknowledged = load.deeds.length - before
  await kill()
  load.down()
  return acknowledged
}

beforeAll(async () => {
  dataDirectory = await temporaryFolder()
  await start()
  load.start(writers)
  const acknowledged: number[] = []
  for (let cycle = 0; cycle < kills + databaseKills; cycle++) {
    acknowledged.push(await whileWriting(cycle < kills ? () => matchday.kill() : killDatabase))
    await start()
  }
  await load.stop()
  await atOnce(
    writers,
    load.deeds
      .filter((deed) => deed.kind === 'created')
      .map(({ tournament }) => async () => {
        logs.set(tournament, await wholeLog(matchday.url, tournament))
      }),
  )
  result = audit(load.deeds, logs)
  const worst = Math.max(...startsMs.slice(1))
  console.log(
    `${kills} kills of the server and ${databaseKills} of its database: ${load.deeds.length} acknowledged ` +
      `(${Math.min(...acknowledged)} to ${Math.max(...acknowledged)} between two kills), ${load.unknown} outcomes unknown, ` +
      `${result.foundDone} of them had been done, ${result.lost.length} lost, ${result.doubled.length} doubled; ` +
      `starts took ${Math.round(startsMs.slice(1).reduce((sum, ms) => sum + ms, 0) / (startsMs.length - 1))} ms, at most ${worst} ms`,
  )
}, runTimeoutMs)

afterAll(async () => {
  await matchday.stop()
  await removeFolder(dataDirectory)
})

describe('kill -9 under write load', () => {
  it('happened while writes were under way', () => {
    expect(startsMs).toHaveLength(1 + kills + databaseKills)
    expect(load.deeds.length).toBeGreaterThan(10 * kills)
    // Outcomes were unknown: the kills did hit requests.
    expect(load.unknown).toBeGreaterThan(kills)
  })

  it('loses nothing that was acknowledged', () => {
    expect(result.lost).toEqual([])
    expect(result.gaps).toEqual([])
  })

  it('does nothing twice, and refuses nobody his own request', () => {
    expect(result.doubled).toEqual([])
    expect(load.refusals).toEqual([])
  })

  it('leaves every pass good, and every name taken', async () => {
    const passes = load.deeds.filter((deed) => deed.kind === 'joined').slice(-300)
    await atOnce(
      writers,
      passes.map(({ tournament: id, player: playerId, token, name }) => async () => {
        const { body } = await must(matchday.url, 'getSeat', { path: { id, playerId }, token })
        expect(body.lastName).toBe(name)
      }),
    )
    const names = load.deeds.filter((deed) => deed.kind === 'created').slice(-20)
    for (const { name } of names) {
      const again = await call(matchday.url, 'createTournament', { body: { name, limit: 2 } })
      expect(again.problem.code).toBe('name-taken')
    }
  })
})

describe('the audit', () => {
  it.each(['created', 'joined', 'picked'] as const)('finds one lost event of what was %s', (kind) => {
    const deed = load.deeds.find((candidate) => candidate.kind === kind)!
    const type = { created: 'tournament-created', joined: 'player-joined', picked: 'team-picked' }[kind]
    const events = logs.get(deed.tournament)!
    const index = events.findIndex((event) => event.type === type)
    const planted = new Map(logs).set(deed.tournament, events.toSpliced(index, 1))
    const found = audit(load.deeds, planted)
    expect(found.lost).toHaveLength(1)
    expect(found.gaps.length).toBeGreaterThan(kind === 'created' ? 0 : -1)
  })

  it('finds an effect that is there twice, also under another id', () => {
    const deed = load.deeds.find((candidate) => candidate.kind === 'joined')!
    const events = logs.get(deed.tournament)!
    const joined = events.find((event) => event.type === 'player-joined')!
    const version = events.length + 1
    const twice = new Map(logs).set(deed.tournament, [...events, { ...joined, version }])
    expect(audit(load.deeds, twice)).toMatchObject({ lost: [], gaps: [] })
    expect(audit(load.deeds, twice).doubled).toHaveLength(1)
    const other = { ...joined, version, data: { ...joined.data, playerId: 'somebody-else' } }
    const renamed = new Map(logs).set(deed.tournament, [...events, other])
    expect(audit(load.deeds, renamed).doubled).toHaveLength(1)
  })

  it('finds a gap in the versions', () => {
    const [tournament, events] = [...logs].find(([, list]) => list.length > 1)!
    const planted = events.map((event, index) => ({ ...event, version: event.version + (index > 0 ? 1 : 0) }))
    expect(audit(load.deeds, new Map(logs).set(tournament, planted)).gaps.length).toBeGreaterThan(0)
  })
})
