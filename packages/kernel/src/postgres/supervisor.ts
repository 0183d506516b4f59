import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../fault.ts'
import { createCluster, databaseUser, inspectCluster, prepareCluster, readPassword } from './cluster-files.ts'
import { inDataFolder } from './data-folder.ts'
import { type DataFolderLock, lockDataFolder } from './data-folder-lock.ts'
import { type DatabaseTarget, deleteDatabase, ensureDatabase } from './databases.ts'
import { chooseListening, removeListening } from './listening-place.ts'
import { findPlatformBinaries, type PlatformBinaries, runnableBinaries } from './platform-binaries.ts'
import { openPostgresLog, type PostgresLog } from './postgres-log.ts'
import { clearLeftoverServer, readPostmaster } from './postmaster-file.ts'
import { launchServer, type ServerExit, type ServerPlace, type ServerProcess } from './server-process.ts'
import { type Listening, serverArguments } from './server-settings.ts'
import { chooseServerUser } from './server-user.ts'

/** An ordinary start takes 50 ms; recovery after a crash reads up to 512 MB of log. */
const startTimeoutMsDefault = 60_000
/** Processes of a server that was killed hard notice it and end within moments; until then a start fails. */
const survivorsWaitMs = 5_000
const survivorsRetryMs = 200
const readyPollMs = 5

export type EmbeddedPostgresOptions = {
  /** Holds `postgres/` (the database), `postgres.log`, `lock/`; made when missing. */
  dataDirectory: string
  /** The lock of the data folder, when the caller has taken it already; it stays the caller's to release. */
  lock?: DataFolderLock
  /** Told what takes time, in words for the user. */
  onProgress?: (message: string) => void
  /** Told what an operator may want to know later, one line each. */
  log?: (line: string) => void
  startTimeoutMs?: number
  /** PostgreSQL settings that differ from the defaults, in PostgreSQL's names and units. */
  settings?: Record<string, string>
}

export type EmbeddedPostgres = {
  readonly version: string
  readonly processId: number
  /** The folder of the socket; undefined on Windows, where the server listens on the loopback interface. */
  readonly socketDirectory: string | undefined
  /** Resolves when the server ends although `stop` was not called. */
  readonly exited: Promise<ServerExit>
  /** A database of this server, created when missing; as a copy of the database `template` when given. */
  database(name: string, options?: { template?: string }): Promise<DatabaseTarget>
  dropDatabase(name: string): Promise<void>
  /** Ends the server and gives the data folder free. Takes at most 8 s; may be called twice. */
  stop(): Promise<void>
}

type Place = ServerPlace & { dataDirectory: string }

/**
 * Starts PostgreSQL on a data folder, which it creates at the first start (about 1 s; later starts 0.1 s).
 * The server ends with this process, however this process ends. Throws faults, each with a hint:
 * `data-folder-in-use`, `data-folder-not-writable`, `data-folder-not-traversable`, `disk-full`,
 * `database-unsupported-platform`, `database-not-installed`, `database-not-runnable`,
 * `database-version-mismatch`, `database-folder-damaged`, `database-create-failed`, `database-leftover`,
 * `database-start-failed`, `database-start-timeout`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDirectory = resolve(options.dataDirectory)
  const installed = await findPlatformBinaries()
  const ownLock = options.lock === undefined ? await lockDataFolder(dataDirectory) : undefined
  try {
    return await inDataFolder(dataDirectory, async () => {
      const place = await preparePlace(dataDirectory, installed, options)
      return startServer(place, options, ownLock)
    })
  } catch (error) {
    await ownLock?.release()
    throw error
  }
}

/** 1 inspect, 2 choose who runs it and what, 3 create what is missing. Nothing runs yet. */
async function preparePlace(
  dataDirectory: string,
  installed: PlatformBinaries,
  options: EmbeddedPostgresOptions,
): Promise<Place> {
  const clusterDirectory = join(dataDirectory, 'postgres')
  const state = await inspectCluster(clusterDirectory, installed)
  const user = await chooseServerUser(dataDirectory, clusterDirectory)
  const binaries = await runnableBinaries(installed, user, dataDirectory)
  if (state === 'missing') {
    options.onProgress?.('Creating the database (first start only)')
    await createCluster(dataDirectory, clusterDirectory, binaries, user)
  } else {
    await prepareCluster(dataDirectory, clusterDirectory, user)
  }
  return { dataDirectory, clusterDirectory, binaries, user }
}

