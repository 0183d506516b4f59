import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Cluster } from '../cluster/cluster.ts'
import { Watchers } from '../cluster/watchers.ts'
import type { Logs } from '../support/audit.ts'
import { type CallRecord, figuresOf, type HistoryFigures, HistoryLoad, untilItWorks } from './history.ts'
import { checkDatabase, checkHistory, checkStates, type Findings, readLogs } from './history-check.ts'

const writersDefault = 8
const watched = 2
const socketsEach = 6
const steadyMs = 1_500
/** Clients go on asking for longer than anything here is broken. */
const patienceMs = 60_000
const works: Findings = { lost: [], doubled: [], gaps: [], broken: [], refused: [] }

export type Seen = {
  readonly figures: HistoryFigures
  /** The longest time without a command that was acknowledged, from what happened on. */
  readonly outageMs: number
  /** From the end of what happened until a command of a newcomer was done. */
  readonly recoveredMs: number
  /** How sockets were closed meanwhile. */
  readonly closes: readonly number[]
}

/**
 * Clients play and watch while something happens. Expects that nothing is lost, doubled or missed, and looks whether
 * that would be seen.
 */
export async function underLoad(
  cluster: Cluster,
  happening: () => Promise<void>,
  writers = writersDefault,
): Promise<Seen> {
  const { url } = cluster
  // Who began to ask before it happened waits at least as long as it may take until it works again.
  const load = new HistoryLoad(url, { patienceMs: 2 * patienceMs })
  const watchers = new Watchers(url)
  try {
    await watchers.start(watched, socketsEach)
    load.start(writers)
    await sleep(steadyMs)
    const happenedAt = performance.now()
    await happening()
    const recoveredMs = Math.round(await untilItWorks(url, patienceMs))
    await sleep(steadyMs)
    const outageMs = outage(load.calls, happenedAt, performance.now())
    await load.stop()
    const closes = watchers.clients.flatMap(({ closes: codes }) => [...codes.items])
    const figures = figuresOf(load.calls)
    expect(await watchers.finish()).toEqual([])
    await expectSound(cluster, load)
    expect(figures.unknown).toBe(0)
    return { figures, outageMs, recoveredMs, closes }
  } finally {
    watchers.hangUp()
  }
}

export function words({ figures, outageMs, recoveredMs }: Seen): string {
  const { calls, p99Ms, worstMs, failures, repeats } = figures
  return (
    `nothing done for ${outageMs} ms, works ${recoveredMs} ms after it was mended; ${calls} calls, ` +
    `p99 ${p99Ms} ms, worst ${worstMs} ms, failed attempts ${JSON.stringify(failures)}, ${repeats} repeats`
  )
}

async function expectSound({ url, postgres }: Cluster, { calls, tournaments }: HistoryLoad): Promise<void> {
  const logs = await readLogs(url, tournaments)
  expect(checkHistory(calls, logs)).toEqual(works)
  expectFound(calls, logs)
  expect(await checkStates(url, logs)).toEqual([])
  const findings = await checkDatabase(postgres.url)
  // Who opens a door that is open already, because he was not told, is answered without an event.
  expect(findings.filter((finding) => !finding.includes('(joining-changed)'))).toEqual([])
}

/** One event of this very run taken away, and one put there twice: the check sees either. */
function expectFound(calls: readonly CallRecord[], logs: Logs): void {
  const { effect } = calls.findLast((call) => call.effect?.type === 'team-picked') ?? {}
  const id = effect?.tournament ?? ''
  const events = logs.get(id) ?? []
  const place = events.findIndex(({ type, data }) => type === effect?.type && markedAs(data, effect.mark))
  const picked = events[place]
  if (picked === undefined) throw new Error('Nobody has picked')
  const without = new Map(logs).set(id, events.toSpliced(place, 1))
  expect(checkHistory(calls, without).lost).toHaveLength(1)
  const twice = new Map(logs).set(id, [...events, { ...picked, version: events.length + 1 }])
  expect(checkHistory(calls, twice).doubled).toHaveLength(1)
}

function markedAs(data: object, mark: string): boolean {
  const { playerId = '' }: { playerId?: string } = data
  return playerId !== '' && mark.startsWith(playerId)
}

function outage(calls: readonly CallRecord[], from: number, until: number): number {
  const done = calls.filter(({ effect }) => effect !== undefined).map(({ endedAt }) => endedAt)
  const times = done.filter((at) => at > from && at < until).toSorted((one, other) => one - other)
  const points = [from, ...times, until]
  return Math.round(Math.max(...points.slice(1).map((at, index) => at - points[index]!)))
}
