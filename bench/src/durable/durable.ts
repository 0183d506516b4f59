import { mkdir } from 'node:fs/promises'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@matchday/kernel'
import { startNatsServer } from '@matchday/testkit'
import type { Benchmark, Goal, Result, Settings } from '../benchmark.ts'
import { Disposables } from '../disposables.ts'
import type { EchoAnswer, EchoQuestion } from '../http/echo-server.ts'
import type { HttpLoad, LoadReport } from '../http/load-generator.ts'
import { type Counts, echoRequests, playOut } from '../http/play-out.ts'
import { playersPerTournament } from '../http/requests.ts'
import { interleave } from '../interleave.ts'
import { installPeer } from '../peer.ts'
import { ownCpuMs, treeCpuMs } from '../process-usage.ts'
import { short, times, whole } from '../show.ts'
import { median, ratioOf } from '../statistics.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { startWorker, type Worker } from '../worker.ts'
import { eagerBuild } from './eager-build.ts'
import {
  type MatchdaySystem,
  type System,
  startFloor,
  startMatchdaySystem,
  startPeerSystem,
  startSingleItems,
  startTextbook,
} from './systems.ts'

const connections = 64
const rounds = 5
const picks = 6_144
/** Slow ones get fewer requests, so that a round of theirs takes as long. */
const slowShare = 2
const quickShare = 4

export const durable: Benchmark = {
  summary:
    'a pick through gateway, NATS, service and PostgreSQL, against the same way with nothing stored, NestJS, Moleculer',
  run: measure,
}

const names = {
  ours: 'Matchday',
  two: 'Matchday, two instances of the service',
  single: 'Matchday, an envelope for each request',
  eager: 'Matchday, no flush per turn',
  strangers: 'Matchday, each pass seen for the first time',
  other: 'Matchday, the other build',
  raw: 'node:http echo, no NATS',
  floor: 'Matchday’s bus and a bare insert, nothing else',
  textbook: 'textbook: node:http, nc.request, echo',
  nest: 'NestJS over NATS, echo',
  moleculer: 'Moleculer over NATS, echo',
  insert: 'NestJS over NATS, an insert for each',
} as const
type Name = (typeof names)[keyof typeof names]

const cpuParts = ['gateway', 'service', 'nats', 'postgres'] as const
type Cpu = Readonly<Record<(typeof cpuParts)[number], number>>
type Sample = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuUs: Cpu
}
type Samples = Readonly<Record<string, readonly Sample[]>>
type Generator = Worker<HttpLoad, LoadReport>
type Run = (round: number) => Promise<Sample>

async function measure(settings: Settings): Promise<Result> {
  await using folder = await temporaryFolder()
  await using generator = startWorker<HttpLoad, LoadReport>('load-generator')
  const postgres = await startEmbeddedPostgres({ dataDirectory: `${folder.path}/postgres` })
  await using _database = { [Symbol.asyncDispose]: () => postgres.stop() }
  await using parts = new Disposables()
  if (settings.profileFolder !== undefined) await mkdir(settings.profileFolder, { recursive: true })
  const context: Context = { settings, folder: folder.path, generator, postgres, parts }
  const { runs, ours, many } = await ourRuns(context)
  const sizes = await playOut(ours.port, fewer(many, quickShare), (requests, status) =>
    load(context, ours, requests, status),
  )
  const answerBytes = Math.round(sizes.pick.report.bodyBytes)
  const peers = await peerRuns(context, answerBytes, many.pick)
  const all = { ...runs, ...peers.runs }
  const samples = await interleave(settings.quick ? 1 : rounds, {
    ...all,
    [names.ours]: (round: number) => {
      settings.progress(round < 0 ? 'warming up' : `round ${round + 1}`)
      return all[names.ours]!(round)
    },
  })
  return resultOf(samples, peers.notes)
}

type Context = {
  readonly settings: Settings
  readonly folder: string
  readonly generator: Generator
  readonly postgres: EmbeddedPostgres
  readonly parts: Disposables
}

