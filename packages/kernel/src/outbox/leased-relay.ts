import { randomUUID } from 'node:crypto'
import type { Bus, Subscription } from '../bus/port.ts'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { PartHealth } from '../service/lifecycle.ts'
import type { Store } from '../store/port.ts'
import { Leadership, type LeadershipLimits } from './leadership.ts'
import { createRelay, type OutboxRelay, type Relay, type RelayOptions } from './relay.ts'

export type LeasedRelayOptions = Omit<RelayOptions, 'mayPublish' | 'store' | 'bus'> & {
  readonly store: RelayOptions['store'] & Pick<Store, 'leases'>
  readonly bus: RelayOptions['bus'] & Pick<Bus, 'state' | 'nudge' | 'onNudge'>
  readonly lease?: Partial<LeadershipLimits>
}
export type LeasedRelay = Relay & {
  /** Whether this is the instance that publishes. */
  readonly isLeading: boolean
}

const leaseName = 'relay'

/**
 * The relay of a service with many instances: each has one, and the one whose instance holds the lease publishes.
 * What is committed elsewhere reaches it by a nudge over the bus.
 */
export function createLeasedRelay(options: LeasedRelayOptions): LeasedRelay {
  return new RelayByTurns(options)
}

class RelayByTurns implements LeasedRelay {
  readonly #options: LeasedRelayOptions
  readonly #leadership: Leadership
  readonly #subscriptions: readonly Subscription[]
  #active: OutboxRelay | null = null
  /** By earlier turns. */
  #publishedBefore = 0

  constructor(options: LeasedRelayOptions) {
    const { store, bus, service, clock = systemClock, log = silentLog } = options
    this.#options = options
    this.#leadership = new Leadership({
      leases: store.leases,
      name: leaseName,
      holder: randomUUID(),
      canLead: () => bus.state === 'up',
      onGained: () => this.#begin(),
      onLost: () => this.#end(),
      clock,
      log,
      ...(options.lease && { limits: options.lease }),
      ...(options.random && { random: options.random }),
    })
    this.#subscriptions = [
      bus.onNudge(service, () => {
        if (this.#active === null) this.#leadership.tell()
        else this.#active.wake()
      }),
      bus.onState((state) => {
        if (state === 'up') this.#leadership.tell()
      }),
    ]
  }

  get isLeading(): boolean {
    return this.#active !== null
  }
  get lagMs(): number {
    return this.#active?.lagMs ?? 0
  }
  get published(): number {
    return this.#publishedBefore + (this.#active?.published ?? 0)
  }

  wake(): void {
    if (this.#active === null) this.#options.bus.nudge(this.#options.service)
    else this.#active.wake()
  }

  async stop(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.close()
    const { isLeading } = this
    // First what was committed here, then the lease: whoever takes over need not wait for this process to go.
    await this.#active?.stop()
    await this.#leadership.stop()
    if (isLeading) this.#options.bus.nudge(this.#options.service)
  }

  health(): Omit<PartHealth, 'name'> {
    if (this.#active !== null) return this.#active.health()
    const { isKnown, problem } = this.#leadership.state
    if (problem !== undefined) return { state: 'failing', detail: problem }
    if (this.#options.bus.state === 'down') return { state: 'failing', detail: 'The bus is down' }
    return isKnown ? { state: 'ready', detail: 'another instance publishes' } : { state: 'starting' }
  }

  #begin(): void {
    this.#options.log?.info({ service: this.#options.service }, 'this instance publishes')
    this.#active = createRelay({ ...this.#options, mayPublish: () => this.#leadership.isCertain() })
  }

  #end(): void {
    this.#publishedBefore += this.#active?.published ?? 0
    this.#active?.abandon()
    this.#active = null
  }
}
