import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { audit, type LogEvent } from '../support/audit.ts'
import { tournamentWith, wholeLog } from '../support/client.ts'
import type { Told } from '../support/live.ts'
import { WriteLoad } from '../support/write-load.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { ReadLoad } from './read-load.ts'
import { breachesOf, Watchers } from './watchers.ts'

const startMs = 120_000
const rollingMs = 240_000
/** Before and after what happens to the processes. */
const steadyMs = 1_500
const writers = 4
const readers = 4
const watched = 4
const socketsEach = 8
/** Close code of the live protocol: come back, elsewhere. */
const comeBack = 3001

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ gateways: 2, instances: 2, balancer: true, permissions: true, venues: true })
}, startMs)
afterAll(() => cluster?.[Symbol.asyncDispose]())

/** Everything at once, while something happens to the processes. */
async function underLoad(happening: () => Promise<void>) {
  const { url } = cluster
  const [reads, writes, watchers] = [new ReadLoad(), new WriteLoad(), new Watchers(url)]
  // Whoever does not know an outcome asks again at once; it is counted all the same.
  const again = setInterval(() => writes.up(url), 100)
  try {
    await watchers.start(watched, socketsEach)
    writes.up(url)
    writes.start(writers)
    reads.start(url, (await tournamentWith(url, 3)).id, readers)
    await sleep(steadyMs)
    await happening()
    await sleep(steadyMs)
    await Promise.all([reads.stop(), writes.stop()])
    const closes = watchers.clients.flatMap(({ closes: codes }) => [...codes.items])
    const updates = await watchers.finish()
    return { reads, writes, updates, closes, turns: watchers.failures }
  } finally {
    clearInterval(again)
    watchers.hangUp()
  }
}

async function auditOf({ deeds }: WriteLoad) {
  const logs = new Map<string, LogEvent[]>()
  for (const id of new Set(deeds.map(({ tournament }) => tournament)))
    logs.set(id, await wholeLog(cluster.url, id))
  return audit(deeds, logs)
}

describe('a restart of every process, one after the other', () => {
  it(
    'nobody notices: no request fails, no update is missed, doubled or out of order',
    async () => {
      const before = [...cluster.gateways, ...cluster.instances].map(({ processId }) => processId)
      const steps: string[] = []
      const seen = await underLoad(() => cluster.restartRolling((step) => steps.push(step)))
      const { reads, writes, updates, closes, turns } = seen
      console.log([...steps, `${reads.answered} reads, ${writes.deeds.length} writes`].join('\n'))
      const after = [...cluster.gateways, ...cluster.instances].map(({ processId }) => processId)
      expect(after.filter((processId) => before.includes(processId) || processId === 0)).toEqual([])

      expect([...reads.failures, ...writes.unknownReasons, ...writes.refusals, ...turns]).toEqual([])
      expect({ reads: reads.failed, writes: writes.unknown }).toEqual({ reads: 0, writes: 0 })
      expect(updates).toEqual([])
      expect(await auditOf(writes)).toMatchObject({ lost: [], doubled: [], gaps: [] })
      expect(reads.answered).toBeGreaterThan(100)
      expect(writes.deeds.length).toBeGreaterThan(100)
      // All sockets of a gateway that goes are told to come back; whoever came to the second one is told twice.
      expect(closes.length).toBeGreaterThanOrEqual(watched * socketsEach)
      expect(new Set(closes)).toEqual(new Set([comeBack]))
    },
    rollingMs,
  )
})

describe('what would be seen if it were otherwise', () => {
  it(
    'gateways that are killed instead: requests fail, though nothing is lost',
    async () => {
      const { reads, writes, updates, closes, turns } = await underLoad(async () => {
        for (const gateway of cluster.gateways) {
          gateway.kill()
          await gateway.stop()
          await gateway.start()
          await cluster.balancer?.until(gateway.name, 'up')
        }
      })
      expect(reads.failed + writes.unknown + turns.length).toBeGreaterThan(0)
      expect(new Set(closes)).toContain(1006)
      expect(updates).toEqual([])
      expect(await auditOf(writes)).toMatchObject({ lost: [], doubled: [], gaps: [] })
    },
    rollingMs,
  )

  it('updates that are missed, doubled, out of order, or another’s', () => {
    const types = ['a', 'b', 'c', 'd']
    const start: Told = {
      what: 'subscribed',
      recovered: false,
      wasRecovering: false,
      offset: 1,
      epoch: '',
      data: {},
    }
    const told = (...offsets: number[]): Told[] => [
      start,
      ...offsets.map((offset) => {
        const data = { type: types[offset - 1] ?? '' }
        return { what: 'publication' as const, channel: '', offset, at: 0, data }
      }),
    ]
    expect(breachesOf(told(2, 3, 4), types)).toEqual([])
    expect(breachesOf(told(2, 4), types)).toEqual(['missed: 4 after 2'])
    expect(breachesOf(told(2, 3, 3, 4), types)).toEqual(['doubled: 3'])
    expect(breachesOf(told(2, 3, 2, 3, 4), types)).toEqual(['re-ordered: 2 after 3'])
    expect(breachesOf(told(2, 3), types)).toEqual(['ends at 3, the log at 4'])
    expect(breachesOf(told(2, 3, 4), ['a', 'b', 'x', 'd'])).toEqual(['3 is c, in the log x'])
  })
})
