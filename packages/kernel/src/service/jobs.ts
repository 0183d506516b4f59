import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { Pause } from '../pause.ts'
import type { Tables } from '../rows/tables.ts'
import { loggableError } from '../store/database-faults.ts'
import type { Leases } from '../store/port.ts'
import type { Job } from './definition.ts'
import type { PartHealth } from './lifecycle.ts'

export const jobLimits = {
  /** An instance that says nothing for so long has died, or hangs: another one may begin. */
  leaseMs: 10_000,
  renewMs: 3_000,
  /** Two runs begin at least so far apart, however many commits come between them. */
  paceMs: 200,
  /** While another instance is at it; what was committed here may have come too late for that one. */
  busyMs: 500,
  /** The first run comes within this time, so that instances that start together don't all come at once. */
  startSpreadMs: 500,
  /** After a run that failed: twice as long each time. */
  retryMsMin: 1_000,
  retryMsMax: 60_000,
} as const
export type JobLimits = { readonly [Name in keyof typeof jobLimits]: number }

export type JobsOptions = {
  readonly jobs: readonly Job[]
  readonly leases: Leases
  readonly tables: Pick<Tables, 'rows' | 'transaction'>
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Partial<JobLimits>
}

export type RunningJobs = {
  /** There was a commit: all of them look soon. Cheap. */
  wake(): void
  /** Tells those that run to stop, and waits for them; whoever calls bounds that. Never throws. */
  stop(): Promise<void>
  health(): Omit<PartHealth, 'name'>
}

/**
 * Runs a service's jobs. Each instance looks by itself, now and then and after its own commits; a lease sees to it that
 * only one is at a job at a time. It is held for a run alone, so that nobody waits for an instance that has nothing to
 * do. An instance that is paused for longer than its lease may go on when another has begun: a job must not depend on
 * being alone, only spare others the work.
 */
export function startJobs(options: JobsOptions): RunningJobs {
  const running = options.jobs.map((job) => new JobLoop(job, options))
  return {
    wake: () => {
      for (const job of running) job.wake()
    },
    stop: async () => void (await Promise.all(running.map((job) => job.stop()))),
    health: () => {
      const failing = running.filter((job) => job.isFailing).map((job) => job.name)
      // Nobody waits for a job: an instance whose mail server is away can do all else. Why is in the log.
      return failing.length === 0
        ? { state: 'ready' }
        : { state: 'ready', detail: `fails: ${failing.join(', ')}` }
    },
  }
}

class JobLoop {
  readonly name: string
  readonly #job: Job
  readonly #options: JobsOptions
  readonly #limits: JobLimits
  readonly #lease: string
  readonly #holder = randomUUID()
  readonly #pause = new Pause()
  /** Only stopping ends it early. */
  readonly #pacing = new Pause()
  readonly #stopping = new AbortController()
  readonly #finished: Promise<void>
  #failures = 0
  #isWoken = false

  constructor(job: Job, options: JobsOptions) {
    this.name = job.name
    this.#job = job
    this.#options = options
    this.#limits = { ...jobLimits, ...options.limits }
    this.#lease = `job:${job.name}`
    this.#finished = this.#loop()
  }

  get isFailing(): boolean {
    return this.#failures > 0
  }

  wake(): void {
    // What fails is not tried the more often, the more is to be done.
    if (this.#failures > 0) return
    this.#isWoken = true
    this.#pause.interrupt()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#pause.interrupt()
    this.#pacing.interrupt()
    await this.#finished
  }

  async #loop(): Promise<void> {
    const { clock } = this.#options
    const { signal } = this.#stopping
    await this.#pause.of(Math.random() * this.#limits.startSpreadMs)
    while (!signal.aborted) {
      this.#isWoken = false
      const startedAt = clock.monotonicMs()
      const waitMs = await this.#turn()
      if (!this.#isWoken && !signal.aborted) await this.#pause.of(waitMs)
      const restMs = startedAt + this.#limits.paceMs - clock.monotonicMs()
      if (restMs > 0 && !signal.aborted) await this.#pacing.of(restMs)
    }
  }

  /** Never throws. Milliseconds until the next one. */
  async #turn(): Promise<number> {
    const { leases, log } = this.#options
    const { leaseMs, busyMs } = this.#limits
    try {
      const held = await leases.look(this.#lease)
      if (held !== null && held.holder !== this.#holder) return Math.min(busyMs, held.leftMs)
      const certainUntil = this.#options.clock.monotonicMs() + leaseMs
      if (!(await leases.take(this.#lease, this.#holder, leaseMs))) return busyMs
      const isMore = await this.#runUnderLease(certainUntil)
      this.#failures = 0
      return isMore ? 0 : this.#job.everyMs
    } catch (error) {
      this.#failures += 1
      log.error({ ...loggableError(error), job: this.name, failures: this.#failures }, 'job failed')
      return this.#retryMs()
    }
  }

  async #runUnderLease(certainUntil: number): Promise<boolean> {
    const { tables, leases, log } = this.#options
    const lost = new AbortController()
    const endRenewing = this.#renew(certainUntil, lost)
    try {
      const signal = AbortSignal.any([this.#stopping.signal, lost.signal])
      const { rows, transaction } = tables
      return await this.#job.run({ rows, transaction, signal })
    } finally {
      // One that is on its way would take the lease again.
      await endRenewing()
      await leases.release(this.#lease, this.#holder).catch((error: unknown) => {
        log.warn({ ...loggableError(error), job: this.name }, 'a lease was not given back, and will expire')
      })
    }
  }

  /** Prolongs the lease while the job runs; a run that can't be sure of it any more is told to stop. */
  #renew(certainUntil: number, lost: AbortController): () => Promise<void> {
    const { leases, clock } = this.#options
    const { leaseMs, renewMs } = this.#limits
    let until = certainUntil
    let renewing: Promise<void> = Promise.resolve()
    const prolong = async () => {
      const askedAt = clock.monotonicMs()
      if (await leases.take(this.#lease, this.#holder, leaseMs)) until = askedAt + leaseMs
      else lost.abort()
    }
    const timer = setInterval(() => {
      // The next one would come too late.
      if (clock.monotonicMs() + renewMs >= until) lost.abort()
      else renewing = renewing.then(prolong).catch(() => {})
    }, renewMs)
    return async () => {
      clearInterval(timer)
      await renewing
    }
  }

  #retryMs(): number {
    const { retryMsMin, retryMsMax } = this.#limits
    const longestMs = Math.min(retryMsMax, retryMsMin * 2 ** (this.#failures - 1))
    return longestMs * (0.5 + Math.random() / 2)
  }
}
