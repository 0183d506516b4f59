import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('../..', import.meta.url).pathname
const bundle = join(root, 'dist/matchday.mjs')
const readyTimeoutMs = 60_000
const stopTimeoutMs = 15_000
const commandTimeoutMs = 60_000

export type Matchday = {
  /** http://127.0.0.1:<port> */
  readonly url: string
  readonly dataDirectory: string
  readonly process: ChildProcess
  /** From the spawn to its saying that it is ready. */
  readonly readyMs: number
  /** What it printed so far. */
  output(): string
  /** SIGTERM, or the signal given; resolves to the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** SIGKILL. */
  kill(): Promise<void>
  readonly exited: Promise<number | null>
}

export type StartOptions = {
  dataDirectory: string
  flags?: readonly string[]
  env?: Readonly<Record<string, string>>
  /** Loopback, a free port and the data folder as flags; `false` leaves all of it to `flags` and `env`. */
  placed?: boolean
  command?: 'serve' | 'demo'
  /** Runs it as another user than root: only when the tests themselves run as root. */
  userId?: number
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'matchday-e2e-'))
}

export async function removeFolder(path: string): Promise<void> {
  await chmod(path, 0o700).catch(() => {})
  await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
}

/** The environment without settings of whoever runs the tests. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MATCHDAY_'))
  return { ...Object.fromEntries(inherited), ...extra }
}

/** An ordinary user's id that has no account: what a container runs as. */
export const unprivilegedUserId = 65_534
export const isRoot = process.getuid?.() === 0

function launch(
  flags: readonly string[],
  options: { env?: Readonly<Record<string, string>>; userId?: number },
): ChildProcess {
  if (!existsSync(bundle)) throw new Error('dist/matchday.mjs is missing: run ./script/build first')
  const { userId } = options
  const prefix =
    userId === undefined ? [] : ['setpriv', `--reuid=${userId}`, `--regid=${userId}`, '--clear-groups']
  const [program = '', ...words] = [...prefix, process.execPath, bundle, ...flags]
  const spawnOptions: SpawnOptions = {
    env: cleanEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  }
  return spawn(program, words, spawnOptions)
}

/** Starts the built server as a process of its own, on a free loopback port, and waits until it says that it is ready. */
export async function startMatchday(options: StartOptions): Promise<Matchday> {
  const place = ['--host', '127.0.0.1', '--port', '0', '--data', options.dataDirectory]
  const flags = [
    options.command ?? 'serve',
    ...(options.placed === false ? [] : place),
    ...(options.flags ?? []),
  ]
  const startedAt = performance.now()
  const child = launch(flags, options)
  let output = ''
  const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  const ready = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`not ready in time:\n${output}`))
    }, readyTimeoutMs)
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const port = output.match(/On this computer\s+http:\/\/[^\s:]+:(\d+)/)?.[1]
      if (!port) return
      clearTimeout(timer)
      resolve(`http://127.0.0.1:${port}`)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
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
    readyMs: performance.now() - startedAt,
    output: () => output,
    exited,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
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

export type Launched = {
  readonly process: ChildProcess
  output(): string
  /** Resolves when it has printed this; rejects when it ends before, or takes too long. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>
  /** SIGTERM, or the signal given; resolves to the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  readonly exited: Promise<number | null>
}

/** Starts a process that runs until it is told to stop, whatever it waits for. */
export function launchMatchday(
  words: readonly string[],
  options: { env?: Readonly<Record<string, string>> } = {},
): Launched {
  const child = launch(words, options)
  let output = ''
  const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  const listeners = new Set<() => void>()
  const read = (chunk: Buffer) => {
    output += chunk.toString()
    for (const listener of listeners) listener()
  }
  child.stdout?.on('data', read)
  child.stderr?.on('data', read)
  return {
    process: child,
    output: () => output,
    exited,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timer)
          listeners.delete(look)
          settle()
        }
        const look = () => {
          const found = output.match(pattern)
          if (found) end(() => resolve(found))
        }
        const fail = (why: string) => end(() => reject(new Error(`${why}, without ${pattern}:\n${output}`)))
        const timer = setTimeout(() => fail('too late'), readyTimeoutMs)
        listeners.add(look)
        void exited.then((code) => fail(`ended with ${code}`))
        look()
      }),
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      const code = await exited
      clearTimeout(timer)
      return code
    },
  }
}

export type Ended = { code: number | null; output: string; error: string; tookMs: number }

/** Runs a command line that is expected to end by itself. */
export async function runMatchday(
  words: readonly string[],
  options: { env?: Readonly<Record<string, string>>; userId?: number } = {},
): Promise<Ended> {
  const startedAt = performance.now()
  const child = launch(words, options)
  let output = ''
  let error = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    error += chunk.toString()
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), commandTimeoutMs)
  const code = await new Promise<number | null>((resolve) => child.on('close', (ended) => resolve(ended)))
  clearTimeout(timer)
  return { code, output, error, tookMs: performance.now() - startedAt }
}
