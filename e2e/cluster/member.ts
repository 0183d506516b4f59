import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceRole } from '@matchday/contracts'
import { pauseProcess } from '@matchday/testkit'
import { cleanEnvironment } from '../support/matchday.ts'
import type { Guardian } from './guardian.ts'

export const serviceRoleNames = ['tournaments', 'organizations', 'identity'] as const satisfies ServiceRole[]
/** In the order in which they are restarted: first who takes requests in. */
export const memberRoles = ['gateway', ...serviceRoleNames] as const
export type MemberRole = (typeof memberRoles)[number]

/** One process of Matchday. */
export type Member = {
  readonly name: string
  readonly role: MemberRole
  /** HTTP of a gateway; probes and metrics of a service. */
  readonly port: number
  readonly metricsPort: number
  /** 0 while it does not run. */
  readonly processId: number
  /** SIGKILL. */
  kill(): void
  /** Resolves when it stands still. */
  pause(): Promise<void>
  resume(): void
  /** SIGTERM; resolves to the exit code when it has finished what it does (128 and more: a signal ended it). */
  stop(): Promise<number>
  /** Starts it again at the same place; resolves when it is ready. */
  start(): Promise<void>
  /** The same without waiting for others; rejects when the port is taken. */
  launch(): Promise<void>
  /** Everything that it has printed, from its first start on. */
  log(): string
}

export type Readiness = {
  readonly ready: boolean
  readonly parts: readonly { readonly name: string; readonly state: string; readonly detail?: string }[]
}

/** On a machine that does ten other things at once, a start may take this long. */
const readyMs = 90_000
/** Drain delay and all; whoever needs longer hangs. */
const stopMs = 45_000
const pollMs = 50
const probeMs = 2_000

/** What a process says of itself; null while nobody answers. */
export async function readinessOf(port: number): Promise<Readiness | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(probeMs) })
    // Our own process: the shape is that of its own tests.
    return (await response.json()) as Readiness
  } catch {
    return null
  }
}

export type MemberOptions = {
  readonly name: string
  readonly role: MemberRole
  readonly port: number
  readonly metricsPort: number
  readonly bundle: string
  readonly folder: string
  readonly logFile: string
  readonly environment: Readonly<Record<string, string>>
  readonly guardian: Guardian
}

export function createMember(options: MemberOptions): Member {
  return new ChildMember(options)
}

class ChildMember implements Member {
  readonly name: string
  readonly role: MemberRole
  readonly port: number
  readonly metricsPort: number
  readonly #options: MemberOptions
  #child: ChildProcess | undefined

  constructor(options: MemberOptions) {
    this.name = options.name
    this.role = options.role
    this.port = options.port
    this.metricsPort = options.metricsPort
    this.#options = options
  }

  get processId(): number {
    return isRunning(this.#child) ? (this.#child?.pid ?? 0) : 0
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  async pause(): Promise<void> {
    if (this.processId !== 0) await pauseProcess(this.processId)
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  async stop(): Promise<number> {
    const child = this.#child
    if (child === undefined) return 0
    if (isRunning(child)) {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
      await exited
      clearTimeout(timer)
    }
    return child.exitCode ?? 128 + (child.signalCode === 'SIGKILL' ? 9 : 15)
  }

  async launch(): Promise<void> {
    const { guardian, bundle, environment, logFile, folder } = this.#options
    const before = this.#child
    // Somebody has killed it a moment ago, and the port is still its own.
    if (before?.killed && isRunning(before)) await once(before, 'exit')
    if (isRunning(this.#child)) throw new Error(`${this.name} runs already`)
    const log = openSync(logFile, 'a')
    const child = spawn(process.execPath, ['--enable-source-maps', bundle, 'serve'], {
      cwd: folder,
      env: cleanEnvironment(environment),
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    this.#child = child
    await once(child, 'spawn')
    const { pid } = child
    guardian.watch(pid)
    child.once('exit', () => guardian.drop(pid))
  }

  async start(): Promise<void> {
    await this.launch()
    const child = this.#child
    const until = performance.now() + readyMs
    for (;;) {
      const readiness = await readinessOf(this.port)
      if (!isRunning(child)) throw new Error(`${this.name} has ended:\n${this.log().slice(-4_000)}`)
      if (readiness?.ready) return
      if (performance.now() > until)
        throw new Error(
          `${this.name} is not ready: ${JSON.stringify(readiness)}\n${this.log().slice(-4_000)}`,
        )
      await sleep(pollMs)
    }
  }

  log(): string {
    try {
      return readFileSync(this.#options.logFile, 'utf8')
    } catch {
      return ''
    }
  }
}

function isRunning(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null
}
