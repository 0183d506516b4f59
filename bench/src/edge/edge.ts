import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { startNatsServer } from '@matchday/testkit'
import type { Benchmark, Goal, Result, Settings } from '../benchmark.ts'
import { Disposables } from '../disposables.ts'
import { interleave } from '../interleave.ts'
import type { ClientsAnswer, ClientsQuestion } from '../live/live-clients.ts'
import { channel } from '../live/publications.ts'
import { installPeer, startPeer } from '../peer.ts'
import { ownCpuMs, settledBytes } from '../process-usage.ts'
import { short, whole } from '../show.ts'
import { median } from '../statistics.ts'
import { startWorker, type Worker } from '../worker.ts'
import type { Published, PublisherQuestion } from './edge-publisher-worker.ts'
import { startRedis } from './redis.ts'

const socketCount = 1_000
const perSecond = 400
const durationMs = 4_000
const quickDurationMs = 2_500
const rounds = 3
/** What has not come by then, after the last update was sent, is lost. */
const arrivalMs = 50_000
/** One of so many sockets is asked for the latency of each of its updates; all are asked what they got. */
const measuredOneOf = 25
const idleSockets = 10_000
const idleBytesMax = 8 * 1_024

export const edge: Benchmark = {
  summary:
    '400 updates/s through NATS to 1,000 sockets of a gateway on one core, against socket.io; idle memory',
  run: measure,
}

/** A server held to one core, its clients, and whoever tells it what happened. */
type Party = {
  readonly serverId: number
  readonly clients: Worker<ClientsQuestion, ClientsAnswer>
  publish(load: { perSecond: number; durationMs: number }): Promise<Published>
}
type Sample = {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuUs: number
  readonly lost: string | null
}

const names = { ours: 'Matchday over NATS', socketIo: 'socket.io over Redis' } as const

async function measure(settings: Settings): Promise<Result> {
  await using parts = new Disposables()
  const sockets = settings.quick ? socketCount / 4 : socketCount
  const notes: string[] = []
  const parties: Record<string, Party> = { [names.ours]: await startOurs(parts, sockets, notes) }
  settings.progress('looking for socket.io')
  const other = await startSocketIo(parts, sockets, notes)
  if (other !== null) parties[names.socketIo] = other
  const load = { perSecond, durationMs: settings.quick ? quickDurationMs : durationMs }
  const runs = Object.entries(parties).map(([name, party]) => [
    name,
    (round: number) => {
      if (name === names.ours) settings.progress(round < 0 ? 'warming up' : `round ${round + 1}`)
      return measureOnce(party, sockets, load)
    },
  ])
  const samples: Samples = await interleave(settings.quick ? 1 : rounds, Object.fromEntries(runs))
  settings.progress('idle sockets')
  const idle = await measureIdle(settings)
  return resultOf(samples, idle, sockets, notes)
}

async function startOurs(parts: Disposables, sockets: number, notes: string[]): Promise<Party> {
  const nats = parts.use(await startNatsServer())
  const publisher = parts.use(startWorker<PublisherQuestion, Published>('edge-publisher-worker'))
  await publisher.ask({ connect: nats.url })
  const server = parts.use(startWorker<{ natsUrl: string }, { port: number }>('edge-server'))
  const { port } = await server.ask({ natsUrl: nats.url })
  if (!(await holdToOneCore(server.processId))) notes.push('without taskset: not held to one core')
  const clients = parts.use(startWorker<ClientsQuestion, ClientsAnswer>('live-clients'))
  await clients.ask({ connect: sockets, port, channel })
  return { serverId: server.processId, clients, publish: (load) => publisher.ask({ publish: load }) }
}

async function startSocketIo(parts: Disposables, sockets: number, notes: string[]): Promise<Party | null> {
  const peer = await installPeer('socket-io', 'socket.io')
  if ('missing' in peer) {
    notes.push(peer.missing)
    return null
  }
  const redis = await startRedis()
  if ('missing' in redis) {
    notes.push(redis.missing)
    return null
  }
  parts.use(redis)
  notes.push(`socket.io ${peer.version}`)
  const redisUrl = redis.url
  const server = parts.use(await startPeer(peer.folder, 'server.mjs', { redisUrl }))
  const publisher = parts.use(await startPeer(peer.folder, 'publisher.mjs', { redisUrl }))
  await holdToOneCore(server.processId)
  const clients = parts.use(startWorker<ClientsQuestion, ClientsAnswer>('live-clients'))
  await clients.ask({ connect: sockets, port: server.port, channel: null, speaks: 'socket.io' })
  return { serverId: server.processId, clients, publish: (load) => publisher.ask(load) }
}

