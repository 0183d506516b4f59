import { join, resolve } from 'node:path'
import {
  type Database,
  type Lifecycle,
  type Log,
  lockDataFolder,
  openTokenKey,
  parseTokenKey,
  startEmbeddedPostgres,
  type TokenKey,
} from '@matchday/kernel'
import type { Config } from './config.ts'

/** What lasts: the key of the tokens, and a database for each service. */
export type DataFolder = {
  tokenKey: TokenKey
  database(service: string): Promise<Database>
  /** Resolves when the built-in database ends although nobody stopped it. */
  broken: Promise<unknown>
}

const stopMs = { database: 9_000, lock: 500 } as const
const never = new Promise<never>(() => {})

type Parts = { config: Config; lifecycle: Lifecycle; log: Log; progress: (message: string) => void }

/** Opens the data folder for this process alone, and starts the built-in database unless the user has one of his own. */
export async function openDataFolder({ config, lifecycle, log, progress }: Parts): Promise<DataFolder> {
  const folder = resolve(config.data)
  const { databaseUrl, tokenKey } = config
  if (databaseUrl !== undefined && tokenKey !== undefined) {
    return {
      tokenKey: parseTokenKey(tokenKey, 'MATCHDAY_TOKEN_KEY'),
      database: async () => ({ url: databaseUrl }),
      broken: never,
    }
  }

  const lock = await lockDataFolder(folder)
  lifecycle.add('data folder', () => lock.release(), stopMs.lock)
  const key =
    tokenKey === undefined
      ? await openTokenKey(join(folder, 'token-key.json'))
      : parseTokenKey(tokenKey, 'MATCHDAY_TOKEN_KEY')
  if (databaseUrl !== undefined)
    return { tokenKey: key, database: async () => ({ url: databaseUrl }), broken: never }

  const server = await startEmbeddedPostgres({
    dataDirectory: folder,
    lock,
    onProgress: progress,
    log: (line) => log.info({ part: 'postgres' }, line),
  })
  lifecycle.add('database', () => server.stop(), stopMs.database)
  return { tokenKey: key, database: (service) => server.database(service), broken: server.exited }
}
