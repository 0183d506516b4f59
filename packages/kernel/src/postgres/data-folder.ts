import { randomBytes } from 'node:crypto'
import { chown, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault } from '../fault.ts'

/** Makes the data folder when it is missing. Throws `data-folder-not-writable` or `disk-full`. */
export async function makeDataFolder(dataDirectory: string): Promise<void> {
  // Root runs PostgreSQL as another user, who must be able to pass through, but not to list.
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700
  await inDataFolder(dataDirectory, () => mkdir(dataDirectory, { recursive: true, mode }))
}

/** Runs a piece of work on the data folder and gives what its file system refuses a code and a hint. */
export async function inDataFolder<T>(dataDirectory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(dataDirectory, error)
    if (code !== undefined && notWritableCodes.has(code)) throw notWritable(dataDirectory, error)
    throw error
  }
}

/** Throws `disk-full` when the disk of the data folder has less room than this. */
export async function requireDiskSpace(dataDirectory: string, freeBytesMin: number): Promise<void> {
  const disk = await statfs(dataDirectory)
  if (disk.bavail * disk.bsize < freeBytesMin) throw diskFull(dataDirectory)
}

/**
 * Root that works in somebody else's data folder leaves its files to that user, so that the next start
 * without root can still use them.
 */
export async function giveToFolderOwner(dataDirectory: string, path: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const owner = await stat(dataDirectory)
  if (owner.uid !== 0) await chown(path, owner.uid, owner.gid)
}

/** Writes a file that only its owner may read, whole or not at all, and on the disk when this returns. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes renames and new names in a folder survive a power loss. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; NTFS journals names by itself.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The code of an error that came from the operating system (`ENOENT`…), else undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

const notWritableCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'])

function notWritable(dataDirectory: string, cause: unknown): Fault {
  return new Fault('data-folder-not-writable', `Cannot write in the data folder ${dataDirectory}`, {
    hint: 'Make it belong to the user who runs Matchday, or give another folder with MATCHDAY_DATA.',
    cause,
  })
}

function diskFull(dataDirectory: string, cause?: unknown): Fault {
  return new Fault('disk-full', `The disk of the data folder ${dataDirectory} is full`, {
    retryable: true,
    hint: 'Free some space, or give a folder on another disk with MATCHDAY_DATA.',
    cause,
  })
}