/** Matchday as it is, and in the other ways that it could be run. */
async function ourRuns(
  context: Context,
): Promise<{ runs: Record<string, Run>; ours: MatchdaySystem; many: Counts }> {
  const { settings, folder, postgres, parts } = context
  const pick = Math.floor(picks / (settings.quick ? quickShare : 1))
  const many: Counts = { create: Math.ceil(pick / playersPerTournament), join: pick, pick }
  const start = async (name: string, instances: number, bundle = settings.bundle) => {
    settings.progress(`starting ${name}`)
    const profileFolder = name === 'ours' ? settings.profileFolder : undefined
    return parts.use(await startMatchdaySystem({ bundle, folder, name, postgres, instances, profileFolder }))
  }
  // A phone has shown its pass before somebody picks on it, and what a gateway knows it need not check again.
  const play =
    (system: System, passesKnown = true): Run =>
    async () => {
      const played = await playOut(
        system.port,
        many,
        (requests, status) => load(context, system, requests, status),
        { passesKnown },
      )
      return sampleOf(played.pick)
    }
  const ours = await start('ours', 1)
  const other = settings.against === undefined ? undefined : await start('other', 1, settings.against)
  const eager = await eagerBuild(settings.bundle)
  const runs = {
    [names.ours]: play(ours),
    ...(other === undefined ? {} : { [names.other]: play(other) }),
    [names.two]: play(await start('two', 2)),
    ...(eager === null ? {} : { [names.eager]: play(await start('eager', 1, eager)) }),
    [names.strangers]: play(ours, false),
    [names.single]: play(parts.use(await startSingleItems(ours))),
  }
  return { runs, ours, many }
}

/** What it is measured against. */
async function peerRuns(
  context: Context,
  answerBytes: number,
  count: number,
): Promise<{ runs: Record<string, Run>; notes: readonly string[] }> {
  const { settings, parts, postgres } = context
  const echo = (system: System, share = 1): Run => {
    const requests = echoRequests('pick', Math.floor(count / share))
    return async () => sampleOf(await load(context, system, requests, '200'))
  }
  const nats = parts.use(await startNatsServer())
  const runs: Record<string, Run> = {
    [names.raw]: echo(await startRaw(parts, answerBytes)),
    [names.floor]: echo(
      parts.use(
        await startFloor(parts.use(await startNatsServer()), {
          answerBytes,
          database: await postgres.database('floor'),
        }),
      ),
    ),
    [names.textbook]: echo(parts.use(await startTextbook(nats, answerBytes))),
  }
  const notes: string[] = []
  settings.progress('looking for NestJS and Moleculer')
  const nest = await installPeer('nestjs', '@nestjs/core')
  if ('missing' in nest) notes.push(nest.missing)
  else {
    notes.push(`NestJS ${nest.version}`)
    runs[names.nest] = echo(parts.use(await startPeerSystem(nest, nats, { answerBytes })), slowShare)
    // On a broker of its own: both services listen to the same pattern.
    const own = parts.use(await startNatsServer())
    const database = await postgres.database('nestjs')
    const insert = parts.use(await startPeerSystem(nest, own, { answerBytes, database }))
    runs[names.insert] = echo(insert, slowShare)
  }
  const moleculer = await installPeer('moleculer', 'moleculer')
  if ('missing' in moleculer) notes.push(moleculer.missing)
  else {
    notes.push(`Moleculer ${moleculer.version}`)
    runs[names.moleculer] = echo(
      parts.use(await startPeerSystem(moleculer, nats, { answerBytes })),
      slowShare,
    )
  }
  return { runs, notes }
}

async function startRaw(parts: Disposables, answerBytes: number): Promise<System> {
  const worker = parts.use(startWorker<EchoQuestion, EchoAnswer>('echo-server'))
  await worker.ask({ listen: 'node' })
  const { port } = await worker.ask({ answerBytes })
  return {
    port,
    processes: { gateway: [worker.processId], service: [], nats: 0 },
    [Symbol.asyncDispose]: async () => {},
  }
}

type Measured = { readonly report: LoadReport; readonly cpuMs: Cpu; readonly count: number }