/** All its threads on the first core; false where the system has no such command. */
async function holdToOneCore(processId: number): Promise<boolean> {
  return promisify(execFile)('taskset', ['-a', '-c', '-p', '0', String(processId)]).then(
    () => true,
    () => false,
  )
}

async function measureOnce(
  { serverId, clients, publish }: Party,
  sockets: number,
  load: { perSecond: number; durationMs: number },
): Promise<Sample> {
  await clients.ask({ expect: { perTurn: 1, measureLatency: true, oneOf: measuredOneOf } })
  const before = ownCpuMs(serverId)
  const { updates, version } = await publish(load)
  await clients.ask({ await: { updates, timeoutMs: arrivalMs } })
  const cpuUs = ((ownCpuMs(serverId) - before) * 1_000) / (updates * sockets)
  const wrong = (question: ClientsQuestion) =>
    clients.ask(question).then(
      () => null,
      (error: Error) => error.message.split('\n')[0] ?? 'lost',
    )
  // A check that can't fail checks nothing.
  if ((await wrong({ check: { updates: updates + 1 } })) === null)
    throw new Error('an update that never was did not show as lost')
  const lost = await wrong({ check: { updates, lastOffset: version } })
  const { p50Ms, p99Ms } = await clients.ask({ await: { updates: 0, timeoutMs: 0 } })
  return { p50Ms, p99Ms, cpuUs, lost }
}

type Idle = { readonly sockets: number; readonly bytesEach: number; readonly note: string }

/** The server before and with sockets that have subscribed and hear nothing. */
async function measureIdle(settings: Settings): Promise<Idle> {
  const allowed = (await openFilesMax()) - 500
  const sockets = Math.min(settings.quick ? idleSockets / 5 : idleSockets, allowed)
  const note = allowed < idleSockets ? ` (the system allows ${allowed} files; raise it with ulimit -n)` : ''
  await using parts = new Disposables()
  const nats = parts.use(await startNatsServer())
  const server = parts.use(startWorker<{ natsUrl: string }, { port: number }>('edge-server'))
  const clients = parts.use(startWorker<ClientsQuestion, ClientsAnswer>('live-clients'))
  const { port } = await server.ask({ natsUrl: nats.url })
  // The first sockets load code and grow the heap; those are no sockets' memory.
  await clients.ask({ connect: sockets / 10, port, channel })
  await clients.ask({ disconnect: true })
  const before = await settledBytes(server.processId, settings.quick)
  await clients.ask({ connect: sockets, port, channel })
  const after = await settledBytes(server.processId, settings.quick)
  return { sockets, bytesEach: (after - before) / sockets, note }
}

/** What this process may have open at once, and those that it starts. */
async function openFilesMax(): Promise<number> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  return Number(/^Max open files\s+(\d+)/m.exec(text)?.[1] ?? 1_024)
}

type Samples = Readonly<Record<string, readonly Sample[]>>

function resultOf(samples: Samples, idle: Idle, sockets: number, notes: readonly string[]): Result {
  const rows = Object.entries(samples).map(([name, all]) => [
    name,
    short(median(all.map(({ p50Ms }) => p50Ms))),
    short(median(all.map(({ p99Ms }) => p99Ms))),
    short(median(all.map(({ cpuUs }) => cpuUs))),
    all.find(({ lost }) => lost !== null)?.lost ?? 'nothing',
  ])
  const ours = samples[names.ours]!
  const lost = ours.find((sample) => sample.lost !== null)?.lost
  const p99 = median(ours.map(({ p99Ms }) => p99Ms))
  const goals: Goal[] = [
    { text: `nothing lost, doubled or out of order: ${lost ?? 'on no socket'}`, isMet: lost === undefined },
    { text: `p99 ≤ 100 ms: ${short(p99)} ms`, isMet: p99 <= 100 },
    {
      text: `an idle subscribed socket ≤ 8 KiB, of ${whole(idle.sockets)}: ${short(idle.bytesEach / 1_024)} KiB${idle.note}`,
      isMet: idle.bytesEach <= idleBytesMax,
    },
  ]
  const title = `edge, ${perSecond} updates/s to ${whole(sockets)} sockets, the server on one core; ${notes.join(', ')}`
  const columns = ['', 'p50 ms', 'p99 ms', 'server µs/delivery', 'lost']
  return { tables: [{ title, columns, rows }], goals }
}
