import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../fault.ts'
import { collectOutput } from './child-output.ts'
import { requireDiskSpace, syncFolder, writePrivateFile } from './data-folder.ts'
import type { PlatformBinaries } from './platform-binaries.ts'
import { type ServerUser, spawnAs, userHasName } from './server-user.ts'

/** The role that owns everything; there is no other. */
export const databaseUser = 'matchday'

const passwordFile = 'matchday-password'
/** 256 bits from the system's generator. */
const passwordBytes = 32
/** A new cluster is 39 MB; the rest is for the log of the first minutes. */
const newClusterFreeBytesMin = 150 * 1024 * 1024
/** Less than two segments of PostgreSQL's log (16 MB each), and it would stop at the first writes. */
const startFreeBytesMin = 32 * 1024 * 1024
/** initdb takes half a second; this is for a machine on its knees. */
const initdbTimeoutMs = 120_000

export type ClusterState = 'missing' | 'present'

/**
 * Looks at the cluster's folder without changing it. Throws `database-version-mismatch`,
 * `database-folder-damaged` and `data-folder-not-writable` (the cluster belongs to another user).
 */
export async function inspectCluster(
  clusterDirectory: string,
  binaries: PlatformBinaries,
): Promise<ClusterState> {
  const folder = await stat(clusterDirectory).catch(() => undefined)
  if (folder === undefined) return 'missing'
  refuseStrangersCluster(clusterDirectory, folder.uid)
  if ((await readdir(clusterDirectory)).length === 0) return 'missing'
  const major = (await readFile(join(clusterDirectory, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (major === '') throw damaged(clusterDirectory, 'PG_VERSION')
  if (major !== binaries.major) throw otherVersion(clusterDirectory, major, binaries)
  return 'present'
}

/**
 * Creates the cluster with its password. It appears complete, by a rename, or not at all: a crash leaves
 * only a draft, which the next start deletes. Throws `disk-full`, `database-create-failed`.
 */
export async function createCluster(
  dataDirectory: string,
  clusterDirectory: string,
  binaries: PlatformBinaries,
  user: ServerUser,
): Promise<void> {
  await deleteDrafts(dataDirectory)
  await requireName(user)
  await requireDiskSpace(dataDirectory, newClusterFreeBytesMin)
  const draft = join(dataDirectory, `${draftPrefix}${randomBytes(6).toString('hex')}`)
  try {
    await mkdir(draft, { mode: 0o700 })
    await giveTo(user, draft)
    await writePrivateFile(join(draft, passwordFile), randomBytes(passwordBytes).toString('base64url'))
    await giveTo(user, join(draft, passwordFile))
    await runInitdb(draft, binaries, user)
    await rename(join(draft, passwordFile), join(draft, 'cluster', passwordFile))
    await syncFolder(join(draft, 'cluster'))
    await rmdir(clusterDirectory).catch(() => {})
    await rename(join(draft, 'cluster'), clusterDirectory)
    await syncFolder(dataDirectory)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Makes an existing cluster usable for that user. Throws `disk-full`. */
export async function prepareCluster(
  dataDirectory: string,
  clusterDirectory: string,
  user: ServerUser,
): Promise<void> {
  await deleteDrafts(dataDirectory)
  await requireDiskSpace(dataDirectory, startFreeBytesMin)
  if (user.kind === 'same' || (await stat(clusterDirectory)).uid === user.uid) return
  // The folder was given to root as a whole, by a backup or a copy; PostgreSQL insists on owning it.
  for (const entry of await readdir(clusterDirectory, { recursive: true })) {
    await giveTo(user, join(clusterDirectory, entry))
  }
  await giveTo(user, clusterDirectory)
}

/** The password of `databaseUser`. Throws `database-folder-damaged`. */
export async function readPassword(clusterDirectory: string): Promise<string> {
  const password = await readFile(join(clusterDirectory, passwordFile), 'utf8').catch(() => '')
  if (password === '') throw damaged(clusterDirectory, passwordFile)
  return password
}

/** Gives a path to the user who runs the server. */
export async function giveTo(user: ServerUser, path: string): Promise<void> {
  if (user.kind !== 'same') await chown(path, user.uid, user.gid)
}

/** A container may run us under any number; initdb then fails with a text that does not say what to do. */
async function requireName(user: ServerUser): Promise<void> {
  const uid = user.kind === 'same' ? process.getuid?.() : user.uid
  if (uid === undefined || (await userHasName(uid))) return
  throw new Fault('database-create-failed', `PostgreSQL cannot be set up by user ${uid}, who has no name`, {
    hint:
      `Run Matchday as a user of this system, or add one to /etc/passwd: ` +
      `matchday:x:${uid}:${uid}::/:/sbin/nologin`,
  })
}

const draftPrefix = 'postgres.new-'

async function runInitdb(draft: string, binaries: PlatformBinaries, user: ServerUser): Promise<void> {
  const child = spawnAs(
    user,
    binaries.initdb,
    [
      `--pgdata=${join(draft, 'cluster')}`,
      `--username=${databaseUser}`,
      `--pwfile=${join(draft, passwordFile)}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order and the same upper and lower case on every machine, whatever its language.
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--lc-messages=C',
    ],
    { timeout: initdbTimeoutMs },
  )
  const { exitCode, text } = await collectOutput(child)
  if (exitCode === 0) return
  throw new Fault('database-create-failed', `PostgreSQL could not create its folder:\n${text.trim()}`, {
    retryable: true,
    hint: 'The last line says why. Use MATCHDAY_DATABASE_URL to use a server of your own.',
  })
}

async function deleteDrafts(dataDirectory: string): Promise<void> {
  for (const name of await readdir(dataDirectory)) {
    if (!name.startsWith(draftPrefix)) continue
    // An initdb whose Matchday was killed may still be writing; then the next start deletes what it leaves.
    await rm(join(dataDirectory, name), { recursive: true, force: true }).catch(() => {})
  }
}

function refuseStrangersCluster(clusterDirectory: string, ownerId: number): void {
  const self = process.getuid?.()
  if (self === undefined || self === 0 || self === ownerId) return
  throw new Fault(
    'data-folder-not-writable',
    `The database folder ${clusterDirectory} belongs to another user (id ${ownerId})`,
    {
      hint:
        `Matchday ran here as root or as that user before. Run it so again, or as root: ` +
        `chown -R ${self} ${clusterDirectory}`,
    },
  )
}

function otherVersion(clusterDirectory: string, major: string, binaries: PlatformBinaries): Fault {
  return new Fault(
    'database-version-mismatch',
    `The database in ${clusterDirectory} was made by PostgreSQL ${major}, but this Matchday brings ` +
      `PostgreSQL ${binaries.major}. Nothing was changed`,
    {
      hint:
        `Start the Matchday that brought PostgreSQL ${major}, move the data over by dump and restore, ` +
        'or give another folder with MATCHDAY_DATA.',
    },
  )
}

function damaged(clusterDirectory: string, file: string): Fault {
  return new Fault(
    'database-folder-damaged',
    `${clusterDirectory} is not a complete PostgreSQL folder: ${file} is missing. Nothing was changed`,
    { hint: 'Restore it from a backup, or give another folder with MATCHDAY_DATA.' },
  )
}
