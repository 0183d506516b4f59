import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault } from '../fault.ts'
import { collectOutput } from './child-output.ts'

/**
 * Who runs PostgreSQL, which refuses to run as root: the user who runs Matchday, or, when that is root,
 * somebody else. When a parent of the data folder is closed to everybody but root (a clone in /root), that
 * user gets one capability, to pass through folders; it is the only privilege that the server then has.
 */
export type ServerUser =
  | { kind: 'same' }
  | { kind: 'other'; uid: number; gid: number }
  | { kind: 'other-with-capability'; uid: number; gid: number; capability: FolderCapability }

type FolderCapability = (typeof folderCapabilities)[number]['name']

/** The weaker one first. Containers often have only the second. Numbers are those of capability(7). */
const folderCapabilities = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
] as const

/** "nobody" on Linux; any unprivileged id will do, since nothing but its own files depends on it. */
const nobody = 65534

/** A shell that changes directory takes milliseconds. */
const probeTimeoutMs = 5_000

/**
 * Chooses who runs PostgreSQL on this data folder and proves that this user reaches it.
 * Throws `data-folder-not-traversable`.
 */
export async function chooseServerUser(dataDirectory: string, clusterDirectory: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return { kind: 'same' }
  const owner = await unprivilegedOwner(clusterDirectory, dataDirectory)
  const candidates: ServerUser[] = [
    { kind: 'other', ...owner },
    ...(await ownedCapabilities()).map(
      (capability): ServerUser => ({ kind: 'other-with-capability', ...owner, capability }),
    ),
  ]
  for (const user of candidates) if (await reaches(user, dataDirectory)) return user
  throw await notTraversable(dataDirectory, owner)
}

/**
 * Starts a program as that user, in the root folder (which everybody may enter) and with no environment but
 * a search path: PostgreSQL reads settings from variables, and ours may hold secrets.
 */
export function spawnAs(
  user: ServerUser,
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'stdio' | 'detached' | 'timeout'> = {},
): ChildProcess {
  // Windows programs need variables such as SystemRoot.
  if (process.platform === 'win32') return spawn(command, args, { ...options, windowsHide: true })
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' }
  const everywhere = { ...options, cwd: '/', env }
  switch (user.kind) {
    case 'same':
      return spawn(command, args, everywhere)
    case 'other':
      return spawn(command, args, { ...everywhere, uid: user.uid, gid: user.gid })
    case 'other-with-capability':
      return spawn('setpriv', [...privileges(user), command, ...args], everywhere)
    default:
      return user satisfies never
  }
}

function privileges(user: { uid: number; gid: number; capability: FolderCapability }): string[] {
  const only = `-all,+${user.capability}`
  return [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    `--inh-caps=${only}`,
    `--ambient-caps=${only}`,
    // PostgreSQL asks access(2), which forgets the capabilities of who is not root, unless told not to.
    '--securebits=+no_setuid_fixup',
    '--',
    // setpriv itself may not yet pass the folders when it starts the program; the shell that it starts may.
    '/bin/sh',
    '-c',
    'exec "$0" "$@"',
  ]
}

/** Whether the system knows a user by name; initdb refuses to run for one who is only a number. */
export async function userHasName(uid: number): Promise<boolean> {
  const id = spawnAs({ kind: 'same' }, 'id', ['-un', String(uid)], { timeout: probeTimeoutMs })
  return (await collectOutput(id)).exitCode === 0
}

/** The owner of the cluster, or of the data folder, unless that is root, or a number that initdb refuses. */
async function unprivilegedOwner(
  clusterDirectory: string,
  dataDirectory: string,
): Promise<{ uid: number; gid: number }> {
  const cluster = await stat(clusterDirectory).catch(() => undefined)
  if (cluster !== undefined && cluster.uid !== 0) return { uid: cluster.uid, gid: cluster.gid }
  const folder = await stat(dataDirectory)
  const usable = folder.uid !== 0 && (await userHasName(folder.uid))
  return usable ? { uid: folder.uid, gid: folder.gid } : { uid: nobody, gid: nobody }
}

/** The capabilities that this process has and could pass on with util-linux's setpriv (busybox's cannot). */
async function ownedCapabilities(): Promise<FolderCapability[]> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const permitted = BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`)
  const version = await collectOutput(
    spawnAs({ kind: 'same' }, 'setpriv', ['--version'], { timeout: probeTimeoutMs }),
  )
  if (!version.text.includes('util-linux')) return []
  return folderCapabilities.filter(({ bit }) => (permitted >> bit) & 1n).map(({ name }) => name)
}

async function reaches(user: ServerUser, folder: string): Promise<boolean> {
  const shell = spawnAs(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { timeout: probeTimeoutMs })
  return (await collectOutput(shell)).exitCode === 0
}

async function notTraversable(dataDirectory: string, owner: { uid: number; gid: number }): Promise<Fault> {
  const closed = await firstClosedFolder(await realpath(dataDirectory), owner)
  return new Fault(
    'data-folder-not-traversable',
    `PostgreSQL does not run as root, and user ${owner.uid} instead cannot reach the data folder: ` +
      `${closed} is closed to that user`,
    {
      hint:
        'Run Matchday as an ordinary user, or give a folder open to others with MATCHDAY_DATA ' +
        `(/var/lib/matchday), or open this one with: chmod o+x ${closed}`,
    },
  )
}

/** The outermost folder on the way that this user may not pass, by its permission bits. */
async function firstClosedFolder(path: string, owner: { uid: number; gid: number }): Promise<string> {
  const parent = dirname(path)
  if (parent !== path) {
    const outer = await firstClosedFolder(parent, owner)
    if (outer !== parent || !(await passable(parent, owner))) return outer
  }
  return path
}

async function passable(folder: string, owner: { uid: number; gid: number }): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder)
  if (uid === owner.uid) return (mode & 0o100) !== 0
  return gid === owner.gid ? (mode & 0o010) !== 0 : (mode & 0o001) !== 0
}
