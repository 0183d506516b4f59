import { randomBytes } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../fault.ts'
import { giveToFolderOwner, inDataFolder, makeDataFolder, systemErrorCode } from './data-folder.ts'
import { processSpace, processStartedAt } from './process-identity.ts'

/** How often the holder shows that it lives to processes which cannot see it (another container). */
const heartbeatIntervalMs = 2_000
/** A holder in another container that was silent for this long is taken for dead. */
const heartbeatStaleMs = 10_000
const heartbeatPollMs = 200
/** Each failed attempt means that another process won a step; so many in a row is no accident. */
const attemptsMax = 50

export type DataFolderLock = { release(): Promise<void> }

type Holder = { processId: number; startedAt: string; space: string }

/**
 * Takes the data folder for this process, makes it when missing, and keeps it until `release`. The lock of a
 * process that died is taken over. Throws `data-folder-in-use`, `data-folder-not-writable`, `disk-full`.
 *
 * The lock is the file with the highest number in `<data>/lock`. Numbers only grow, and a file appears
 * complete (by a hard link) or not at all. Who creates the next number has the lock, unless a still higher
 * number is there: then he looked at an old list, and takes his file back. Nobody has to remove a dead
 * process's lock before taking it over, which is the step at which two processes could both win.
 */
export async function lockDataFolder(dataDirectory: string): Promise<DataFolderLock> {
  const folder = join(dataDirectory, 'lock')
  await makeDataFolder(dataDirectory)
  return inDataFolder(dataDirectory, async () => {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    await giveToFolderOwner(dataDirectory, folder)
    const self = await thisProcess()
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const numbers = await lockNumbers(folder)
      const last = Math.max(0, ...numbers)
      if (last > 0) await refuseWhenHeld(lockFile(folder, last), self)
      const number = last + 1
      if (!(await createWhole(lockFile(folder, number), JSON.stringify(self)))) continue
      if (Math.max(...(await lockNumbers(folder))) !== number) {
        await rm(lockFile(folder, number), { force: true })
        continue
      }
      for (const old of numbers) await rm(lockFile(folder, old), { force: true })
      return keepLock(lockFile(folder, number))
    }
    throw inUse()
  })
}

function keepLock(path: string): DataFolderLock {
  const heartbeat = setInterval(() => {
    const now = new Date()
    // A failed beat is not worth a crash: a holder that cannot be seen is checked by its process id first.
    utimes(path, now, now).catch(() => {})
  }, heartbeatIntervalMs)
  heartbeat.unref()
  let released: Promise<void> | undefined
  return {
    release() {
      clearInterval(heartbeat)
      released ??= markReleased(path)
      return released
    },
  }
}

/** The number stays taken; only its content says that nobody holds it any more. */
async function markReleased(path: string): Promise<void> {
  const draft = draftName(path)
  try {
    await writeFile(draft, '{}', { mode: 0o644 })
    await rename(draft, path)
  } catch (error) {
    // The whole data folder may have been deleted meanwhile; there is nothing left to release then.
    if (systemErrorCode(error) !== 'ENOENT') throw error
  }
}

async function refuseWhenHeld(path: string, self: Holder): Promise<void> {
  const holder = parseHolder(await readFile(path, 'utf8').catch(() => ''))
  if (holder === undefined) return
  const held =
    holder.space === self.space
      ? (await processStartedAt(holder.processId)) === holder.startedAt
      : await heartbeatSeen(path)
  if (held) throw inUse(holder)
}

/** Watches the lock of a process that cannot be seen from here: true when it beats, false when stale. */
async function heartbeatSeen(path: string): Promise<boolean> {
  const first = await lastBeatMs(path)
  // A beat in the future (the clock was set back) must not be waited for longer than any other.
  const staleAt = Math.min(first, Date.now()) + heartbeatStaleMs
  while (Date.now() < staleAt) {
    await new Promise((resolve) => setTimeout(resolve, heartbeatPollMs))
    const latest = await lastBeatMs(path)
    if (latest !== first) return latest !== 0
  }
  return false
}

async function lastBeatMs(path: string): Promise<number> {
  const beat = await stat(path).catch(() => undefined)
  return beat?.mtimeMs ?? 0
}

async function thisProcess(): Promise<Holder> {
  const startedAt = (await processStartedAt(process.pid)) ?? ''
  return { processId: process.pid, startedAt, space: await processSpace() }
}

/** A file that cannot be read as a holder was released, or was torn by a power loss: both mean free. */
function parseHolder(text: string): Holder | undefined {
  try {
    const { processId, startedAt, space } = JSON.parse(text)
    const complete = Number.isInteger(processId) && typeof startedAt === 'string' && typeof space === 'string'
    return complete ? { processId, startedAt, space } : undefined
  } catch {
    return undefined
  }
}

async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder)
  return names.flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []))
}

async function createWhole(path: string, content: string): Promise<boolean> {
  const draft = draftName(path)
  await writeFile(draft, content, { flag: 'wx', mode: 0o644 })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

function lockFile(folder: string, number: number): string {
  return join(folder, `${number}.json`)
}

function draftName(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}`
}

function inUse(holder?: Holder): Fault {
  const who = holder === undefined ? '' : ` (process ${holder.processId})`
  return new Fault('data-folder-in-use', `Matchday already runs on this data folder${who}.`, {
    hint: 'Stop it, or give another folder with MATCHDAY_DATA.',
  })
}
