import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, type Member, startCluster } from '../cluster/cluster.ts'
import { readinessOf } from '../cluster/member.ts'
import { until } from '../support/until.ts'
import { metricOf } from './metrics.ts'
import { underLoad, words } from './under-load.ts'

const startMs = 120_000
const runMs = 180_000
const downMs = 4_000
const settleMs = 15_000

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ venues: true, gateways: 1, instances: 2 })
}, startMs)
afterAll(() => cluster?.[Symbol.asyncDispose]())

const opened = (member: Member) => metricOf(member, 'matchday_breaker_opened_total')
const state = (member: Member) => metricOf(member, 'matchday_breaker_state')

async function untilEach(isSo: (member: Member) => Promise<boolean>, what: string): Promise<void> {
  await Promise.all(
    cluster.instances.map((member) => until(`${member.name} ${what}`, () => isSo(member), settleMs)),
  )
}

/** In its readiness, and why. */
async function saysSo({ port }: Member): Promise<boolean> {
  const readiness = await readinessOf(port)
  const failing = readiness?.parts.find((part) => part.state === 'failing')
  return readiness?.ready === false && /database/.test(failing?.detail ?? '')
}

describe('PostgreSQL under load', () => {
  it(
    'that is stopped at once and started again: nothing is lost or doubled, breakers open and close',
    async () => {
      const { postgres, instances } = cluster
      const before = postgres.processId
      const processes = instances.map(({ processId }) => processId)
      expect(await Promise.all(instances.map(opened))).toEqual([0, 0])
      const seen = await underLoad(cluster, async () => {
        await postgres.stopImmediately()
        const stoppedAt = performance.now()
        expect(postgres.processId).toBe(0)
        await untilEach(async (member) => (await opened(member)) > 0, 'open')
        await untilEach(saysSo, 'not ready')
        await sleep(downMs - (performance.now() - stoppedAt))
        await postgres.start()
      })
      await untilEach(async (member) => (await state(member)) === 0, 'closed')
      const times = await Promise.all(instances.map(opened))
      console.log(`PostgreSQL stopped for ${downMs} ms: breakers opened ${times} times; ${words(seen)}`)
      expect(postgres.processId).not.toBe(before)
      expect(seen.outageMs).toBeGreaterThan(downMs / 2)
      expect(seen.recoveredMs).toBeLessThan(10_000)
      for (const member of instances) {
        expect(member.log()).toMatch(/"breaker":"database of tournaments","state":"open"/)
      }
      expect(instances.map(({ processId }) => processId)).toEqual(processes)
      expect(seen.closes).toEqual([])
    },
    runMs,
  )

  it(
    'that is there all the time: no breaker opens',
    async () => {
      const before = await Promise.all(cluster.instances.map(opened))
      const seen = await underLoad(cluster, () => sleep(1_000))
      expect(await Promise.all(cluster.instances.map(opened))).toEqual(before)
      expect(seen.figures.failures).toEqual({})
      expect(seen.outageMs).toBeLessThan(downMs / 2)
    },
    runMs,
  )
})
