import type { Benchmark, Goal, Result, Settings } from '../benchmark.ts'
import { interleave } from '../interleave.ts'
import { startMatchday } from '../matchday.ts'
import { ownCpuMs, settledBytes } from '../process-usage.ts'
import { short, times, whole } from '../show.ts'
import { median, ratioOf } from '../statistics.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { startWorker } from '../worker.ts'
import type { ClientsAnswer, ClientsQuestion } from './live-clients.ts'
import type { LiveAnswer, LiveKind, LiveQuestion } from './live-server.ts'
import { channel } from './publications.ts'

const socketCount = 1_000
const rounds = 5
const durationMs = 1_000
const quickDurationMs = 200
/** A lively evening: twenty updates a second for a thousand screens. */
const latencyTurnsPerSecond = 20

export const live: Benchmark = {
  summary: 'updates to 1,000 sockets of one channel, against a raw writer; memory of an idle socket; latency',
  run: measure,
}

type Sample = {
  readonly perSecond: number
  readonly cpuUs: number
  readonly p50Ms: number
  readonly p99Ms: number
}
type Publish = { perTurn: number; durationMs: number; turnsPerSecond?: number }

const names = {
  rawOne: 'raw writer, 1 update a turn',
  edgeOne: 'live edge, 1 update a turn',
  rawMany: 'raw writer, 16 updates in one frame',
  edgeMany: 'live edge, 16 updates a turn',
} as const

async function measure(settings: Settings): Promise<Result> {
  const sockets = settings.quick ? socketCount / 10 : socketCount
  const duration = settings.quick ? quickDurationMs : durationMs
  settings.progress(`opening ${sockets} sockets to each`)
  await using edge = await startPair('edge', sockets)
  await using raw = await startPair('raw', sockets)
  const samples = await interleave(settings.quick ? 1 : rounds, {
    [names.rawOne]: (round) => {
      settings.progress(round < 0 ? 'warming up' : `round ${round + 1}`)
      return raw.publish({ perTurn: 1, durationMs: duration })
    },
    [names.edgeOne]: () => edge.publish({ perTurn: 1, durationMs: duration }),
    [names.rawMany]: () => raw.publish({ perTurn: 16, durationMs: duration }),
    [names.edgeMany]: () => edge.publish({ perTurn: 16, durationMs: duration }),
  })
  const calm = await edge.publish({
    perTurn: 1,
    durationMs: 3 * duration,
    turnsPerSecond: latencyTurnsPerSecond,
  })
  settings.progress('idle sockets')
  const memory = await measureMemory(settings, sockets)
  return resultOf(samples, calm, memory, sockets)
}

