import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { serviceRoles } from '@matchday/contracts'
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
  urlFor(user: MemberRole | 'operator'): string
  /** In good order: everything is on disk. */
  stop(): Promise<void>
  dispose(): Promise<void>
}

export type BrokerOptions = {
  readonly nodes: 1 | 3
  /** Left out: temporary. */
  readonly storeDir: string | undefined
  /** Each role as a user who may say and hear what it needs, as deployed; else everybody may do everything. */
  readonly permissions: boolean
  readonly guardian: Guardian
}

const permissionsFile = new URL('../../deploy/nats/permissions.conf', import.meta.url)
const users = ['gateway', ...Object.keys(serviceRoles), 'operator']

export async function startBroker({
  nodes,
  storeDir,
  permissions,
  guardian,
}: BrokerOptions): Promise<Broker> {
  if (nodes === 3) {
    if (permissions) throw new Error('Permissions go with one nats-server')
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
  if (storeDir !== undefined) await mkdir(storeDir, { recursive: true })
  const monitor = await freePort()
  // A letter first: the server reads what looks like a number as one.
  const passwords = new Map(users.map((user) => [user, `p${randomBytes(16).toString('hex')}`]))
  const rights = permissions ? await readFile(permissionsFile, 'utf8') : ''
  const server = await startNatsServer({
    ...(storeDir === undefined ? {} : { storeDir }),
    config: `http: "127.0.0.1:${monitor}"\n${rights}`,
    environment: Object.fromEntries(
      [...passwords].map(([user, password]) => [`NATS_${user.toUpperCase()}_PASSWORD`, password]),
    ),
  })
  guard(server, guardian)
  if (storeDir === undefined) guardian.sweep(dirname(server.storeDir))
  return {
    nats: server,
    monitorUrls: [`http://127.0.0.1:${monitor}`],
    urlFor: (user) =>
      permissions ? server.url.replace('//', `//${user}:${passwords.get(user)}@`) : server.url,
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