async function load(
  { generator, postgres, settings }: Context,
  { port, processes }: System,
  requests: readonly string[],
  status: string,
): Promise<Measured> {
  const sum = (ids: readonly number[]) => ids.reduce((total, id) => total + ownCpuMs(id), 0)
  const usage = (): Cpu => ({
    gateway: sum(processes.gateway),
    service: sum(processes.service),
    nats: processes.nats === 0 ? 0 : ownCpuMs(processes.nats),
    postgres: treeCpuMs(postgres.processId),
  })
  const before = usage()
  const report = await generator.ask({ port, connections, requests, keepBodies: status === '201' })
  const after = usage()
  if (report.statuses[status] !== requests.length) {
    settings.progress(`a body: ${report.bodies.find((body) => body.includes('code')) ?? '–'}`)
    throw new Error(`not every answer was ${status}: ${JSON.stringify(report.statuses)}`)
  }
  const cpuMs = Object.fromEntries(cpuParts.map((part) => [part, after[part] - before[part]]))
  // fromEntries forgets which keys there are.
  return { report, cpuMs: cpuMs as Cpu, count: requests.length }
}

function sampleOf({ report, cpuMs, count }: Measured): Sample {
  const each = Object.fromEntries(cpuParts.map((part) => [part, (cpuMs[part] * 1_000) / count]))
  const { elapsedMs, p50Ms, p99Ms } = report
  // As above.
  return { perSecond: (count * 1_000) / elapsedMs, p50Ms, p99Ms, cpuUs: each as Cpu }
}

function fewer({ create, join, pick }: Counts, share: number): Counts {
  const per = (count: number) => Math.max(playersPerTournament, Math.floor(count / share))
  return { create: Math.max(1, Math.floor(create / share)), join: per(join), pick: per(pick) }
}

function resultOf(samples: Samples, notes: readonly string[]): Result {
  const rates = (name: string) => samples[name]?.map(({ perSecond }) => perSecond)
  const textbook = rates(names.textbook)!
  const raw = rates(names.raw)!
  const rows = Object.entries(samples).map(([name, all]) => {
    const of = (value: (sample: Sample) => number) => all.map(value)
    const rate = of(({ perSecond }) => perSecond)
    const parts = cpuParts.map((part) => median(of(({ cpuUs }) => cpuUs[part])))
    const cpu = median(of(({ cpuUs }) => cpuParts.reduce((sum, part) => sum + cpuUs[part], 0)))
    return [
      name,
      whole(median(rate)),
      times(ratioOf(rate, textbook)),
      times(ratioOf(rate, raw)),
      short(median(of(({ p50Ms }) => p50Ms))),
      short(median(of(({ p99Ms }) => p99Ms))),
      whole(cpu),
      ...parts.map((part) => (part === 0 ? '' : whole(part))),
    ]
  })
  const columns = ['', 'picks/s', 'of textbook', 'of raw', 'p50 ms', 'p99 ms', 'processor µs', ...cpuParts]
  const title = `durable, ${connections} connections; ${notes.join(', ')}`
  return { tables: [{ title, columns, rows }], goals: goalsOf(samples) }
}

function goalsOf(samples: Samples): Goal[] {
  const of = (name: Name, field: 'perSecond' | 'p99Ms') => samples[name]?.map((sample) => sample[field])
  const ours = of(names.ours, 'perSecond')!
  const atLeast = (text: string, name: Name, least: number): Goal => {
    const base = of(name, 'perSecond')
    if (base === undefined) return { text: `${text}: not measured`, isMet: false }
    const ratio = ratioOf(ours, base)
    return { text: `${text}: ${times(ratio)}`, isMet: ratio >= least }
  }
  const goals = [
    atLeast('durable ≥ 1.0 × textbook that stores nothing', names.textbook, 1),
    atLeast('durable ≥ 2 × NestJS that stores nothing', names.nest, 2),
    atLeast('durable ≥ 2 × Moleculer that stores nothing', names.moleculer, 2),
    atLeast('durable ≥ 5 × NestJS with an insert for each', names.insert, 5),
  ]
  const insert = of(names.insert, 'p99Ms')
  if (insert !== undefined) {
    const ratio = ratioOf(of(names.ours, 'p99Ms')!, insert)
    goals.push({ text: `p99 ≤ 0.25 × NestJS with an insert: ${times(ratio)}`, isMet: ratio <= 0.25 })
  }
  return goals
}
