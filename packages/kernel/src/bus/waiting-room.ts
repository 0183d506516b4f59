import { type Pending, wasNeverTaken } from './pending-request.ts'

export const resendLimits = {
  /** Before a request is sent again: half to all of this, twice as long each time, up to the maximum. */
  resendMs: 50,
  resendMsMax: 1_000,
  /** Times that a request is sent; then it only waits for the answer to one of them. */
  sendsMax: 32,
  /** What was never given to a bus waits so long for it to come up. */
  busWaitMs: 200,
  /** Requests sent again per look: a bus that comes back gets 40,000 a second, not all at once. */
  resendsPerTickMax: 1_024,
} as const
export type ResendLimits = { readonly [Name in keyof typeof resendLimits]: number }

/** What happens to those who wait. */
export type WaitingRoomHost = {
  send(pending: Pending): void
  /** It will get no answer any more. */
  giveUp(pending: Pending): void
}

/**
 * Requests that are in no envelope at present: the answer was "not now", or the bus is down. Looked at by the
 * requester's one timer; bounded by the number of requests that may be pending.
 */
export class WaitingRoom {
  private readonly limits: ResendLimits
  private readonly random: () => number
  private readonly host: WaitingRoomHost
  private readonly waiting = new Set<Pending>()

  constructor(limits: ResendLimits, random: () => number, host: WaitingRoomHost) {
    this.limits = limits
    this.random = random
    this.host = host
  }

  get size(): number {
    return this.waiting.size
  }

  /** To be sent again after a random time. */
  backOff(pending: Pending, now: number): void {
    const longestMs = Math.min(this.limits.resendMsMax, this.limits.resendMs * 2 ** (pending.sends - 1))
    this.enter(pending, now + longestMs * (0.5 + this.random() / 2))
  }

  /** To be sent when the bus is up. */
  awaitBus(pending: Pending, now: number): void {
    this.enter(pending, 0)
    if (wasNeverTaken(pending)) pending.givenUpAt = now + this.limits.busWaitMs
  }

  leave(pending: Pending): void {
    this.waiting.delete(pending)
  }

  /** The bus is up: nobody has to wait any longer than it takes to send all. */
  onBusUp(): void {
    for (const pending of this.waiting) pending.dueAt = 0
  }

  /** Sends what is due, and gives up on those who have waited too long. */
  look(now: number, isBusUp: boolean): void {
    let sendsLeft = isBusUp ? this.limits.resendsPerTickMax : 0
    for (const pending of this.waiting) {
      if (isBusUp) pending.givenUpAt = Number.POSITIVE_INFINITY
      else if (pending.givenUpAt === Number.POSITIVE_INFINITY && wasNeverTaken(pending))
        pending.givenUpAt = now + this.limits.busWaitMs
      if (pending.expiresAt <= now || pending.givenUpAt <= now) this.host.giveUp(pending)
      else if (sendsLeft > 0 && pending.dueAt <= now && pending.sends < this.limits.sendsMax) {
        sendsLeft--
        this.waiting.delete(pending)
        this.host.send(pending)
      }
    }
  }

  /** Gives up on all. */
  clear(): void {
    for (const pending of this.waiting) this.host.giveUp(pending)
  }

  private enter(pending: Pending, dueAt: number): void {
    const { envelope } = pending
    if (envelope?.isSent === true) {
      pending.earlier ??= []
      pending.earlier.push(envelope)
    }
    pending.envelope = null
    pending.dueAt = dueAt
    pending.givenUpAt = Number.POSITIVE_INFINITY
    this.waiting.add(pending)
  }
}
