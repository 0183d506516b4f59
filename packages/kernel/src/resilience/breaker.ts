import { CircuitState, ConsecutiveBreaker, circuitBreaker, DelegateBackoff, handleWhen } from 'cockatiel'
import { Fault } from '../fault.ts'
import { type Log, silentLog } from '../log.ts'

export const breakerLimits = {
  /** Failures in a row, none between them that went well; then nobody tries for a while. */
  failuresMax: 5,
  /** Until one is let through to see, from half to all of this; the others are still refused. */
  openMs: 1_000,
} as const

export type BreakerState = 'closed' | 'half-open' | 'open'

export type Breaker = {
  /** What it protects, for the log and the metrics. */
  readonly name: string
  readonly state: BreakerState
  /** Times that it opened since the start. */
  readonly opened: number
  /** Does the call, or throws Fault `unavailable` without doing it. What the call throws is thrown on. */
  run<Result>(call: () => Promise<Result>): Promise<Result>
}

export type BreakerOptions = {
  readonly name: string
  /** Whether an error says that the other side is not there. Whatever else it says, it is there. */
  readonly isFailure?: (error: unknown) => boolean
  readonly log?: Log
  readonly limits?: { readonly [Name in keyof typeof breakerLimits]?: number }
  /** From 0 to below 1; spreads the tries of many instances. */
  readonly random?: () => number
}

/**
 * Refuses at once what would only wait for something that is not there, so that time-outs don't pile up in front of
 * it. While all is well a call costs one comparison: the policy hears of failures, and of the first success after one.
 */
export function createBreaker(options: BreakerOptions): Breaker {
  return new PolicyBreaker(options)
}

const stateNames: { readonly [State in CircuitState]: BreakerState } = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
}

class PolicyBreaker implements Breaker {
  readonly name: string
  state: BreakerState = 'closed'
  opened = 0
  private readonly isFailure: (error: unknown) => boolean
  private readonly policy: ReturnType<typeof circuitBreaker>
  private failures = 0

  constructor(options: BreakerOptions) {
    const { name, log = silentLog, isFailure = isUnavailable, random = Math.random } = options
    const limits = { ...breakerLimits, ...options.limits }
    this.name = name
    this.isFailure = isFailure
    this.policy = circuitBreaker(handleWhen(isFailure), {
      halfOpenAfter: new DelegateBackoff(() => limits.openMs * (0.5 + random() / 2)),
      breaker: new ConsecutiveBreaker(limits.failuresMax),
    })
    this.policy.onStateChange((state) => {
      this.state = stateNames[state]
      if (this.state === 'open') this.opened++
      else this.failures = 0
      log[this.state === 'closed' ? 'info' : 'warn']({ breaker: name, state: this.state }, 'circuit breaker')
    })
  }

  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.state !== 'closed') return this.runGuarded(call)
    try {
      const result = await call()
      if (this.failures > 0) this.forgive()
      return result
    } catch (error) {
      if (this.isFailure(error)) this.blame(error)
      throw error
    }
  }

  private async runGuarded<Result>(call: () => Promise<Result>): Promise<Result> {
    // The policy would let all others wait for the one that is let through, which may take as long as a time-out.
    if (this.state === 'half-open') throw this.refusal()
    let isTried = false
    try {
      return await this.policy.execute(() => {
        isTried = true
        return call()
      })
    } catch (error) {
      throw isTried ? error : this.refusal()
    }
  }

  private refusal(): Fault {
    return new Fault('unavailable', `${this.name} was not there lately`, { retryable: true })
  }

  private blame(error: unknown): void {
    if (this.state !== 'closed') return
    this.failures++
    this.policy.execute(() => Promise.reject(error)).catch(() => {})
  }

  private forgive(): void {
    if (this.state !== 'closed') return
    this.failures = 0
    void this.policy.execute(() => Promise.resolve())
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof Fault && error.code === 'unavailable'
}
