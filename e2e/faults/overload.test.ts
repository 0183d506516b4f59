import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import { checkDatabase } from './history-check.ts'
import type { LoadAnswer, LoadQuestion } from './http-load.ts'
import { type ProcessorTime, processorTime } from './processor-time.ts'
import { startWorker, type Worker } from './worker.ts'

const startMs = 120_000
const runMs = 180_000
const clients = 128
const quietClients = 8
const warmMs = 2_000
const peakMs = 3_000
const overloadMs = 8_000
const overloadFactor = 3
const socketsMax = 4_000
const recoverMs = 5_000
const gatherMs = 1_000
const memoryLookMs = 250
const lookMs = 250
const goodputShareMin = 0.9
/** A refusal waits for nothing but its turn on a processor that everybody wants. */
/** Of a processor; what is done takes about a millisecond of all of them. */
const refusalCostMs = 0.25
const refusalP50Ms = 100
const refusalP99Ms = 1_000
/** Once the crowd is there, in the second half against the first. */
const memoryGrowthMax = 1.2

let cluster: Cluster
let load: Worker<LoadQuestion, LoadAnswer>

beforeAll(async () => {
  cluster = await startCluster({ gateways: 1, instances: 1 })
  load = startWorker(new URL('./http-load.ts', import.meta.url))
  await ask(clients, warmMs)
}, startMs)
afterAll(async () => {
  await load?.[Symbol.asyncDispose]()
  await cluster?.[Symbol.asyncDispose]()
})

function ask(shape: number | { perSecond: number; socketsMax: number }, durationMs: number, countFromMs = 0) {
  const port = cluster.gateways[0]?.port ?? 0
  return load.ask({
    port,
    durationMs,
    countFromMs,
    shape: typeof shape === 'number' ? { clients: shape } : shape,
  })
}

/** Of the gateway and the service, in MiB. */
async function memory(): Promise<number> {
  let sum = 0
  for (const { processId } of [...cluster.gateways, ...cluster.instances]) {
    const status = await readFile(`/proc/${processId}/status`, 'utf8')
    sum += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024
  }
  return Math.round(sum)
}

/** A load, and what processors did meanwhile, in processors: others may be busy on the same machine. */
type Measured = LoadAnswer & {
  /** What we could have had: what we took, and what nobody took. */
  readonly toHave: number
  readonly gateway: number
}
type Spell = {
  readonly over: Measured
  readonly peaks: readonly Measured[]
  readonly recoveredMs: number
  readonly memories: readonly number[]
}

async function measured(...asked: Parameters<typeof ask>): Promise<Measured> {
  const id = cluster.gateways[0]?.processId ?? 0
  const [before, startedAt] = [await processorTime(), performance.now()]
  const answer = await ask(...asked)
  const [after, elapsedMs] = [await processorTime(), performance.now() - startedAt]
  const took = (of: (time: ProcessorTime) => number) =>
    Math.round((100 * (of(after) - of(before))) / elapsedMs) / 100
  const toHave = took(({ oursMs, idleMs }) => oursMs + idleMs)
  return { ...answer, toHave, gateway: took(({ ofMs }) => ofMs.get(id) ?? 0) }
}

const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length

/** What the gateway took beyond what it takes for as many requests at the peak. */
function refusing({ over, peaks }: Spell): number {
  const perDone = mean(peaks.map(({ gateway, okPerSecond }) => gateway / okPerSecond))
  return Math.max(0, over.gateway - perDone * over.okPerSecond)
}

const perProcessorAtPeak = ({ peaks }: Spell) =>
  mean(peaks.map(({ okPerSecond, toHave, ownCpuShare }) => okPerSecond / (toHave - ownCpuShare)))

/** The share of the peak, were it not for whoever asks. */
function shareOfPeak(spell: Spell): number {
  const { okPerSecond, toHave, ownCpuShare } = spell.over
  return okPerSecond / (toHave - ownCpuShare) / perProcessorAtPeak(spell)
}

/**
 * What is to be expected of the processors that are left for what is let in: whoever asks, and refusing, share the
 * machine with it. At the peak the same are left out, so that like is held against like.
 */
function expectedPerSecond(spell: Spell): number {
  const { over } = spell
  return Math.round(perProcessorAtPeak(spell) * (over.toHave - over.ownCpuShare - refusing(spell)))
}

