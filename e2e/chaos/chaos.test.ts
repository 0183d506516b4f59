import { openConnections, silentLog } from '@matchday/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import { until } from '../support/until.ts'
import { type ChaosReport, runChaos } from './chaos.ts'
import { type Fault, faults } from './faults.ts'
import { randomFrom } from './random.ts'
import { endOf, textOf } from './report.ts'

const startMs = 120_000
const durationMs = 30_000
const runMs = 300_000
/** Any other would do; a release is tried with many of them (`script/chaos`). */
const seed = 20

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ venues: true, gateways: 2, instances: 2, balancer: true })
}, startMs)
afterAll(() => cluster?.[Symbol.asyncDispose]())

it(
  'whatever breaks, nothing acknowledged is lost, nothing is doubled, and all sockets show what is',
  async () => {
    const report = await runChaos(cluster, { seed, durationMs, faults })
    console.log(textOf(report))
    expect(report.violations).toEqual([])
    // Each fault proves itself; here only that there were some, and something to be lost.
    expect(report.struck.length).toBeGreaterThan(3)
    expect(report.commands).toBeGreaterThan(100)
    expect(report.draws).toBeGreaterThan(5)
  },
  runMs,
)

describe('what would be found', () => {
  /** In the database itself, where nobody else would notice. */
  const planted = (name: string, sql: string): Fault => ({
    ...{ name, part: 'database' },
    async strike({ postgres }) {
      const options = { schema: 'tournaments', connectionsMax: 1, log: silentLog }
      const connections = openConnections({ url: postgres.url }, options)
      try {
        const count = "select count(*)::int as draws from events where type = 'teams-drawn'"
        const draws = async () => (await connections.query<{ draws: number }>({ text: count }, []))[0]!.draws
        // What is planted in tournaments of an earlier run nobody looks for.
        const before = await draws()
        await until('another draw', async () => (await draws()) > before)
        const rows = await connections.query<object>({ text: sql }, [])
        expect(rows).toHaveLength(1)
        return 'planted'
      } finally {
        await connections.close()
      }
    },
  })
  /** Of a tournament that was drawn, to which nothing is added any more. */
  const drawn = "(select stream from events where type = 'teams-drawn' order by xid desc limit 1)"

  it(
    'a fault that did not happen',
    async () => {
      const nothing: Fault = {
        ...{ name: 'nothing', part: 'network' },
        strike: () => Promise.reject(new Error('The fault did not happen')),
      }
      const { violations } = await runChaos(cluster, { seed, durationMs: 1, faults: [nothing] })
      expect(violations).toEqual(['nothing: Error: The fault did not happen'])
    },
    runMs,
  )

  it.each([
    [
      'an acknowledged write is lost',
      `with gone as (delete from events where type = 'teams-drawn' and stream = ${drawn} returning stream)
       update streams set version = version - 1 where id in (select stream from gone) returning 1`,
      /acknowledged and lost: \S+ teams-drawn/,
    ],
    [
      'an update is doubled',
      `with grown as (update streams set version = version + 1 where id = ${drawn} returning id, version)
       insert into events (stream, version, type, data, at, by_kind)
         select e.stream, grown.version, e.type, e.data, e.at, e.by_kind from events e
         join grown on grown.id = e.stream where e.type = 'tournament-renamed' returning 1`,
      /doubled: \S+ tournament-renamed/,
    ],
    [
      'a claim is lost',
      `delete from claims where key like 'join-code:%' and stream = ${drawn} returning 1`,
      /claims: \S+: claims .* for /,
    ],
  ])(
    '%s',
    async (name, sql, found) => {
      const { violations } = await runChaos(cluster, { seed, durationMs: 1, faults: [planted(name, sql)] })
      expect(violations.join('\n')).toMatch(found)
    },
    runMs,
  )
})

it('a seed gives the same numbers again, and another seed others', () => {
  const numbers = (from: number) => Array.from({ length: 20 }, randomFrom(from))
  expect(numbers(7)).toEqual(numbers(7))
  expect(numbers(8)).not.toEqual(numbers(7))
})

it('a run ends with 1, and how to repeat it, when something is wrong', () => {
  const struck = {
    name: 'gateway killed',
    what: 'gateway-1',
    atMs: 1_500,
    mendedAfterMs: 900,
    longestGapMs: 400,
  }
  const report: ChaosReport = {
    ...{ struck: [struck], commands: 9, draws: 1, sockets: 2, repeats: 0, longestWaitMs: 10, violations: [] },
  }
  expect(endOf(report, 'again')).toMatchObject({ exitCode: 0, text: expect.stringContaining('Nothing lost') })
  const { exitCode, text } = endOf({ ...report, violations: ['acknowledged and lost: x'] }, 'chaos --seed 7')
  expect(exitCode).toBe(1)
  expect(text).toMatch(/1\.5 s {2}gateway killed: gateway-1; .*longest gap 0\.4 s/)
  expect(text).toMatch(/VIOLATION acknowledged and lost: x\n.*\nRepeat it: chaos --seed 7\n$/)
})
