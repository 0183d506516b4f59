import { spawn } from 'node:child_process'
import { chmod, chown, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { collectOutput } from './child-output.ts'
import { runsAsRoot, startHolder, temporaryFolder, userOf } from './fixtures/holder.ts'
import { userHasName } from './server-user.ts'
import { startEmbeddedPostgres } from './supervisor.ts'

/** "daemon" on Linux and macOS alike: an ordinary user who exists everywhere. */
const ordinaryUser = 1
/** Nobody's. */
const namelessUser = 23456

test('PostgreSQL never runs as root', async () => {
  await using folder = await temporaryFolder()
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder.path })
  await postgres.database('one')
  expect(await userOf(postgres.processId)).toBe(runsAsRoot ? 65534 : process.getuid?.())
  await postgres.stop()
})

test('it runs as the ordinary user who owns the data folder', async () => {
  await using folder = await temporaryFolder()
  const dataDirectory = join(folder.path, 'data')
  await mkdir(dataDirectory)
  if (runsAsRoot) await chown(dataDirectory, ordinaryUser, ordinaryUser)
  const owner = (await stat(dataDirectory)).uid
  const postgres = await startEmbeddedPostgres({ dataDirectory })
  expect(await userOf(postgres.processId)).toBe(owner)
  await postgres.stop()
  // Root leaves nothing behind that would keep the owner from starting by himself.
  if (runsAsRoot) {
    const holder = await startHolder(dataDirectory, { userId: ordinaryUser })
    expect(await userOf(holder.report.processId ?? 0)).toBe(ordinaryUser)
    await holder.end()
  }
})

test('a process without root starts on a folder of its own', async () => {
  await using folder = await temporaryFolder()
  const dataDirectory = join(folder.path, 'data')
  await mkdir(dataDirectory)
  if (runsAsRoot) await chown(dataDirectory, ordinaryUser, ordinaryUser)
  const holder = await startHolder(dataDirectory, runsAsRoot ? { userId: ordinaryUser } : {})
  expect(holder.report).toEqual({ processId: expect.any(Number) })
  expect(await userOf(holder.report.processId ?? 0)).toBe((await stat(dataDirectory)).uid)
  await holder.end()
})

test('a database that root made is refused to others with a way out', async () => {
  await using folder = await temporaryFolder()
  const dataDirectory = join(folder.path, 'data')
  await mkdir(join(dataDirectory, 'postgres'), { recursive: true })
  if (!runsAsRoot) {
    // Without root nobody can make a folder of another user; one that may not be written stands for it.
    await chmod(dataDirectory, 0o500)
    await expect(startEmbeddedPostgres({ dataDirectory })).rejects.toMatchObject({
      code: 'data-folder-not-writable',
    })
    await chmod(dataDirectory, 0o700)
    return
  }
  await chown(dataDirectory, ordinaryUser, ordinaryUser)
  const holder = await startHolder(dataDirectory, { userId: ordinaryUser })
  expect(holder.report).toEqual({
    code: 'data-folder-not-writable',
    hint: expect.stringContaining(`chown -R ${ordinaryUser}`),
  })
})

test('below a folder that only root may enter, it starts or says which folder to open', async () => {
  await using folder = await temporaryFolder(0o700)
  const dataDirectory = join(folder.path, 'data')
  const setpriv = await collectOutput(spawn('setpriv', ['--version']))
  if (!runsAsRoot || setpriv.text.includes('util-linux')) {
    const postgres = await startEmbeddedPostgres({ dataDirectory })
    expect(await postgres.database('one')).toMatchObject({ host: join(dataDirectory, 'postgres-socket') })
    expect(await userOf(postgres.processId)).not.toBe(0)
    await postgres.stop()
  }
  if (runsAsRoot) {
    // Take from root what it would pass on.
    const prefix = setpriv.text.includes('util-linux')
      ? ['setpriv', '--inh-caps=-all', '--bounding-set=-dac_read_search,-dac_override', '--']
      : []
    const other = join(folder.path, 'other')
    const holder = await startHolder(other, { prefix })
    expect(holder.report).toEqual({
      code: 'data-folder-not-traversable',
      hint: expect.stringContaining(`chmod o+x ${folder.path}`),
    })
  }
})

test('a user without a name, which initdb refuses, gets another one for it or a hint', async () => {
  await using folder = await temporaryFolder()
  const dataDirectory = join(folder.path, 'data')
  await mkdir(dataDirectory)
  if (!runsAsRoot) {
    expect(await userHasName(namelessUser)).toBe(false)
    expect(await userHasName(process.getuid?.() ?? 0)).toBe(true)
    return
  }
  await chown(dataDirectory, namelessUser, namelessUser)
  const holder = await startHolder(dataDirectory, { userId: namelessUser })
  expect(holder.report).toEqual({
    code: 'database-create-failed',
    hint: expect.stringContaining(`matchday:x:${namelessUser}:`),
  })
  const postgres = await startEmbeddedPostgres({ dataDirectory })
  expect(await userOf(postgres.processId)).toBe(65534)
  await postgres.stop()
})
