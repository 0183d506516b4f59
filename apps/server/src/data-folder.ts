import { join, resolve } from 'node:path'
import { type Lifecycle, type Log, lockDataFolder, schemaOf, startEmbeddedPostgres } from '@matchday/kernel'
import { type Config, databaseUrlOf, isEmbedded, needsOwnKey } from './config.ts'
import type { ServiceDatabase } from './role.ts'
import type { ServiceName } from './role-names.ts'

/** What lasts: a database for each service, and this machine's own key. */
export type DataFolder = {
  /** The file of the key that signs tokens. */
  keyPath: string
  database(service: ServiceName): Promise<ServiceDatabase>
  /** Resolves when the built-in database ends although nobody stopped it. */
  broken: Promise<unknown>
}

const stopMs = { database: 9_000, lock: 500 } as const
const never = new Promise<never>(() => {})

type Parts = { config: Config; lifecycle: Lifecycle; log: Log; progress: (message: string) => void }

/**
 * Opens the data folder for this process alone, and starts the built-in database, as far as the settings leave
 * anything for them to do: a gateway, or a service with a database of the user's, leaves nothing on this machine.
 */
export async function openDataFolder({ config, lifecycle, log, progress }: Parts): Promise<DataFolder> {
  const folder = resolve(config.data)
  const keyPath = join(folder, 'token-key.json')
  const own = (service: ServiceName): ServiceDatabase => {
    const url = databaseUrlOf(config, service)
    if (url === undefined) throw new Error(`${service} has no database`)
    return { database: { url }, isBuiltIn: false }
  }
  if (!isEmbedded(config)) {
    if (needsOwnKey(config)) await lock(folder, lifecycle)
    return { keyPath, database: async (service) => own(service), broken: never }
  }

  const server = await startEmbeddedPostgres({
    dataDirectory: folder,
    lock: await lock(folder, lifecycle),
    onProgress: progress,
    log: (line) => log.info({ part: 'postgres' }, line),
  })
  lifecycle.add('database', () => server.stop(), stopMs.database)
  return {
    keyPath,
    database: async (service) =>
      databaseUrlOf(config, service) === undefined
        ? { database: await server.database(schemaOf(service)), isBuiltIn: true }
        : own(service),
    broken: server.exited,
  }
}

async function lock(folder: string, lifecycle: Lifecycle) {
  const held = await lockDataFolder(folder)
  lifecycle.add('data folder', () => held.release(), stopMs.lock)
  return held
}
