import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('../..', import.meta.url).pathname
const bundle = join(root, 'dist/matchday.mjs')
const readyTimeoutMs = 30_000
const stopTimeoutMs = 15_000

export type Matchday = {
  /** http://127.0.0.1:<port> */
  readonly url: string
  readonly dataDirectory: string
  readonly process: ChildProcess
  /** What it printed so far. */
  output(): string
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL. */
  kill(): Promise<void>
  readonly exited: Promise<number | null>
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'matchday-e2e-'))
}

export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
}

/** The environment without settings of whoever runs the tests. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MATCHDAY_'))
  return { ...Object.fromEntries(inherited), ...extra }
}

/** Starts the built server as a process of its own, on a free loopback port, and waits until it says that it is ready. */
export async function startMatchday(options: {
  dataDirectory: string
  flags?: readonly string[]
  env?: Readonly<Record<string, string>>
}): Promise<Matchday> {
  if (!existsSync(bundle)) throw new Error('dist/matchday.mjs is missing: run ./script/build first')
  const flags = [
    'serve',
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--data',
    options.dataDirectory,
    ...(options.flags ?? []),
  ]
  const child = spawn(process.execPath, [bundle, ...flags], {
    env: cleanEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  const ready = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in time:\n${output}`)), readyTimeoutMs)
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const port = output.match(/On this computer\s+http:\/\/localhost:(\d+)/)?.[1]
      if (!port) return
      clearTimeout(timer)
      resolve(`http://127.0.0.1:${port}`)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exited.then((code) => {
      clearTimeout(timer)
      reject(new Error(`ended with ${code}:\n${output}`))
    })
  })
  const url = await ready

  return {
    url,
    dataDirectory: options.dataDirectory,
    process: child,
    output: () => output,
    exited,
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      const code = await exited
      clearTimeout(timer)
      return code
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