async function startServer(
  place: Place,
  options: EmbeddedPostgresOptions,
  ownLock: DataFolderLock | undefined,
): Promise<EmbeddedPostgres> {
  const password = await readPassword(place.clusterDirectory)
  const leftover = await clearLeftoverServer(place, options.log ?? (() => {}))
  const listening = await chooseListening(place.dataDirectory, place.user)
  options.onProgress?.(`Starting PostgreSQL ${place.binaries.major}`)
  const server = await launchUntilReady(place, listening, leftover, options)
  server.detach()
  return handleOf(place, listening, password, server, ownLock)
}

function handleOf(
  place: Place,
  listening: Listening,
  password: string,
  server: ServerProcess,
  ownLock: DataFolderLock | undefined,
): EmbeddedPostgres {
  const target = (database: string): DatabaseTarget => ({
    host: listening.kind === 'socket' ? listening.directory : listening.host,
    port: listening.port,
    user: databaseUser,
    password,
    database,
  })
  const maintenance = target('postgres')
  let stopped: Promise<void> | undefined
  const stop = async () => {
    await server.stop()
    await removeListening(listening)
    await ownLock?.release()
  }
  return {
    version: place.binaries.version,
    processId: server.processId,
    socketDirectory: listening.kind === 'socket' ? listening.directory : undefined,
    exited: new Promise((resolveExited) => {
      void server.exit.then((exit) => {
        if (stopped === undefined) resolveExited(exit)
      })
    }),
    async database(name, { template } = {}) {
      await ensureDatabase(maintenance, name, template)
      return target(name)
    },
    dropDatabase: (name) => deleteDatabase(maintenance, name),
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}

/** Throws `database-start-failed` or `database-start-timeout`, with the last lines of the server's log. */
async function launchUntilReady(
  place: Place,
  listening: Listening,
  leftover: boolean,
  options: EmbeddedPostgresOptions,
): Promise<ServerProcess> {
  const startTimeoutMs = options.startTimeoutMs ?? startTimeoutMsDefault
  const retryUntil = leftover ? Date.now() + Math.min(survivorsWaitMs, startTimeoutMs) : 0
  const deadline = Date.now() + startTimeoutMs
  const log = await openPostgresLog(place.dataDirectory)
  try {
    for (;;) {
      const server = launchServer({
        ...place,
        args: serverArguments(place.clusterDirectory, listening, options.settings),
        logFile: log.file.fd,
      })
      const outcome = await waitUntilReady(server, place.clusterDirectory, deadline)
      if (outcome === 'ready') return server
      await server.stop()
      if (outcome === 'late') throw await startTimeout(startTimeoutMs, log)
      if (Date.now() >= retryUntil) throw await startFailed(log)
      await delay(survivorsRetryMs)
    }
  } finally {
    await log.file.close()
  }
}

async function waitUntilReady(
  server: ServerProcess,
  clusterDirectory: string,
  deadline: number,
): Promise<'ready' | 'ended' | 'late'> {
  let ended = false
  void server.exit.then(() => {
    ended = true
  })
  while (Date.now() < deadline) {
    const postmaster = await readPostmaster(clusterDirectory)
    if (ended) return 'ended'
    if (postmaster?.processId === server.processId && postmaster.ready) return 'ready'
    await delay(readyPollMs)
  }
  return 'late'
}

async function startTimeout(startTimeoutMs: number, log: PostgresLog): Promise<Fault> {
  return new Fault(
    'database-start-timeout',
    `PostgreSQL was not ready after ${startTimeoutMs / 1000} s. Its last words:\n${await log.tail()}`,
    { retryable: true, hint: 'If it is still recovering after a crash, start again: it goes on from there.' },
  )
}

async function startFailed(log: PostgresLog): Promise<Fault> {
  return new Fault(
    'database-start-failed',
    `PostgreSQL did not start. Its last words:\n${await log.tail()}`,
    {
      retryable: true,
      hint: 'The last lines say why; the whole log is postgres.log in the data folder.',
    },
  )
}
