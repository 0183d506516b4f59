import { mkdir } from 'node:fs/promises'
import {
  freePort,
  type NatsCluster,
  type NatsServer,
  startNatsCluster,
  startNatsServer,
} from '@matchday/testkit'
import type { Guardian } from './guardian.ts'
import type { MemberRole } from './member.ts'

/** nats-server, one or three that replicate. */
export type Broker = {
  readonly nats: NatsServer | NatsCluster
  readonly monitorUrls: readonly string[]
  /** What a role is told as MATCHDAY_NATS_URL. */
  urlFor(role: MemberRole): string
  /** In good order: everything is on disk. */
  stop(): Promise<void>
  dispose(): Promise<void>
}

export async function startBroker(nodes: 1 | 3, storeDir: string, guardian: Guardian): Promise<Broker> {
  if (nodes === 3) {
    const cluster = await startNatsCluster(3)
    for (const server of cluster.servers) guard(server, guardian)
    return {
      nats: cluster,
      monitorUrls: [],
      urlFor: () => cluster.urls.join(','),
      stop: async () => void (await Promise.all(cluster.servers.map((server) => server.stop()))),
      dispose: () => cluster.dispose(),
    }
  }
  await mkdir(storeDir, { recursive: true })
  const monitor = await freePort()
  const server = await startNatsServer({ storeDir, config: `http: "127.0.0.1:${monitor}"` })
  guard(server, guardian)
  return {
    nats: server,
    monitorUrls: [`http://127.0.0.1:${monitor}`],
    urlFor: () => server.url,
    stop: () => server.stop(),
    dispose: () => server.dispose(),
  }
}

/** Whenever it is started again, too. */
function guard(server: NatsServer, guardian: Guardian): void {
  guardian.watch(server.pid)
  const start = server.start.bind(server)
  server.start = async () => {
    await start()
    guardian.watch(server.pid)
  }
}
