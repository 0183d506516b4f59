import { freePort } from './free-port.ts'
import { type NatsServer, startNatsServer } from './nats-server.ts'

/** A leader of the whole cluster is elected within 4 to 9 s; twice that on a busy machine. */
const electionMs = 20_000
/** On a very busy one votes may be split again and again. */
const startTries = 3
const pollMs = 50

export type NatsCluster = AsyncDisposable & {
  readonly servers: readonly NatsServer[]
  /** Of all servers: a client that knows them goes on when one is gone. */
  readonly urls: readonly string[]
  /** The server that leads a stream now; undefined while none does. */
  streamLeader(stream: string): Promise<NatsServer | undefined>
  dispose(): Promise<void>
}

/**
 * Servers that replicate what they hold, all on loopback. Resolves when streams can be made, within a minute; a port
 * that somebody else took in between, or an election without an end, is tried again.
 */
export async function startNatsCluster(count: number): Promise<NatsCluster> {
  for (let tried = 1; ; tried++) {
    try {
      return await startServers(count)
    } catch (error) {
      if (tried === startTries) throw error
    }
  }
}

async function startServers(count: number): Promise<NatsCluster> {
  const nodes: { name: string; route: number; monitor: number }[] = []
  for (let index = 0; index < count; index++) {
    nodes.push({ name: `node-${index + 1}`, route: await freePort(), monitor: await freePort() })
  }
  const routes = nodes.map(({ route }) => `nats://127.0.0.1:${route}`).join(', ')
  const started = await Promise.allSettled(
    nodes.map(({ name, route, monitor }) => {
      const cluster = `cluster { name: tests, listen: "127.0.0.1:${route}", routes: [${routes}] }`
      return startNatsServer({ config: `server_name: ${name}\nhttp: "127.0.0.1:${monitor}"\n${cluster}` })
    }),
  )
  const servers = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const dispose = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.dispose()))
  }
  const leaderOf = async (stream: string): Promise<NatsServer | undefined> => {
    const leaders = await Promise.all(nodes.map(({ monitor }) => readStreamLeader(monitor, stream)))
    const index = nodes.findIndex(({ name }) => leaders.includes(name))
    return servers[index]
  }
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason
    await untilElected(nodes.map(({ monitor }) => monitor))
  } catch (error) {
    await dispose()
    throw error
  }
  const urls = servers.map(({ url }) => url)
  return { servers, urls, streamLeader: leaderOf, dispose, [Symbol.asyncDispose]: dispose }
}

type JetStreamReport = {
  meta_cluster?: { leader?: string; cluster_size?: number }
  account_details?: readonly {
    stream_detail?: readonly { name: string; cluster?: { leader?: string } }[]
  }[]
}

async function readReport(monitor: number): Promise<JetStreamReport | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${monitor}/jsz?streams=true`)
    // The monitoring page of the server that we have just started.
    return (await response.json()) as JetStreamReport
  } catch {
    return null
  }
}

async function readStreamLeader(monitor: number, stream: string): Promise<string | undefined> {
  const report = await readReport(monitor)
  const streams = report?.account_details?.flatMap((account) => account.stream_detail ?? [])
  return streams?.find(({ name }) => name === stream)?.cluster?.leader
}

async function untilElected(monitors: readonly number[]): Promise<void> {
  const until = Date.now() + electionMs
  for (;;) {
    const reports = await Promise.all(monitors.map(readReport))
    const knowLeader = reports.every((report) => report?.meta_cluster?.leader !== undefined)
    if (knowLeader && reports[0]?.meta_cluster?.cluster_size === monitors.length) return
    if (Date.now() > until) throw new Error('The cluster has elected no leader')
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}
