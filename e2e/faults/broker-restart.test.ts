import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@matchday/contracts'
import type { NatsServer } from '@matchday/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { singleBroker } from '../chaos/faults.ts'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import { readinessOf } from '../cluster/member.ts'
import { type Answer, call } from '../support/client.ts'
import { metricOf } from './metrics.ts'
import { RawNats } from './raw-nats.ts'
import { underLoad, words } from './under-load.ts'

const startMs = 120_000
const runMs = 180_000

let cluster: Cluster
let nats: NatsServer

beforeAll(async () => {
  cluster = await startCluster({ venues: true, gateways: 1, instances: 2 })
  nats = singleBroker(cluster)
}, startMs)
afterAll(() => cluster?.[Symbol.asyncDispose]())

/** When the streams were made: what was wiped is made anew. */
async function madeAt(): Promise<readonly unknown[]> {
  using broker = await RawNats.open(nats.port)
  const kinds = ['CMD', 'DEAD', 'PRV', 'QRY', 'EVT']
  const made: unknown[] = []
  for (const kind of kinds) made.push((await broker.ask(`$JS.API.STREAM.INFO.${kind}_TOURNAMENTS`)).created)
  expect(made.every((time) => typeof time === 'string')).toBe(true)
  return made
}

describe('nats-server under load', () => {
  const wiped = async () => {
    await nats.kill()
    await nats.wipeStore()
  }
  it.each([
    ['is stopped with SIGTERM', () => nats.stop(), false],
    ['is killed', () => nats.kill(), false],
    ['is killed and its store wiped', wiped, true],
  ])(
    'that %s and started again: nothing is lost or doubled, all goes on by itself',
    async (name, end, isNew) => {
      const before = { pid: nats.pid, made: await madeAt() }
      const processes = [...cluster.gateways, ...cluster.instances].map(({ processId }) => processId)
      const seen = await underLoad(cluster, async () => {
        await end()
        expect(nats.pid).toBeUndefined()
        await nats.start()
      })
      console.log(`nats-server ${name}: ${words(seen)}`)
      // It has happened, and was noticed.
      expect(nats.pid).not.toBe(before.pid)
      expect(seen.outageMs).toBeGreaterThan(100)
      const after = await madeAt()
      // Only the first two are on disk; the others may be new each time.
      const isOther = after.map((made, index) => made !== before.made[index])
      expect(isOther.slice(0, 2)).toEqual([isNew, isNew])
      if (isNew) expect(isOther).not.toContain(false)
      // Nobody had to be started again, and no socket was closed.
      expect([...cluster.gateways, ...cluster.instances].map(({ processId }) => processId)).toEqual(processes)
      expect(seen.closes).toEqual([])
      expect(seen.recoveredMs).toBeLessThan(10_000)
    },
    runMs,
  )
})

const downMs = 10_000
/** What a request waits for the broker (200 ms), and slack; on a busy machine, what requests take anyhow. */
const refusedMs = { waits: 200, slack: 500 } as const
const clients = 20
const pauseMs = 100
const growthMbMax = 32

type Refusal = { readonly answer: Answer<'createTournament'>; readonly tookMs: number }

/** Clients that ask for something new every moment, and don't wait for anything. */
async function askUntil(isOver: () => boolean): Promise<readonly Refusal[]> {
  const seen: Refusal[] = []
  const client = async () => {
    while (!isOver()) {
      const startedAt = performance.now()
      const answer = await call(cluster.url, 'createTournament', {
        body: { name: `Cup ${newId()}`, limit: 2 },
      })
      seen.push({ answer, tookMs: performance.now() - startedAt })
      await sleep(pauseMs)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return seen
}

function p99(waits: readonly Refusal[]): number {
  const sorted = waits.map(({ tookMs }) => tookMs).toSorted((one, other) => one - other)
  return Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0)
}

async function memoryMb(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8')
  return Math.round(Number(status.match(/^VmRSS:\s+(\d+) kB/m)?.[1]) / 1_024)
}

/** By how much the second half is above the first, by their middles: what piles up grows until the end. */
function growth(samples: readonly number[]): number {
  const middle = (list: readonly number[]) =>
    list.toSorted((one, other) => one - other)[list.length >> 1] ?? 0
  return middle(samples.slice(samples.length >> 1)) - middle(samples.slice(0, samples.length >> 1))
}

describe('a broker that is away for ten seconds', () => {
  it(
    'is told quickly and costs no memory; pages stay, sockets stay, and all heals',
    async () => {
      const [gateway] = cluster.gateways
      const steadyUntil = performance.now() + 1_500
      const before = await askUntil(() => performance.now() > steadyUntil)
      expect(before.every(({ answer }) => answer.status === 201)).toBe(true)
      const memory: number[] = []
      let refused: readonly Refusal[] = []
      const seen = await underLoad(
        cluster,
        async () => {
          await nats.kill()
          while ((await metricOf(gateway!, 'matchday_bus_up')) === 1) await sleep(20)
          const until = performance.now() + downMs
          const sampler = setInterval(() => {
            void memoryMb(gateway!.processId).then((mb) => memory.push(mb))
          }, 250)
          const asking = askUntil(() => performance.now() > until)
          const health = await readinessOf(gateway!.port)
          expect(health?.parts).toContainEqual(
            expect.objectContaining({ state: 'failing', detail: expect.stringContaining('broker') }),
          )
          const probe = async (path: string) => (await fetch(cluster.url + path)).status
          expect([await probe('/livez'), await probe('/readyz'), await probe('/')]).toEqual([200, 503, 200])
          const read = await call(cluster.url, 'getTournament', { path: { id: newId() } })
          expect([read.status, read.problem.code]).toEqual([503, 'unavailable'])
          refused = await asking
          clearInterval(sampler)
          await nats.start()
        },
        4,
      )
      const [usual, down] = [p99(before), p99(refused)]
      console.log(
        `broker away: ${refused.length} refused, p99 ${down} ms (undisturbed ${usual} ms), gateway's memory ` +
          `${memory[0]} to ${memory.at(-1)} MB, grew by ${growth(memory)} MB; ${words(seen)}`,
      )
      expect(refused.length).toBeGreaterThan(200)
      for (const { answer } of refused) {
        expect([answer.status, answer.problem.code]).toEqual([503, 'unavailable'])
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      }
      expect(down).toBeLessThanOrEqual(refusedMs.waits + Math.max(refusedMs.slack, usual))
      expect(growth(memory)).toBeLessThan(growthMbMax)
      expect(seen.outageMs).toBeGreaterThan(downMs)
      expect(seen.closes).toEqual([])
      expect(seen.recoveredMs).toBeLessThan(10_000)
    },
    runMs,
  )

  it(
    'would be found to be told slowly when it hangs instead: it takes two seconds to know',
    async () => {
      await nats.pause()
      const until = performance.now() + 500
      const asked = askUntil(() => performance.now() > until)
      await sleep(3_000)
      nats.resume()
      expect(p99(await asked)).toBeGreaterThan(refusedMs.waits + refusedMs.slack)
    },
    runMs,
  )

  it('would be found to cost memory', () => {
    expect(growth([100, 120, 140, 160, 180, 200, 220, 240])).toBeGreaterThan(growthMbMax)
    expect(growth([100, 140, 110, 141, 105, 139, 112, 140])).toBeLessThan(growthMbMax)
  })
})
