import { newId } from '@matchday/contracts'
import {
  createLifecycle,
  createMetrics,
  createRequester,
  type Lifecycle,
  type Log,
  type Metrics,
  type PartHealth,
  settlesWithin,
  systemClock,
  watchBus,
  watchRequester,
} from '@matchday/kernel'
import { type Addresses, addressesOf } from './addresses.ts'
import { banner } from './banner.ts'
import type { Config } from './config.ts'
import { openDataFolder } from './data-folder.ts'
import { type Health, healthOf } from './health.ts'
import { startHealthServer } from './health-server.ts'
import { openKeys } from './keys.ts'
import { openBus } from './open-bus.ts'
import { pause } from './pause.ts'
import { roleNames } from './role-names.ts'
import { type RunningRole, runRole } from './running-roles.ts'
import { version } from './version.ts'

/** A stop is over within ten seconds and the drain delay; the built-in database may take its own time after that. */
const stopMs = { roles: 9_000, requester: 500, bus: 500, probes: 500 } as const
const readyPollMs = 10

/** This process: what its roles stand on, the roles themselves, and how it is with all of them. */
export class OwnProcess {
  private readonly config: Config
  private readonly log: Log
  /** Aborts when the process is told to stop. */
  private readonly signal: AbortSignal
  private readonly foundation: Lifecycle
  private readonly metrics: Metrics
  private running: readonly RunningRole[] = []
  private allStarted = async () => {}
  private addresses: Addresses
  private phase: 'starting' | 'ready' | 'draining' = 'starting'
  /** What is said when the addresses are known. */
  private untold: ((addresses: Addresses) => string)[] = []

  constructor(config: Config, log: Log, signal: AbortSignal) {
    this.config = config
    this.log = log
    this.signal = signal
    this.foundation = createLifecycle(log)
    this.metrics = createMetrics({ log })
    this.addresses = addressesOf(config)
  }

  /**
   * Begins everything: 1 who looks after the process can ask it, 2 what lasts, 3 the bus, 4 the roles, which wait for
   * the rest by themselves. `broken` resolves when the built-in database ends although nobody stopped it.
   */
  async start(): Promise<{ broken: Promise<unknown> }> {
    const { config, log, metrics, foundation, signal } = this
    const clock = systemClock
    await this.openProbes()
    const data = await openDataFolder({ config, lifecycle: foundation, log, progress })
    const keys = await openKeys(config, data.keyPath)
    const { bus, announce, health, whenUp } = openBus(config, { clock, log })
    foundation.add('bus', () => bus.close(), stopMs.bus, health)
    watchBus(metrics, bus)
    const requester = createRequester({ bus, clock, log, newId })
    foundation.add('questions', () => requester.close(), stopMs.requester)
    watchRequester(metrics, requester)
    const shared = {
      ...{ config, log, clock, bus, requester, metrics, keys },
      database: data.database,
      health: () => this.health(),
      isDraining: () => this.phase === 'draining',
      publicAddress: () => this.addresses.reachable,
      tell: (text: (addresses: Addresses) => string) => this.tell(text),
      onListening: (port: number) => {
        this.addresses = addressesOf({ ...config, port })
        this.tellWhere('gateway', port)
      },
    }
    // In the order of the names, in which they are stopped too: first who takes requests in.
    this.running = roleNames
      .filter((name) => config.roles.includes(name))
      .map((name) => runRole(name, shared, signal))
    this.allStarted = async () => {
      await Promise.all(this.running.map(({ started }) => started))
      announce()
      await whenUp(signal)
    }
    return { broken: data.broken }
  }

  /** Resolves when all roles do their work and `onReady` is done, or the process was told to stop before. */
  async untilReady(onReady: (addresses: Addresses) => Promise<void>): Promise<void> {
    await this.allStarted()
    // What is started may still be finding out where it stands; whoever is told "ready" must find it so.
    while (!this.signal.aborted && !this.health().ready) await pause(readyPollMs, this.signal)
    if (this.signal.aborted) return
    this.phase = 'ready'
    if (this.config.roles.includes('gateway'))
      process.stdout.write(banner(this.addresses, process.stdout.isTTY))
    for (const text of this.untold) this.tell(text)
    this.untold = []
    this.log.info({ roles: this.config.roles, version }, 'ready')
    await onReady(this.addresses)
  }

  /** Not ready any more, and still serving: balancers that look now and then go on sending for a while. */
  async drain(): Promise<void> {
    const wasReady = this.phase === 'ready'
    this.phase = 'draining'
    if (wasReady && this.config.drainDelay > 0)
      await pause(this.config.drainDelay, new AbortController().signal)
  }

  /**
   * 1 who takes requests in, 2 what the services begin by themselves, for they do it together, 3 the services, 4 what
   * they stand on. Never throws.
   */
  async stop(): Promise<void> {
    this.phase = 'draining'
    const stopRoles = async () => {
      await this.running.find(({ name }) => name === 'gateway')?.stop()
      await Promise.all(this.running.map((role) => role.standBack()))
      for (const role of this.running) await role.stop()
    }
    if (!(await settlesWithin(stopRoles(), stopMs.roles)))
      this.log.warn({ timeoutMs: stopMs.roles }, 'the roles took too long to stop')
    await this.foundation.stopAll()
  }

  private health(): Health {
    const draining: readonly PartHealth[] =
      this.phase === 'draining' ? [{ name: 'process', state: 'stopped', detail: 'told to stop' }] : []
    const starting: readonly PartHealth[] =
      this.running.length === 0 ? [{ name: 'process', state: 'starting' }] : []
    const roles = this.running.flatMap((role) => role.health())
    return healthOf([...draining, ...starting, ...this.foundation.health(), ...roles])
  }

  private async openProbes(): Promise<void> {
    const { host, port, metricsPort, roles } = this.config
    const hasGateway = roles.includes('gateway')
    const parts = { health: () => this.health(), metrics: this.metrics, log: this.log }
    const open = async (name: string, ownPort: number) => {
      const server = await startHealthServer({ host, port: ownPort }, parts)
      this.foundation.add(name, () => server.close(), stopMs.probes)
      this.tellWhere(name, server.port)
    }
    if (!hasGateway) await open('probes', port)
    if (metricsPort !== undefined) await open('metrics', metricsPort)
  }

  private tell(text: (addresses: Addresses) => string): void {
    if (this.phase === 'starting') this.untold.push(text)
    else process.stdout.write(text(this.addresses))
  }

  /** For whoever started several processes, or gave port 0. */
  private tellWhere(what: string, port: number): void {
    const { natsUrl, metricsPort, host } = this.config
    if (natsUrl === undefined && metricsPort === undefined) return
    process.stdout.write(`${what} listens on ${addressesOf({ host, port, publicUrl: undefined }).local}\n`)
  }
}

function progress(message: string): void {
  const line = `· ${message}`
  process.stderr.write(`${process.stderr.isTTY ? `\x1b[2m${line}\x1b[0m` : line}\n`)
}
