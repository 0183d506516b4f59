import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { giveToFolderOwner } from './data-folder.ts'

/** A start finds room for weeks of normal messages; one older file is kept beside it. */
const logBytesMax = 5 * 1024 * 1024
/** What an error shows of it. */
const tailBytesMax = 4_000
const tailLinesMax = 20

export type PostgresLog = {
  file: FileHandle
  /** What was written since it was opened: the last lines of it. */
  tail(): Promise<string>
}

/** Opens `<data>/postgres.log` to append to it, and first moves a large one to `postgres.log.1`. */
export async function openPostgresLog(dataDirectory: string): Promise<PostgresLog> {
  const path = join(dataDirectory, 'postgres.log')
  const old = await stat(path).catch(() => undefined)
  if (old !== undefined && old.size > logBytesMax) await rename(path, `${path}.1`)
  const file = await open(path, 'a', 0o600)
  await giveToFolderOwner(dataDirectory, path)
  const start = (await file.stat()).size
  return { file, tail: () => lastLines(path, start) }
}

async function lastLines(path: string, start: number): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const from = Math.max(start, size - tailBytesMax)
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(tailBytesMax), position: from })
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-tailLinesMax).join('\n')
  } finally {
    await file.close()
  }
}
