import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NatsServer } from '@matchday/testkit'
import type { Cluster, Member } from '../cluster/cluster.ts'
import { RawNats } from '../faults/raw-nats.ts'
import { between, oneOf, type Random } from './random.ts'

/** One thing that goes wrong, and is mended again by whoever looks after the machine (never by hand inside Matchday). */
export type Fault = {
  readonly name: string
  /** Two faults of one part can't happen at the same time. */
  readonly part: 'instance' | 'gateway' | 'broker' | 'database' | 'network'
  /** Resolves, with what was seen of it, once it is mended. Rejects when it can't be proved to have happened. */
  strike(cluster: Cluster, random: Random): Promise<string>
}

/** Longer than the broker waits for an acknowledgement (2 s): what a paused instance holds goes to another one. */
const pauseMs = { least: 2_500, most: 3_500 } as const
const slowMs = { least: 2_000, most: 3_000 } as const
/** Of each slice it runs for a third. */
const slice = { stoppedMs: 20, runningMs: 10 } as const
const goneMs = { least: 100, most: 1_500 } as const
const doublingMs = { least: 1_500, most: 2_500 } as const
const commandSubject = 'cmd.tournaments'

export const faults: readonly Fault[] = [
  { name: 'service killed', part: 'instance', strike: (cluster, random) => kill(cluster.instances, random) },
  { name: 'service paused', part: 'instance', strike: pause },
  { name: 'service slowed to a third', part: 'instance', strike: slow },
  {
    name: 'service restarted',
    part: 'instance',
    strike: (cluster, random) => drain(cluster.instances, random),
  },
  {
    name: 'gateway killed',
    part: 'gateway',
    strike: async (cluster, random) => andBalanced(cluster, kill(cluster.gateways, random)),
  },
  {
    name: 'gateway drained and restarted',
    part: 'gateway',
    strike: async (cluster, random) => andBalanced(cluster, drain(cluster.gateways, random)),
  },
  { name: 'nats-server restarted', part: 'broker', strike: broker((nats) => nats.stop()) },
  { name: 'nats-server killed', part: 'broker', strike: broker((nats) => nats.kill()) },
  {
    name: 'nats-server killed and its store wiped',
    part: 'broker',
    strike: broker(async (nats) => {
      await nats.kill()
      await nats.wipeStore()
    }),
  },
  { name: 'nats-server paused', part: 'broker', strike: hang },
  { name: 'PostgreSQL stopped immediately', part: 'database', strike: stopDatabase },
  { name: 'commands doubled on their way', part: 'network', strike: doubleCommands },
]

async function kill(members: readonly Member[], random: Random): Promise<string> {
  const member = oneOf(random, members)
  const before = member.processId
  const gone = between(random, goneMs.least, goneMs.most)
  member.kill()
  // Resolves when it has ended, with 128 and the signal.
  const code = await member.stop()
  proved(before !== 0 && code === 137, `${member.name} has ended with ${code}`)
  await sleep(gone)
  await member.start()
  proved(member.processId !== before, `${member.name} is the same process`)
  return `${member.name}, for ${gone} ms`
}

async function drain(members: readonly Member[], random: Random): Promise<string> {
  const member = oneOf(random, members)
  const before = member.processId
  const code = await member.stop()
  proved(before !== 0 && code === 0, `${member.name} has ended with ${code}`)
  await member.start()
  proved(member.processId !== before, `${member.name} is the same process`)
  return member.name
}

async function andBalanced(cluster: Cluster, struck: Promise<string>): Promise<string> {
  const what = await struck
  await Promise.all(cluster.gateways.map(({ name }) => cluster.balancer?.until(name, 'up')))
  return what
}

async function pause(cluster: Cluster, random: Random): Promise<string> {
  const member = oneOf(random, cluster.instances)
  const durationMs = between(random, pauseMs.least, pauseMs.most)
  await member.pause()
  await sleep(durationMs)
  const state = await stateOf(member.processId)
  member.resume()
  proved(state === 'T', `${member.name} was in state ${state}`)
  return `${member.name}, for ${durationMs} ms`
}

async function slow(cluster: Cluster, random: Random): Promise<string> {
  const member = oneOf(random, cluster.instances)
  const durationMs = between(random, slowMs.least, slowMs.most)
  const until = performance.now() + durationMs
  let slices = 0
  for (; performance.now() < until; slices++) {
    await member.pause()
    await sleep(slice.stoppedMs)
    member.resume()
    await sleep(slice.runningMs)
  }
  proved(slices > 10, `it was stopped ${slices} times only`)
  return `${member.name}, for ${durationMs} ms`
}

function broker(end: (nats: NatsServer) => Promise<void>): Fault['strike'] {
  return async (cluster, random) => {
    const nats = singleBroker(cluster)
    const before = nats.pid
    const gone = between(random, goneMs.least, goneMs.most)
    await end(nats)
    proved(before !== undefined && nats.pid === undefined, 'the broker runs')
    await sleep(gone)
    await nats.start()
    proved(nats.pid !== before, 'the broker is the same process')
    return `for ${gone} ms`
  }
}

async function hang(cluster: Cluster, random: Random): Promise<string> {
  const nats = singleBroker(cluster)
  const durationMs = between(random, pauseMs.least, pauseMs.most)
  await nats.pause()
  await sleep(durationMs)
  const state = await stateOf(nats.pid ?? 0)
  nats.resume()
  proved(state === 'T', `the broker was in state ${state}`)
  return `for ${durationMs} ms`
}

async function stopDatabase({ postgres }: Cluster, random: Random): Promise<string> {
  const before = postgres.processId
  const gone = between(random, goneMs.least, goneMs.most)
  await postgres.stopImmediately()
  proved(before !== 0 && postgres.processId === 0, 'PostgreSQL runs')
  await sleep(gone)
  await postgres.start()
  proved(postgres.processId !== before, 'PostgreSQL is the same process')
  return `for ${gone} ms`
}

/** Each envelope once more, as a network may do it: without its message id, so that no queue notices. */
async function doubleCommands(cluster: Cluster, random: Random): Promise<string> {
  using nats = await RawNats.open(singleBroker(cluster).port)
  const doubled = new Set<string>()
  await nats.subscribe(commandSubject, ({ payload }) => {
    const text = payload.toString()
    // What we have said ourselves we hear too.
    if (doubled.has(text)) return
    doubled.add(text)
    nats.publish(commandSubject, payload)
  })
  await sleep(between(random, doublingMs.least, doublingMs.most))
  proved(doubled.size > 0, 'no command was doubled')
  return `${doubled.size} envelopes`
}

export function singleBroker({ nats }: Cluster): NatsServer {
  if ('servers' in nats) throw new Error('Chaos goes with one nats-server')
  return nats
}

/** As Linux sees it: T is stopped. */
async function stateOf(processId: number): Promise<string> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '')
  return status.match(/^State:\s+(\w)/m)?.[1] ?? 'gone'
}

function proved(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(`The fault did not happen: ${otherwise}`)
}
