import { join } from 'node:path'
import { type ServiceName, serviceRoles } from '@matchday/contracts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@matchday/kernel'
import type { Guardian } from './guardian.ts'

/** A real PostgreSQL at one address, however often it is stopped. */
export type ClusterDatabase = {
  /** Of tournaments. */
  readonly url: string
  /** Each service has a database of its own. */
  urlOf(service: ServiceName): string
  readonly processId: number
  readonly logFile: string
  /** As `pg_ctl stop -m immediate`: no checkpoint, connections are cut, the next start recovers from the log. */
  stopImmediately(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

export async function startDatabase(dataDirectory: string, guardian: Guardian): Promise<ClusterDatabase> {
  const open = async () => {
    const opened = await startEmbeddedPostgres({
      dataDirectory,
      // Every instance opens about twelve; the default is meant for one process.
      settings: { max_connections: '400' },
    })
    guardian.watch(opened.processId)
    return opened
  }
  let server: EmbeddedPostgres | undefined = await open()
  const urls = new Map<ServiceName, string>()
  for (const service of Object.values(serviceRoles).flat()) {
    const { user, password, host, port, database } = await server.database(service.replaceAll('-', '_'))
    // The server listens on a socket in a private folder, which has the same name at every start.
    const place = `${database}?host=${encodeURIComponent(host)}`
    urls.set(service, `postgres://${user}:${encodeURIComponent(password)}@localhost:${port}/${place}`)
  }
  const urlOf = (service: ServiceName): string => urls.get(service) ?? ''
  const stop = async () => {
    const stopping = server
    server = undefined
    if (stopping === undefined) return
    await stopping.stop()
    guardian.drop(stopping.processId)
  }
  return {
    url: urlOf('tournaments'),
    urlOf,
    get processId() {
      return server?.processId ?? 0
    },
    logFile: join(dataDirectory, 'postgres.log'),
    async stopImmediately() {
      if (server === undefined) return
      process.kill(server.processId, 'SIGQUIT')
      await server.exited
      await stop()
    },
    async start() {
      server ??= await open()
    },
    stop,
  }
}
