import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../cluster/cluster.ts'
import { Watchers } from '../cluster/watchers.ts'
import { type CallRecord, figuresOf, HistoryLoad } from '../faults/history.ts'
import { checkDatabase, checkHistory, checkStates, readLogs } from '../faults/history-check.ts'
import type { Fault } from './faults.ts'
import { checkClaims, checkDraws, checkFresh } from './invariants.ts'
import { between, dealt, type Random, randomFrom } from './random.ts'

const writers = 6
const watched = 4
const socketsEach = 6
/** Before the first fault, and after the last one. */
const steadyMs = 1_500
const calmMs = { least: 300, most: 1_500 } as const
/** How often a fault is joined by another one of another part. */
const pairShare = 0.2
/** Whatever happened is mended by then; a client that is still not answered will never be. */
const patienceMs = 60_000
/** Clients that try again and again must get something done within this. */
const gapMsMax = 30_000
/** Of what was found, so many lines of each kind are told. */
const toldMax = 10

export type ChaosOptions = {
  readonly seed: number
  readonly durationMs: number
  readonly faults: readonly Fault[]
  /** Told of each fault when it is over. */
  readonly onStruck?: (struck: Struck) => void
}

export type Struck = {
  readonly name: string
  /** What was seen of it. */
  readonly what: string
  /** Since the beginning. */
  readonly atMs: number
  readonly mendedAfterMs: number
}

export type ChaosReport = {
  readonly struck: readonly (Struck & {
    /** Between two commands that were acknowledged, from this fault until the next one. */
    readonly longestGapMs: number
  })[]
  readonly commands: number
  readonly draws: number
  readonly sockets: number
  readonly repeats: number
  readonly longestWaitMs: number
  /** By kind, in words; empty when all is well. */
  readonly violations: readonly string[]
}

/**
 * Clients play tournaments and watch them, while one thing after the other goes wrong. Afterwards everything that was
 * told is held against everything that is there.
 */
export async function runChaos(cluster: Cluster, options: ChaosOptions): Promise<ChaosReport> {
  const load = new HistoryLoad(cluster.url, { patienceMs })
  const watchers = new Watchers(cluster.url)
  const violations: string[] = []
  try {
    await watchers.start(watched, socketsEach)
    const startedAt = performance.now()
    load.start(writers)
    await sleep(steadyMs)
    const struck = await strikeAll(cluster, options, startedAt, violations)
    await sleep(steadyMs)
    await load.stop()
    const endedAt = performance.now()
    violations.push(...told('sockets', await watchers.finish()))
    const ids = watchedIds(watchers)
    // What can't even be read is wrong too.
    const { draws, found } = await check(cluster, load, ids).catch((error) => ({
      draws: 0,
      found: [`check: ${error}`],
    }))
    violations.push(...found)
    const starts = struck.map(({ atMs }) => startedAt + atMs)
    const gaps = starts.map((start, index) => longestGapMs(load.calls, start, starts[index + 1] ?? endedAt))
    violations.push(...tooLong(gaps, struck))
    const { repeats, worstMs } = figuresOf(load.calls)
    return {
      struck: struck.map((one, index) => ({ ...one, longestGapMs: gaps[index] ?? 0 })),
      commands: load.calls.filter(isDone).length,
      ...{ draws, repeats, violations, sockets: watchers.clients.length, longestWaitMs: worstMs },
    }
  } finally {
    watchers.hangUp()
  }
}

async function strikeAll(
  cluster: Cluster,
  { seed, durationMs, faults, onStruck }: ChaosOptions,
  startedAt: number,
  violations: string[],
): Promise<readonly Struck[]> {
  const random = randomFrom(seed)
  const deck = dealt(random, faults)
  const struck: Struck[] = []
  const until = performance.now() + durationMs
  while (performance.now() < until) {
    const atMs = performance.now() - startedAt
    const pair = choose(deck, random)
    const name = pair.map((fault) => fault.name).join(' + ')
    // Each with numbers of its own: which of two asks first must not matter.
    const strikes = pair.map((fault) => fault.strike(cluster, randomFrom(random() * 2 ** 32)))
    const seen = await Promise.allSettled(strikes)
    for (const result of seen) if (result.status === 'rejected') violations.push(`${name}: ${result.reason}`)
    const what = seen.map((result) => (result.status === 'fulfilled' ? result.value : 'failed')).join(' + ')
    const one = { name, what, atMs, mendedAfterMs: performance.now() - startedAt - atMs }
    struck.push(one)
    onStruck?.(one)
    await sleep(between(random, calmMs.least, calmMs.most))
  }
  return struck
}

function choose(deck: Generator<Fault, never>, random: Random): readonly Fault[] {
  const first = deck.next().value
  if (random() >= pairShare) return [first]
  const second = deck.next().value
  return first.part === second.part ? [first] : [first, second]
}

/** Everything that must be so when nobody is at work any more. */
async function check(cluster: Cluster, load: HistoryLoad, ids: readonly string[]) {
  const { url, postgres, gateways } = cluster
  const logs = await readLogs(url, load.tournaments)
  const { lost, doubled, gaps, broken, refused } = checkHistory(load.calls, logs)
  const { wrong, draws } = await checkDraws(url, logs)
  const unanswered = load.calls.filter(({ outcome }) => outcome === 'unknown')
  // Who opens a door that is open already, because he was not told, is answered without an event.
  const database = (await checkDatabase(postgres.url)).filter(
    (finding) => !finding.includes('(joining-changed)'),
  )
  const addresses = gateways.map(({ port }) => `http://127.0.0.1:${port}`)
  const found = [
    ...told('acknowledged and lost', lost),
    ...told('doubled', doubled),
    ...told('versions', gaps),
    ...told('rules', broken),
    ...told('refused', refused),
    ...told(
      `without an answer in ${patienceMs / 1_000} s`,
      unanswered.map(({ operation, last }) => `${operation}: ${last}`),
    ),
    ...told('state', await checkStates(url, logs)),
    ...told('database', database),
    ...told('claims', await checkClaims(url, postgres.url, logs)),
    ...told('draws', wrong),
    ...told('fresh clients', await checkFresh(addresses, ids)),
  ]
  return { draws, found }
}

function told(kind: string, found: readonly string[]): readonly string[] {
  const lines = found.slice(0, toldMax).map((one) => `${kind}: ${one}`)
  return found.length > toldMax ? [...lines, `${kind}: ${found.length} in all`] : lines
}

function isDone({ effect }: CallRecord): boolean {
  return effect !== undefined
}

function longestGapMs(calls: readonly CallRecord[], from: number, until: number): number {
  const times = calls.filter(isDone).map(({ endedAt }) => endedAt)
  const within = times.filter((at) => at > from && at < until).sort((one, other) => one - other)
  let [longest, last] = [0, from]
  for (const at of [...within, until]) {
    longest = Math.max(longest, at - last)
    last = at
  }
  return Math.round(longest)
}

function tooLong(gaps: readonly number[], struck: readonly Struck[]): readonly string[] {
  return gaps.flatMap((gap, index) =>
    gap > gapMsMax ? [`${struck[index]?.name}: nothing was done for ${gap} ms`] : [],
  )
}

function watchedIds(watchers: Watchers): readonly string[] {
  const channels = watchers.clients.flatMap(({ client }) => Object.keys(client.subscriptions()))
  return [...new Set(channels.map((channel) => channel.slice(channel.indexOf(':') + 1)))]
}
