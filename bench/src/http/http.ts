import type { Benchmark, Goal, Result, Settings, Table } from '../benchmark.ts'
import { interleave } from '../interleave.ts'
import { type Matchday, startMatchday } from '../matchday.ts'
import { ownCpuMs, treeCpuMs } from '../process-usage.ts'
import { short, times, whole } from '../show.ts'
import { median, ratioOf } from '../statistics.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { startWorker, type Worker } from '../worker.ts'
import type { EchoAnswer, EchoKind, EchoQuestion } from './echo-server.ts'
import type { FloorQuestion } from './floor-server.ts'
import type { HttpLoad, LoadReport } from './load-generator.ts'
import { type Counts, echoRequests, type Load, type OperationName, operations, playOut } from './play-out.ts'
import { playersPerTournament } from './requests.ts'

const connections = 64

/** About a second each where a commit serves many; where each has its own, a quarter of it takes as long. */
const counts: Counts = { create: 1_536, join: 4_096, pick: 4_096 }
const oneByOneShare = 4
const quickShare = 16
const rounds = 5
/** The server's code is compiled for good after some 30,000 requests; an echo's after a few hundred. */
const warmUpRounds = 3

type Sample = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuUs: number
  /** Of that, what the server's own process used; the rest is the database. */
  readonly ownCpuUs: number
}
type Samples = Readonly<Record<OperationName, Sample>>
type Generator = Worker<HttpLoad, LoadReport>

export const http: Benchmark = {
  summary:
    'create, join and pick through HTTP, against echoes of the same sizes and against a commit for each',
  run: measure,
}