/** A server and the clients of it, each in a process of its own. */
async function startPair(kind: LiveKind, sockets: number) {
  const server = startWorker<LiveQuestion, LiveAnswer>('live-server')
  const clients = startWorker<ClientsQuestion, ClientsAnswer>('live-clients')
  const { port, controlPort } = await server.ask({ start: kind, sockets })
  await clients.ask({ connect: sockets, port, controlPort, channel: kind === 'edge' ? channel : null })
  return {
    async publish(publish: Publish): Promise<Sample> {
      await clients.ask({
        expect: { perTurn: publish.perTurn, measureLatency: publish.turnsPerSecond !== undefined },
      })
      const before = ownCpuMs(server.processId)
      const { updates, version, elapsedMs } = await server.ask({ publish })
      await mustFail(clients.ask({ check: { updates: updates + 1 } }))
      const cpuMs = ownCpuMs(server.processId) - before
      // A raw frame was made before, so its offsets say nothing.
      const { p50Ms, p99Ms } = await clients.ask({
        check: kind === 'edge' ? { updates, lastOffset: version } : { updates },
      })
      const deliveries = updates * sockets
      return {
        perSecond: (deliveries * 1_000) / elapsedMs,
        cpuUs: (cpuMs * 1_000) / deliveries,
        p50Ms,
        p99Ms,
      }
    },
    async [Symbol.asyncDispose]() {
      await clients[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** A check that can't fail checks nothing. */
async function mustFail(check: Promise<unknown>): Promise<void> {
  const failed = await check.then(
    () => false,
    () => true,
  )
  if (!failed) throw new Error('an update that never was did not show as lost')
}

/** Of the server, with no sockets, with so many, and with twice as many. */
type Memory = { readonly none: number; readonly some: number; readonly twice: number }

/** The whole server, before and with sockets that have subscribed and hear nothing. */
async function measureMemory(settings: Settings, sockets: number): Promise<Memory> {
  await using folder = await temporaryFolder()
  await using server = await startMatchday({ bundle: settings.bundle, dataFolder: folder.path })
  await using clients = startWorker<ClientsQuestion, ClientsAnswer>('live-clients')
  const created = await fetch(`http://127.0.0.1:${server.port}/api/tournaments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Watched', limit: 32, teams: { preset: 'nations' } }),
  })
  const { id }: { id: string } = JSON.parse(await created.text())
  // The first sockets load code and grow the heap; those are no sockets' memory.
  await clients.ask({ connect: sockets / 10, port: server.port, channel: `tournament:${id}` })
  await clients.ask({ disconnect: true })
  const subscribe = (count: number) =>
    clients.ask({ connect: count, port: server.port, channel: `tournament:${id}` })
  const none = await settledBytes(server.processId, settings.quick)
  await subscribe(sockets)
  const some = await settledBytes(server.processId, settings.quick)
  await subscribe(2 * sockets)
  return { none, some, twice: await settledBytes(server.processId, settings.quick) }
}

type Samples = Readonly<Record<string, readonly Sample[]>>

function resultOf(samples: Samples, calm: Sample, memory: Memory, sockets: number): Result {
  const rates = (name: string) => samples[name]!.map(({ perSecond }) => perSecond)
  const raw = rates(names.rawOne)
  const rows = Object.entries(samples).map(([name, all]) => [
    name,
    whole(median(all.map(({ perSecond }) => perSecond))),
    times(
      ratioOf(
        all.map(({ perSecond }) => perSecond),
        raw,
      ),
    ),
    short(median(all.map(({ cpuUs }) => cpuUs))),
  ])
  const cpu = (name: string) => samples[name]!.map(({ cpuUs }) => cpuUs)
  const one = ratioOf(rates(names.edgeOne), raw)
  const oneByCpu = ratioOf(cpu(names.rawOne), cpu(names.edgeOne))
  const many = ratioOf(rates(names.edgeMany), raw)
  // A heap that was larger than needed hides what the first sockets take, so the dearer thousand counts.
  const socketBytes = Math.max(memory.some - memory.none, memory.twice - memory.some) / sockets
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
  const goals: Goal[] = [
    {
      text: `1 update a turn ≥ 0.8 × the raw writer: ${times(one)} (by processor time ${times(oneByCpu)})`,
      isMet: one >= 0.8,
    },
    { text: `16 updates a turn ≥ 5 × the raw writer: ${times(many)}`, isMet: many >= 5 },
    { text: 'nothing lost and nothing doubled, on any socket', isMet: true },
    { text: `an idle socket ≤ 20 kB: ${short(socketBytes / 1_000)} kB`, isMet: socketBytes <= 20_000 },
  ]
  const columns = ['', 'deliveries/s', 'of raw', 'server µs/delivery']
  return {
    tables: [
      { title: `live, ${whole(sockets)} sockets of one channel`, columns, rows },
      {
        title: 'live, otherwise',
        columns: ['', ''],
        rows: [
          [
            `latency at ${latencyTurnsPerSecond} updates/s, p50 / p99`,
            `${short(calm.p50Ms)} / ${short(calm.p99Ms)} ms`,
          ],
          ['memory of the server without sockets', mebibytes(memory.none)],
          [`memory with ${whole(sockets)} idle sockets`, mebibytes(memory.some)],
          [`memory with ${whole(2 * sockets)} idle sockets`, mebibytes(memory.twice)],
        ],
      },
    ],
    goals,
  }
}
