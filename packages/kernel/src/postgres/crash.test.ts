import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { startHolder, temporaryFolder, waitUntilGone, watchdogsOf } from './fixtures/holder.ts'
import { processStartedAt } from './process-identity.ts'
import { startEmbeddedPostgres } from './supervisor.ts'

async function serves(dataDirectory: string): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDirectory })
  const client = new Client(await postgres.database('one'))
  await client.connect()
  await client.query('select 1')
  await client.end()
  await postgres.stop()
}

test('when Matchday is killed, PostgreSQL ends by itself and the next start works', async () => {
  await using folder = await temporaryFolder()
  const holder = await startHolder(folder.path)
  const server = holder.report.processId ?? 0
  expect(await watchdogsOf(folder.path)).toHaveLength(1)
  await holder.kill()
  expect(await waitUntilGone(server, 5_000)).toBeLessThan(5_000)
  await expect.poll(() => watchdogsOf(folder.path), { timeout: 10_000 }).toEqual([])
  await serves(folder.path)
})

test('a start right after the kill waits for the old server', async () => {
  await using folder = await temporaryFolder()
  const holder = await startHolder(folder.path)
  await holder.kill()
  await serves(folder.path)
})

test('an orphan that lost its watchdog too is ended by the next start', async () => {
  await using folder = await temporaryFolder()
  const holder = await startHolder(folder.path)
  const server = holder.report.processId ?? 0
  for (const watchdog of await watchdogsOf(folder.path)) process.kill(watchdog, 'SIGKILL')
  await holder.kill()
  expect(await processStartedAt(server)).toBeDefined()
  const lines: string[] = []
  const next = await startEmbeddedPostgres({ dataDirectory: folder.path, log: (line) => lines.push(line) })
  expect(await processStartedAt(server)).toBeUndefined()
  expect(lines).toContain(`sending SIGINT to the PostgreSQL of an earlier run (process ${server})`)
  await next.stop()
})

test('when PostgreSQL is killed, that is told, and the next start recovers', async () => {
  await using folder = await temporaryFolder()
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder.path })
  const client = new Client(await postgres.database('one'))
  client.on('error', () => {})
  await client.connect()
  await client.query('create table kept as select 1 as one')
  process.kill(postgres.processId, 'SIGKILL')
  expect(await postgres.exited).toEqual({ code: undefined, signal: 'SIGKILL' })
  await postgres.stop()
  const next = await startEmbeddedPostgres({ dataDirectory: folder.path })
  const again = new Client(await next.database('one'))
  await again.connect()
  expect((await again.query('select one from kept')).rows).toEqual([{ one: 1 }])
  await again.end()
  await next.stop()
})

test('stop ends quietly: a server that was stopped is not reported as dead', async () => {
  await using folder = await temporaryFolder()
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder.path })
  let reported = false
  void postgres.exited.then(() => {
    reported = true
  })
  await Promise.all([postgres.stop(), postgres.stop()])
  expect(await processStartedAt(postgres.processId)).toBeUndefined()
  expect(reported).toBe(false)
  await expect.poll(() => watchdogsOf(folder.path), { timeout: 10_000 }).toEqual([])
})

test('a pid file that names another living process blocks nothing and harms nobody', async () => {
  await using folder = await temporaryFolder()
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder.path })
  const pidFile = join(folder.path, 'postgres', 'postmaster.pid')
  const content = await readFile(pidFile, 'utf8')
  await postgres.stop()
  const stranger = spawn('sleep', ['60'])
  const end = once(stranger, 'exit')
  await writeFile(pidFile, content.replace(/^\d+/, String(stranger.pid)))
  const lines: string[] = []
  const next = await startEmbeddedPostgres({ dataDirectory: folder.path, log: (line) => lines.push(line) })
  await next.stop()
  expect(lines.join('\n')).toContain(`process ${stranger.pid} in postmaster.pid is not PostgreSQL`)
  expect(stranger.exitCode).toBeNull()
  stranger.kill()
  await end
})

test('a pid file of a dead process blocks nothing', async () => {
  await using folder = await temporaryFolder()
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder.path })
  const pidFile = join(folder.path, 'postgres', 'postmaster.pid')
  const content = await readFile(pidFile, 'utf8')
  await postgres.stop()
  await writeFile(pidFile, content.replace(/^\d+/, String(2 ** 22 + 1)))
  await serves(folder.path)
})
