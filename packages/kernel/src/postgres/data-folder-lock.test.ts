import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type DataFolderLock, lockDataFolder } from './data-folder-lock.ts'
import { temporaryFolder } from './fixtures/holder.ts'
import { processSpace, processStartedAt } from './process-identity.ts'

async function leaveLock(dataDirectory: string, holder: object): Promise<string> {
  await mkdir(join(dataDirectory, 'lock'), { recursive: true })
  const path = join(dataDirectory, 'lock', '7.json')
  await writeFile(path, JSON.stringify(holder))
  return path
}

const deadProcess = { processId: 2 ** 22 + 1, startedAt: 'long ago' }

test('a locked folder is refused with the process that holds it, and is free after the release', async () => {
  await using folder = await temporaryFolder()
  const lock = await lockDataFolder(folder.path)
  await expect(lockDataFolder(folder.path)).rejects.toMatchObject({
    code: 'data-folder-in-use',
    message: `Matchday already runs on this data folder (process ${process.pid}).`,
    hint: 'Stop it, or give another folder with MATCHDAY_DATA.',
  })
  await lock.release()
  await lock.release()
  await (await lockDataFolder(folder.path)).release()
})

test('the lock of a dead process is taken over', async () => {
  await using folder = await temporaryFolder()
  await leaveLock(folder.path, { ...deadProcess, space: await processSpace() })
  const lock = await lockDataFolder(folder.path)
  expect(await readdir(join(folder.path, 'lock'))).toEqual(['8.json'])
  await lock.release()
})

test('a process that got the id of a dead holder is not taken for the holder', async () => {
  await using folder = await temporaryFolder()
  const space = await processSpace()
  await leaveLock(folder.path, { processId: process.pid, startedAt: 'long ago', space })
  await (await lockDataFolder(folder.path)).release()
  // The same file with this process's true start is a living holder's.
  const startedAt = await processStartedAt(process.pid)
  await rm(join(folder.path, 'lock'), { recursive: true })
  await leaveLock(folder.path, { processId: process.pid, startedAt, space })
  await expect(lockDataFolder(folder.path)).rejects.toMatchObject({ code: 'data-folder-in-use' })
})

test('a lock that a power loss tore is free', async () => {
  await using folder = await temporaryFolder()
  await writeFile(await leaveLock(folder.path, {}), '')
  await (await lockDataFolder(folder.path)).release()
})

test('a holder in another container is judged by its heartbeat', async () => {
  await using folder = await temporaryFolder()
  const path = await leaveLock(folder.path, { ...deadProcess, space: 'another container' })
  const beat = setInterval(() => void utimes(path, new Date(), new Date()), 100)
  await expect(lockDataFolder(folder.path)).rejects.toMatchObject({ code: 'data-folder-in-use' })
  clearInterval(beat)
  const longAgo = new Date(Date.now() - 60_000)
  await utimes(path, longAgo, longAgo)
  await (await lockDataFolder(folder.path)).release()
})

test('a folder that cannot be made is a fault with a hint', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'file')
  await writeFile(path, '')
  await expect(lockDataFolder(join(path, 'data'))).rejects.toMatchObject({
    code: 'data-folder-not-writable',
    hint: expect.stringContaining('MATCHDAY_DATA'),
  })
})

test('of many that find a dead lock at the same time, exactly one takes it over', async () => {
  for (let round = 0; round < 20; round++) expect(await winnersOf(lockDataFolder)).toBe(1)
})

test('the race above catches a lock that is removed before it is taken', async () => {
  let winnersMax = 0
  for (let round = 0; round < 20; round++) winnersMax = Math.max(winnersMax, await winnersOf(plantedLock))
  expect(winnersMax).toBeGreaterThan(1)
})

async function winnersOf(take: (folder: string) => Promise<DataFolderLock>): Promise<number> {
  await using folder = await temporaryFolder()
  await leaveLock(folder.path, { ...deadProcess, space: await processSpace() })
  const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => take(folder.path)))
  const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  await Promise.all(winners.map((lock) => lock.release()))
  return winners.length
}

/** The usual wrong way: look, remove the dead one, create. The second remover removes a living lock. */
async function plantedLock(folder: string): Promise<DataFolderLock> {
  const path = join(folder, 'lock', '7.json')
  const { processId } = JSON.parse(await readFile(path, 'utf8'))
  if (processId === process.pid) throw new Error('held')
  await delay(Math.random() * 20)
  await rm(path, { force: true })
  await writeFile(path, JSON.stringify({ processId: process.pid }), { flag: 'wx' })
  return { release: async () => {} }
}