async function measure(settings: Settings): Promise<Result> {
  const share = settings.quick ? quickShare : 1
  const all: Counts = scaled(counts, share)
  await using generator = startWorker<HttpLoad, LoadReport>('load-generator')
  await using folder = await temporaryFolder()
  await using bundle = await startMatchday({
    bundle: settings.bundle,
    dataFolder: `${folder.path}/bundle`,
    nodeFlags:
      settings.profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${settings.profileFolder}`],
  })
  await using other =
    settings.against === undefined
      ? undefined
      : await startMatchday({ bundle: settings.against, dataFolder: `${folder.path}/against` })
  await using oneByOne = await startOneByOne(`${folder.path}/one-by-one`)
  const sizes = await answerSizes(generator, bundle, scaled(counts, quickShare))
  await using canned = startEcho('canned')
  await using node = startEcho('node')
  await using fastify = startEcho('fastify')
  await using floor = startWorker<FloorQuestion, EchoAnswer>('floor-server')
  await floor.ask({ dataFolder: `${folder.path}/floor` })

  const variants = {
    'load generator alone': () => loadEcho(generator, canned, 'canned', all, sizes),
    'node:http echo': () => loadEcho(generator, node, 'node', all, sizes),
    'fastify echo': () => loadEcho(generator, fastify, 'fastify', all, sizes),
    'the same rows, nothing else': () => loadFloor(generator, floor, all, sizes),
    Matchday: (round: number) => told(settings, round, () => loadMatchday(generator, bundle, all)),
    ...(other === undefined
      ? {}
      : { 'Matchday, the other build': () => loadMatchday(generator, other, all) }),
    'Matchday, a commit for each': () =>
      loadMatchday(generator, oneByOne, scaled(counts, share * oneByOneShare)),
  }
  const samples = settings.quick
    ? await interleave(1, variants)
    : await interleave(rounds, variants, warmUpRounds)
  return {
    tables: operations.map((operation) => tableOf(operation, samples)),
    goals: goalsOf(samples),
  }
}

function told<T>(settings: Settings, round: number, work: () => Promise<T>): Promise<T> {
  settings.progress(round < 0 ? 'warming up' : `round ${round + 1}`)
  return work()
}

function scaled(all: Counts, share: number): Counts {
  const per = (count: number) => Math.max(playersPerTournament, Math.floor(count / share))
  return { create: per(all.create), join: per(all.join), pick: per(all.pick) }
}

function startEcho(kind: EchoKind) {
  return startWorker<EchoQuestion, EchoAnswer>('echo-server', {
    nodeFlags: [`--title=echo-${kind}`],
  })
}

async function startOneByOne(dataFolder: string) {
  const worker = startWorker<{ dataFolder: string }, { port: number }>('single-commit-server')
  try {
    const { port } = await worker.ask({ dataFolder })
    return { ...worker, port }
  } catch (error) {
    await worker[Symbol.asyncDispose]()
    throw error
  }
}

/** What Matchday answers with, in bytes: the echoes answer with as many. */
async function answerSizes(generator: Generator, server: Matchday, few: Counts): Promise<Counts> {
  const reports = await playOut(server.port, few, loader(generator, server))
  const size = (operation: OperationName) => Math.round(reports[operation].report.bodyBytes)
  return { create: size('create'), join: size('join'), pick: size('pick') }
}

function loader(generator: Generator, server: Target): Load<Measured> {
  return (requests, status) => load(generator, server, requests, status)
}

async function loadMatchday(generator: Generator, server: Target, many: Counts): Promise<Samples> {
  const reports = await playOut(server.port, many, loader(generator, server))
  return samplesOf((operation) => reports[operation])
}

type Target = { readonly port: number; readonly processId: number }
type Measured = {
  readonly report: LoadReport
  readonly cpuMs: number
  readonly ownMs: number
  readonly count: number
}

/** The same requests as Matchday gets, so that reading them costs as much. */
async function loadEcho(
  generator: Generator,
  echo: Worker<EchoQuestion, EchoAnswer>,
  kind: EchoKind,
  many: Counts,
  sizes: Counts,
): Promise<Samples> {
  const { port } = await echo.ask({ listen: kind })
  const server = { port, processId: echo.processId }
  const reports: Partial<Record<OperationName, Measured>> = {}
  for (const operation of operations) {
    await echo.ask({ answerBytes: sizes[operation] })
    reports[operation] = await load(generator, server, echoRequests(operation, many[operation]), '200')
  }
  return samplesOf((operation) => reports[operation]!)
}

/** Only picks: other operations write other rows. */
async function loadFloor(
  generator: Generator,
  floor: Worker<FloorQuestion, EchoAnswer>,
  many: Counts,
  sizes: Counts,
): Promise<Partial<Samples>> {
  const { port } = await floor.ask({ answerBytes: sizes.pick })
  const requests = echoRequests('pick', many.pick)
  return { pick: sampleOf(await load(generator, { port, processId: floor.processId }, requests, '200')) }
}

async function load(
  generator: Generator,
  server: Target,
  requests: readonly string[],
  status: string,
): Promise<Measured> {
  const before = treeCpuMs(server.processId)
  const ownBefore = ownCpuMs(server.processId)
  const report = await generator.ask({
    port: server.port,
    connections,
    requests,
    keepBodies: status !== '200',
  })
  const cpuMs = treeCpuMs(server.processId) - before
  const ownMs = ownCpuMs(server.processId) - ownBefore
  if (report.statuses[status] !== requests.length) {
    throw new Error(`not every answer was ${status}: ${JSON.stringify(report.statuses)}`)
  }
  return { report, cpuMs, ownMs, count: requests.length }
}

function sampleOf({ report, cpuMs, ownMs, count }: Measured): Sample {
  const { elapsedMs, p50Ms, p99Ms } = report
  return {
    perSecond: (count * 1_000) / elapsedMs,
    p50Ms,
    p99Ms,
    cpuUs: (cpuMs * 1_000) / count,
    ownCpuUs: (ownMs * 1_000) / count,
  }
}

function samplesOf(measured: (operation: OperationName) => Measured): Samples {
  const sample = (operation: OperationName) => sampleOf(measured(operation))
  return { create: sample('create'), join: sample('join'), pick: sample('pick') }
}

type AllSamples = Readonly<Record<string, readonly Partial<Samples>[]>>

function tableOf(operation: OperationName, samples: AllSamples): Table {
  const raw = of(samples, 'node:http echo', operation, 'perSecond')
  const rows = Object.keys(samples).flatMap((name) => {
    const figures = (field: keyof Sample) => of(samples, name, operation, field)
    if (figures('perSecond').length === 0) return []
    const row = [
      name,
      whole(median(figures('perSecond'))),
      times(ratioOf(figures('perSecond'), raw)),
      short(median(figures('p50Ms'))),
      short(median(figures('p99Ms'))),
      whole(median(figures('cpuUs'))),
      whole(median(figures('ownCpuUs'))),
    ]
    return [row]
  })
  return {
    title: `${operation}, ${connections} connections`,
    columns: ['', 'requests/s', 'of node:http', 'p50 ms', 'p99 ms', 'processor µs', 'of it Node µs'],
    rows,
  }
}

/** A figure in all rounds; none of what was not measured. */
function of(
  samples: AllSamples,
  name: string,
  operation: OperationName,
  field: keyof Sample,
): readonly number[] {
  return (samples[name] ?? []).flatMap((round) => round[operation]?.[field] ?? [])
}

function goalsOf(samples: AllSamples): Goal[] {
  const picks = (name: string) => of(samples, name, 'pick', 'perSecond')
  const ratio = ratioOf(picks('Matchday'), picks('node:http echo'))
  const p99 = median(of(samples, 'Matchday', 'pick', 'p99Ms'))
  const gain = ratioOf(picks('Matchday'), picks('Matchday, a commit for each'))
  return [
    { text: `pick ≥ 0.4 × node:http echo: ${times(ratio)}`, isMet: ratio >= 0.4 },
    { text: `pick p99 ≤ 50 ms: ${short(p99)} ms`, isMet: p99 <= 50 },
    { text: `a commit for many ≥ a commit for each: ${times(gain)}`, isMet: gain >= 1 },
  ]
}