/** What is not as it must be under overload, in words. */
function faultsOf(spell: Spell): readonly string[] {
  const { over, recoveredMs, memories } = spell
  const found: string[] = []
  const expected = expectedPerSecond(spell)
  const refusals = (over.statuses[503] ?? 0) + (over.statuses[429] ?? 0)
  const refusalMs = (refusing(spell) * overloadMs) / refusals
  const say = (isWrong: boolean, what: string) => void (isWrong && found.push(what))
  const { 201: ok = 0, 429: limited = 0, 503: refused = 0, ...others } = over.statuses
  say(over.okPerSecond < goodputShareMin * expected, `goodput: ${over.okPerSecond} of ${expected}`)
  say(refusalMs > refusalCostMs, `a refusal takes ${refusalMs} ms of a processor`)
  say(Object.keys(others).length > 0 || over.broken > 0, `neither done nor refused: ${JSON.stringify(over)}`)
  say(limited + refused < ok / 4, `no overload: ${JSON.stringify(over.statuses)}`)
  say(over.refusedP50Ms > refusalP50Ms, `half of the refusals take ${over.refusedP50Ms} ms`)
  say(over.refusedP99Ms > refusalP99Ms, `refusals take ${over.refusedP99Ms} ms`)
  say(recoveredMs > recoverMs, `recovers after ${recoveredMs} ms`)
  const half = memories.slice(0, memories.length / 2)
  say(Math.max(...memories) > memoryGrowthMax * Math.max(...half), `memory: ${memories.join(' ')}`)
  return found
}

async function untilRecovered(quiet: LoadAnswer, settledMs: number): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    const { statuses, okP50Ms } = await ask(quietClients, lookMs)
    const tookMs = Math.round(settledMs + performance.now() - startedAt)
    const isWell = Object.keys(statuses).join() === '201' && okP50Ms <= 3 * quiet.okP50Ms
    if (isWell || tookMs > 4 * recoverMs) return tookMs
  }
}

describe('three times as much as can be done', () => {
  let spell: Spell

  it('is refused quickly but for what can be done, takes no memory, and is over when it ends', {
    timeout: runMs,
    retry: 1,
  }, async () => {
    const quiet = await ask(quietClients, peakMs / 2)
    const before = await measured(clients, peakMs, gatherMs / 2)
    const memories: number[] = []
    const watch = setInterval(() => void memory().then((now) => memories.push(now)), memoryLookMs)
    const perSecond = overloadFactor * before.okPerSecond
    const over = await measured({ perSecond, socketsMax }, overloadMs, gatherMs).finally(() =>
      clearInterval(watch),
    )
    const recoveredMs = await untilRecovered(quiet, over.settledMs)
    const after = await measured(clients, peakMs, gatherMs / 2)
    spell = { over, peaks: [before, after], recoveredMs, memories }
    console.log(
      `peak ${before.okPerSecond}/s on ${before.toHave} processors before, ${after.okPerSecond}/s on ${after.toHave} after; offered ${over.offeredPerSecond}/s (asking took ` +
        `${Math.round(100 * over.ownCpuShare)} % of a processor): done ${over.okPerSecond}/s on ${over.toHave} processors, ${refusing(spell).toFixed(2)} of them for refusing (expected ${expectedPerSecond(spell)}; with refusing ${shareOfPeak(spell).toFixed(2)} of the peak), p50 ${over.okP50Ms} ms, p99 ` +
        `${over.okP99Ms} ms; refused p50 ${over.refusedP50Ms} ms, p99 ${over.refusedP99Ms} ms; ${JSON.stringify(over.statuses)}; ` +
        `back to normal after ${recoveredMs} ms; memory ${memories.join(' ')} MiB`,
    )
    expect(over.offeredPerSecond).toBeGreaterThan(2.5 * before.okPerSecond)
    expect(faultsOf(spell)).toEqual([])
    expect(await checkDatabase(cluster.postgres.url)).toEqual([])
  })

  it('would be seen to be handled otherwise', () => {
    const { over } = spell
    const seen = (changes: Partial<Spell>) => faultsOf({ ...spell, ...changes }).join()
    expect(seen({ over: { ...over, okPerSecond: over.okPerSecond / 3 } })).toMatch(/^goodput/)
    expect(seen({ over: { ...over, statuses: { ...over.statuses, 504: 1 } } })).toMatch(
      /neither done nor refused/,
    )
    expect(seen({ over: { ...over, statuses: { 201: 1 } } })).toMatch(/no overload/)
    expect(seen({ over: { ...over, refusedP99Ms: 2_000 } })).toMatch(/refusals take/)
    expect(seen({ recoveredMs: 6_000 })).toMatch(/recovers/)
    expect(seen({ memories: [100, 100, 120, 140] })).toMatch(/memory/)
  })
})
