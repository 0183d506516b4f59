import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import type { CrowdAnswer, CrowdQuestion } from './socket-crowd.ts'
import { startWorker, type Worker } from './worker.ts'

const startMs = 120_000
const runMs = 180_000
const tournaments = 5
const socketsEach = 200
const steadyMs = 2_000
/** From the kill until the last one is back. */
const backMs = 10_000
const patienceMs = 60_000

let cluster: Cluster
let crowd: Worker<CrowdQuestion, CrowdAnswer>

beforeAll(async () => {
  cluster = await startCluster({ gateways: 2, instances: 1, balancer: true })
  crowd = startWorker(new URL('./socket-crowd.ts', import.meta.url))
}, startMs)
afterAll(async () => {
  await crowd?.[Symbol.asyncDispose]()
  await cluster?.[Symbol.asyncDispose]()
})

describe('a gateway that is killed with a thousand sockets watching', () => {
  it(
    'is not missed: all are back soon, and none misses an update, or sees one twice or out of order',
    async () => {
      const { sockets } = await crowd.ask({ watch: { url: cluster.url, tournaments, socketsEach } })
      expect(sockets).toBe(tournaments * socketsEach)
      await sleep(steadyMs)
      const sessions = (await cluster.balancer?.places())?.slice(0, 2).map((place) => place.sessions)
      const [gateway] = cluster.gateways
      const processId = gateway!.processId
      gateway!.kill()
      const back = await crowd.ask({ untilBack: { patienceMs } })
      expect(gateway!.processId).toBe(0)
      await sleep(steadyMs)
      const end = await crowd.ask({ finish: true })
      console.log(
        `${sockets} sockets, at the balancer ${sessions}; gateway ${processId} killed: ${back.cut} cut, all back after ` +
          `${Math.round(back.backMs)} ms, ${end.recovered} recovered, ${end.resumedAnew} with a snapshot; ` +
          `${end.publications} updates, ${end.breaches.length} breaches`,
      )
      // It held about half of them.
      expect(back.cut).toBeGreaterThan(sockets / 4)
      expect(back.cut).toBeLessThan((sockets * 3) / 4)
      expect(back.backMs).toBeLessThanOrEqual(backMs)
      expect(end.breaches).toEqual([])
      expect({ recovered: end.recovered, resumedAnew: end.resumedAnew }).toEqual({
        recovered: back.cut,
        resumedAnew: 0,
      })
      expect(end.publications).toBeGreaterThan(sockets * 5)
      const [asTold, missed, doubled, reordered] = end.planted
      expect(asTold).toEqual([])
      expect(missed?.[0]).toMatch(/^missed/)
      expect(doubled?.[0]).toMatch(/^doubled/)
      expect(reordered?.some((breach) => breach.startsWith('re-ordered'))).toBe(true)
    },
    runMs,
  )
})
