import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const peers = fileURLToPath(new URL('../peers', import.meta.url))
const installTimeoutMs = 180_000
const readyTimeoutMs = 30_000
const answerTimeoutMs = 60_000
const stopTimeoutMs = 5_000

export type Peer = { readonly folder: string; readonly version: string }

/**
 * What Matchday is measured against, installed now from its own lock file if it isn't there yet; a sentence when it
 * can't be had. `main`: the package whose version is told.
 */
export async function installPeer(name: string, main: string): Promise<Peer | { missing: string }> {
  const folder = `${peers}/${name}`
  const description = `${folder}/node_modules/${main}/package.json`
  if (!existsSync(description)) {
    try {
      const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
      await promisify(execFile)('npm', flags, { cwd: folder, timeout: installTimeoutMs })
    } catch (error) {
      return { missing: `${main} could not be installed: ${error instanceof Error ? error.message : error}` }
    }
  }
  const { version }: { version: string } = JSON.parse(await readFile(description, 'utf8'))
  return { folder, version }
}

export type PeerProcess = AsyncDisposable & {
  readonly processId: number
  readonly port: number
  /** One message, and the one that answers it. */
  ask<Answer>(question: object): Promise<Answer>
}

/**
 * Starts a program of a peer's folder, told `settings` as JSON. It says `{ port }`, or `{}` without one, when it is
 * ready, and ends when it is let go.
 */
export async function startPeer(folder: string, file: string, settings: object): Promise<PeerProcess> {
  const child = fork(`${folder}/${file}`, [JSON.stringify(settings)], {
    cwd: folder,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.disconnect()
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await exited
    clearTimeout(timer)
  }
  const over = AbortSignal.timeout(readyTimeoutMs)
  const ended = once(child, 'exit', { signal: over }).then(() => {
    throw new Error(`${file} of ${folder} ended before it was ready`)
  })
  ended.catch(() => {})
  try {
    const [message]: [{ port?: number }] = await Promise.race([
      once(child, 'message', { signal: over }) as Promise<[{ port?: number }]>,
      ended,
    ])
    return {
      processId: child.pid ?? 0,
      port: message.port ?? 0,
      async ask(question) {
        const answered = once(child, 'message', { signal: AbortSignal.timeout(answerTimeoutMs) })
        child.send(question)
        return (await answered)[0]
      },
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
