import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { Pause } from '../pause.ts'
import { settlesWithin } from '../settles-within.ts'
import type { Leases } from '../store/port.ts'

export const leadershipLimits = {
  /** A holder that says nothing for so long has lost its lease: killed, paused or cut off. */
  expiresMs: 1_500,
  renewMs: 500,
  /** After a renewal that failed, as long as the lease is still certain. */
  retryMs: 100,
  /** A holder trusts its lease by so much less, should its clock run slower than that of the database. */
  marginMs: 100,
  /** Candidates look this often; sooner when the lease ends sooner, or when they are told to. */
  lookMs: 500,
  /** Two looks are at least so far apart, however often they are told to. */
  paceMs: 100,
  /** An expired lease is looked for up to this much later, so that candidates don't come all at once. */
  spreadMs: 50,
  /** On stopping: for giving the lease back. */
  releaseMs: 500,
} as const
export type LeadershipLimits = { readonly [Name in keyof typeof leadershipLimits]: number }

export type LeadershipOptions = {
  readonly leases: Leases
  /** What there can be one leader of. */
  readonly name: string
  /** Different for each instance that could lead. */
  readonly holder: string
  /** False: this instance could not do the work now. A leader that can't gives the lease to one that can. */
  readonly canLead: () => boolean
  readonly onGained: () => void
  readonly onLost: () => void
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Partial<LeadershipLimits>
  /** From 0 to below 1. */
  readonly random?: () => number
}

/**
 * One leader at a time among the instances that share a database: whoever holds the lease. By its own monotonic clock
 * a leader stops being certain of it before anybody else can take it.
 */
export class Leadership {
  readonly #options: LeadershipOptions
  readonly #limits: LeadershipLimits
  readonly #pause = new Pause()
  /** Only stopping ends it early. */
  readonly #pacing = new Pause()
  readonly #finished: Promise<void>
  #isLeader = false
  #isStopping = false
  #isTold = false
  /** Whoever asked was told that it may be somebody else's turn, and has stopped: it takes a new beginning. */
  #wasDoubted = false
  #hasLooked = false
  #problem: string | undefined
  /** On the monotonic clock. */
  #certainUntilMs = Number.NEGATIVE_INFINITY

  constructor(options: LeadershipOptions) {
    this.#options = options
    this.#limits = { ...leadershipLimits, ...options.limits }
    this.#finished = this.#run()
  }

  /** False from the moment on from which somebody else might hold the lease. */
  isCertain(): boolean {
    if (!this.#isLeader) return false
    if (this.#options.clock.monotonicMs() < this.#certainUntilMs) return true
    this.#wasDoubted = true
    return false
  }

  /** Whether it is known by now who leads, and what keeps it from being known. */
  get state(): { readonly isKnown: boolean; readonly problem: string | undefined } {
    return { isKnown: this.#hasLooked, problem: this.#problem }
  }

  /** The lease may be free: a candidate looks soon. Cheap. */
  tell(): void {
    if (this.#isLeader) return
    this.#isTold = true
    this.#pause.interrupt()
  }

  /** Gives the lease back, so that another instance need not wait until it expires. Never throws. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#pause.interrupt()
    this.#pacing.interrupt()
    await settlesWithin(this.#finished, this.#limits.releaseMs)
    if (this.#isLeader) await this.#stepDown()
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    while (!this.#isStopping) {
      this.#isTold = false
      const lookedAtMs = clock.monotonicMs()
      const waitMs = this.#isLeader ? await this.#renew() : await this.#look()
      if (!this.#isTold && !this.#isStopping) await this.#pause.of(waitMs)
      const restMs = lookedAtMs + this.#limits.paceMs - clock.monotonicMs()
      if (restMs > 0 && !this.#isStopping) await this.#pacing.of(restMs)
    }
  }

  /** A candidate's look: takes the lease when it is free. Milliseconds until the next one. */
  async #look(): Promise<number> {
    const { leases, name, holder, canLead, random = Math.random } = this.#options
    const { lookMs, spreadMs, renewMs } = this.#limits
    if (!canLead()) return lookMs
    try {
      const held = await leases.look(name)
      const leftMs = held === null || held.holder === holder ? 0 : held.leftMs
      if (leftMs === 0 && !this.#isStopping && (await this.#take())) await this.#begin()
      this.#hasLooked = true
      this.#problem = undefined
      if (this.#isLeader) return renewMs
      return leftMs === 0 ? lookMs : Math.min(lookMs, leftMs + random() * spreadMs)
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error)
      return lookMs
    }
  }

  async #begin(): Promise<void> {
    this.#isLeader = true
    // It was told to stop while it asked: nothing begins any more.
    if (this.#isStopping) await this.#stepDown()
    else this.#options.onGained()
  }

  /** The leader's turn. Milliseconds until the next one. */
  async #renew(): Promise<number> {
    const { clock, log, name, canLead } = this.#options
    if (!canLead()) {
      await this.#stepDown()
      return this.#limits.lookMs
    }
    const leftMs = this.#certainUntilMs - clock.monotonicMs()
    try {
      const renewal = this.#take()
      renewal.catch(() => {})
      const isRenewed = leftMs > 0 && (await settlesWithin(renewal, leftMs)) && (await renewal)
      if (isRenewed && !this.#wasDoubted) return this.#limits.renewMs
    } catch (error) {
      log.warn({ err: error, lease: name }, 'a lease was not renewed')
      if (this.isCertain()) return this.#limits.retryMs
    }
    log.warn({ lease: name }, 'a lease was lost')
    this.#lose()
    return this.#limits.retryMs
  }

  /** Takes or prolongs the lease. What comes too late to be certain counts as nothing. */
  async #take(): Promise<boolean> {
    const { leases, name, holder, clock } = this.#options
    const { expiresMs, marginMs } = this.#limits
    // From before the database was asked: its own time is later.
    const certainUntilMs = clock.monotonicMs() + expiresMs - marginMs
    if (!(await leases.take(name, holder, expiresMs))) return false
    if (clock.monotonicMs() >= certainUntilMs) return false
    this.#certainUntilMs = certainUntilMs
    return true
  }

  async #stepDown(): Promise<void> {
    const { leases, name, holder, log } = this.#options
    this.#lose()
    try {
      await settlesWithin(leases.release(name, holder), this.#limits.releaseMs)
    } catch (error) {
      log.warn({ err: error, lease: name }, 'a lease was not given back, and will expire')
    }
  }

  #lose(): void {
    this.#isLeader = false
    this.#wasDoubted = false
    this.#certainUntilMs = Number.NEGATIVE_INFINITY
    this.#options.onLost()
  }
}
