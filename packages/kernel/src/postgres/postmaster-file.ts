import { readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../fault.ts'
import { processCommand, processDirectory, processStartedAt } from './process-identity.ts'
import { type ServerPlace, stopWithControl } from './server-process.ts'

/** The server's watchdog ends an orphan by itself; only one that has lost it too needs us. */
const patienceMs = 1_500
/** A fast shutdown writes a checkpoint. */
const fastShutdownMs = 5_000
/** An immediate shutdown writes nothing. */
const immediateShutdownMs = 3_000
const pollIntervalMs = 20

/** What a running server says about itself in `postmaster.pid`: its process, and whether it takes clients. */
export async function readPostmaster(
  clusterDirectory: string,
): Promise<{ processId: number; ready: boolean } | undefined> {
  const text = await readFile(postmasterFile(clusterDirectory), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const processId = Number.parseInt(lines[0] ?? '', 10)
  return processId > 0 ? { processId, ready: lines[7]?.trim() === 'ready' } : undefined
}

/**
 * Ends a server that an earlier Matchday left on this folder, and makes sure that what it left in
 * `postmaster.pid` does not block the next one. Only a process that is proven to be a PostgreSQL server on
 * this folder is ever signalled. Returns whether there was a leftover of any kind.
 * Throws `database-leftover` when it does not end.
 */
export async function clearLeftoverServer(place: ServerPlace, log: (line: string) => void): Promise<boolean> {
  const { clusterDirectory } = place
  const left = await readPostmaster(clusterDirectory)
  if (left === undefined) return false
  // Nothing but PostgreSQL listens to what pg_ctl sends on Windows.
  if (process.platform === 'win32') await stopWithControl(place, 'fast')
  const startedAt = await processStartedAt(left.processId)
  if (startedAt !== undefined && (await servesFolder(left.processId, clusterDirectory))) {
    log(`waiting for the PostgreSQL of an earlier run to end (process ${left.processId})`)
    await endLeftover(left.processId, startedAt, clusterDirectory, log)
  } else if (startedAt !== undefined) {
    log(`process ${left.processId} in postmaster.pid is not PostgreSQL on this folder: left alone`)
  }
  await disownPostmasterFile(clusterDirectory)
  return true
}

async function endLeftover(
  processId: number,
  startedAt: string,
  clusterDirectory: string,
  log: (line: string) => void,
): Promise<void> {
  if (await ends(processId, startedAt, patienceMs)) return
  const steps = [
    { signal: 'SIGINT', waitMs: fastShutdownMs },
    { signal: 'SIGQUIT', waitMs: immediateShutdownMs },
  ] as const
  for (const { signal, waitMs } of steps) {
    // Looked at again right before: the process may have ended, and its id may be another's by now.
    if (!(await servesFolder(processId, clusterDirectory))) return
    log(`sending ${signal} to the PostgreSQL of an earlier run (process ${processId})`)
    process.kill(processId, signal)
    if (await ends(processId, startedAt, waitMs)) return
  }
  throw new Fault(
    'database-leftover',
    `The PostgreSQL of an earlier run (process ${processId}) holds ${clusterDirectory} and does not end`,
    { retryable: true, hint: `End it with: kill -QUIT ${processId}` },
  )
}

async function ends(processId: number, startedAt: string, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while ((await processStartedAt(processId)) === startedAt) {
    if (Date.now() >= deadline) return false
    await delay(pollIntervalMs)
  }
  return true
}

/** A PostgreSQL server works inside its folder and was started with it as an argument; either is proof. */
async function servesFolder(processId: number, clusterDirectory: string): Promise<boolean> {
  const command = await processCommand(processId)
  if (!/postgres/.test(command)) return false
  const folder = await realpath(clusterDirectory)
  if ((await processDirectory(processId)) === folder) return true
  return command.includes(` -D ${clusterDirectory} `) || command.includes(` -D ${folder} `)
}

/**
 * A process id that now belongs to some other program would make PostgreSQL refuse to start, and one that
 * the new server happens to get (usual in containers) would make an old "ready" look like the new server's.
 * The file must not simply be deleted: it also names the shared memory by which PostgreSQL notices that
 * processes of the dead server still live. PostgreSQL takes the id of its own parent, which is us, for stale.
 */
async function disownPostmasterFile(clusterDirectory: string): Promise<void> {
  const path = postmasterFile(clusterDirectory)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const [, ...rest] = text.split('\n')
  await writeFile(path, [String(process.pid), ...rest].join('\n'))
}

function postmasterFile(clusterDirectory: string): string {
  return join(clusterDirectory, 'postmaster.pid')
}
