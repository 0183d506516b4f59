import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'

/** A running Matchday. */
export type Matchday = AsyncDisposable & {
  readonly port: number
  readonly processId: number
  /** From the start of the process until `/readyz` said 200. */
  readonly readyMs: number
}

const readyTimeoutMs = 60_000
const readyPollMs = 2
const stopTimeoutMs = 15_000

/** Starts the built server (or `command`) on a free loopback port; all roles of it, unless `roles` names some. */
export async function startMatchday(options: {
  bundle: string
  dataFolder: string
  roles?: string
  /** Settings, by their names in the environment. */
  environment?: Readonly<Record<string, string>>
  command?: readonly string[]
  nodeFlags?: readonly string[]
  cwd?: string
}): Promise<Matchday> {
  const [program, ...words] = options.command ?? [
    process.execPath,
    ...(options.nodeFlags ?? []),
    options.bundle,
    'serve',
  ]
  const flags = ['--host', '127.0.0.1', '--port', '0', '--data', options.dataFolder, '--log-level', 'error']
  // Players come from many venues, and say so as a proxy would.
  if (options.roles === undefined || options.roles.includes('gateway')) flags.push('--trusted-proxies', '1')
  if (options.roles !== undefined) flags.push('--roles', options.roles)
  const begun = performance.now()
  const child = spawn(program!, [...words, ...flags], {
    env: { ...ownEnvironment(), ...options.environment },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = once(child, 'exit').then(() => {
    throw new Error(`Matchday ended before it was ready:\n${output}`)
  })
  ended.catch(() => {})
  const listening = new Promise<number>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const port = output.match(
        /(?:On this computer\s+|(?:gateway|probes) listens on )http:\/\/localhost:(\d+)/,
      )?.[1]
      if (port !== undefined) resolve(Number(port))
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
  })
  const port = await Promise.race([listening, ended, timeout(() => output)])
  await untilReady(port, begun)
  return {
    port,
    processId: child.pid ?? 0,
    readyMs: performance.now() - begun,
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit')
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      await exited
      clearTimeout(timer)
    },
  }
}

async function untilReady(port: number, begun: number): Promise<void> {
  while (performance.now() - begun < readyTimeoutMs) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
    await answer.arrayBuffer()
    if (answer.status === 200) return
    await delay(readyPollMs)
  }
  throw new Error('Matchday was not ready in time')
}

async function timeout(output: () => string): Promise<never> {
  await delay(readyTimeoutMs, undefined, { ref: false })
  throw new Error(`Matchday did not listen in time:\n${output()}`)
}

/** Whatever the user has set for his own Matchday is not measured. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MATCHDAY_')))
}
