import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { giveTo } from './cluster-files.ts'
import type { Listening } from './server-settings.ts'
import type { ServerUser } from './server-user.ts'

/** The name of a socket file ends in it; it is no port of the network. */
const socketPort = 5432
/** The kernel keeps a socket's path in 108 bytes on Linux and 104 on macOS, with a zero at the end. */
const socketPathBytesMax = process.platform === 'linux' ? 107 : 103

/**
 * Chooses where the server of this data folder listens, and makes the socket's folder, private to the user
 * who runs the server: inside the data folder, or below the system's temporary folder when that path is too
 * long for a socket. What an earlier server left there is removed, so call it when no server runs any more.
 */
export async function chooseListening(dataDirectory: string, user: ServerUser): Promise<Listening> {
  if (process.platform === 'win32') {
    return { kind: 'loopback', host: '127.0.0.1', port: await freeLoopbackPort() }
  }
  const inside = join(dataDirectory, 'postgres-socket')
  const directory = fits(inside) ? inside : await temporaryFolder(dataDirectory, user)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  await giveTo(user, directory)
  for (const name of await readdir(directory)) {
    // A socket's lock file names a process id, which another process may have got meanwhile.
    if (name.startsWith('.s.PGSQL.')) await rm(join(directory, name), { force: true })
  }
  return { kind: 'socket', directory, port: socketPort }
}

/** Removes the socket's folder of a server that has stopped. */
export async function removeListening(listening: Listening): Promise<void> {
  if (listening.kind === 'socket') await rm(listening.directory, { recursive: true, force: true })
}

function fits(directory: string): boolean {
  return Buffer.byteLength(join(directory, `.s.PGSQL.${socketPort}`)) <= socketPathBytesMax
}

/** The same folder at each start, so that crashes do not fill the disk, unless a stranger made it first. */
async function temporaryFolder(dataDirectory: string, user: ServerUser): Promise<string> {
  const name = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16)
  const directory = join(tmpdir(), `matchday-${name}`)
  const existing = await lstat(directory).catch(() => undefined)
  const owner = user.kind === 'same' ? process.getuid?.() : user.uid
  if (existing === undefined || (existing.isDirectory() && existing.uid === owner)) return directory
  return mkdtemp(join(tmpdir(), 'matchday-'))
}

function freeLoopbackPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
