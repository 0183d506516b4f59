import type { Reply, RequestItem } from '../message.ts'
import { Buckets, secondsBounds } from '../metrics/buckets.ts'
import { Admission, type AdmissionLimits } from './admission.ts'
import type { Queue } from './port.ts'

/** What the requester keeps for one service and lane. */
export class Compartment {
  readonly queue: Queue
  readonly admission: Admission
  /** From asking to the answer. */
  readonly answerSeconds = new Buckets(secondsBounds)
  /** Collects what comes in this turn of the event loop. */
  open: OpenEnvelope | null = null
  /** Requests that were sent again, since the start. */
  resent = 0
  /** On the monotonic clock: when it was last told that nothing can be sent. */
  failureToldAt = Number.NEGATIVE_INFINITY

  constructor(queue: Queue, limits: AdmissionLimits) {
    this.queue = queue
    this.admission = new Admission(limits)
  }
}

/** An envelope while it is filled and until all its items are answered. An item's place is its pending's place. */
export class OpenEnvelope {
  readonly id: string
  readonly compartment: Compartment
  readonly openedAt: number
  readonly items: RequestItem[] = []
  readonly pending: Pending[] = []
  isSent = false
  bytes = 0
  unanswered = 0
  firstExpiry = Number.POSITIVE_INFINITY

  constructor(id: string, compartment: Compartment, openedAt: number) {
    this.id = id
    this.compartment = compartment
    this.openedAt = openedAt
  }

  add(pending: Pending): void {
    pending.envelope = this
    this.items.push(pending.item)
    this.pending.push(pending)
    this.bytes += pending.bytes
    this.unanswered++
    if (pending.expiresAt < this.firstExpiry) this.firstExpiry = pending.expiresAt
  }

  /** Only an open envelope may be changed: one that was sent belongs to the bus. */
  takeOut(pending: Pending): void {
    const index = this.pending.indexOf(pending)
    this.pending.splice(index, 1)
    this.items.splice(index, 1)
    this.bytes -= pending.bytes
    this.unanswered--
  }
}

/** One request that waits for its answer. All times are on the monotonic clock. */
export type Pending = {
  readonly resolve: (reply: Reply) => void
  readonly item: RequestItem
  /** At most, with a comma. */
  readonly bytes: number
  readonly compartment: Compartment
  readonly travelsAlone: boolean
  readonly startedAt: number
  readonly expiresAt: number
  /** Others that end with the same signal; it is among them while it waits. */
  readonly together: Set<Pending> | null
  /** The envelope that it is in, open or sent last; null while it waits to be sent. */
  envelope: OpenEnvelope | null
  /** Envelopes in which it was sent before: an answer to one of them counts as well. */
  earlier: OpenEnvelope[] | null
  sends: number
  /** Sends that the bus did not take. */
  failedSends: number
  /** While it waits: when it is sent again, if the bus is up. */
  dueAt: number
  /** While it waits for a bus that never took it: when it waits no longer. */
  givenUpAt: number
  /** What to say when no answer comes. */
  silence: 'timed-out' | 'unavailable'
  done: boolean
}

/** No queue can hold it: each time that it was sent, the bus said no. */
export function wasNeverTaken(pending: Pending): boolean {
  return pending.sends === pending.failedSends
}
