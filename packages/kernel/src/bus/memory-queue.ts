import { type Clock, isoTime } from '../clock.ts'
import { Fault } from '../fault.ts'
import type { Log } from '../log.ts'
import type { Envelope } from '../message.ts'
import { Fifo } from './fifo.ts'
import type { Consumer, DeadLetter, Delivery, Queue, QueueLimits } from './port.ts'
import { RecentIds } from './recent-ids.ts'
import { contentOf, withheldFault } from './withheld.ts'

/** Ids remembered per queue at most, about 4 MB: more than are sent while any request still waits. */
const duplicateIdsMax = 32_768

/** What a queue needs of the bus that it belongs to. */
export type QueueHost = {
  readonly clock: Clock
  readonly log: Log
  readonly limits: QueueLimits
  readonly isUp: () => boolean
  /** There may be something to deliver: call `deliverWaiting` before this turn of the event loop ends. */
  readonly schedule: (queue: MemoryQueue) => void
  /** Something waits for time to pass: call `sweep` now and then until it returns false. */
  readonly watch: () => void
}

/** An envelope on its way through the queue. `held` is the one delivery that may still end it. */
type Entry = { envelope: Envelope; attempts: number; held: MemoryDelivery | null; done: boolean }

/** One work queue: who comes first is served first, by whichever consumer has a credit. */
export class MemoryQueue {
  readonly queue: Queue
  readonly host: QueueHost
  private readonly fresh = new Fifo<Entry>()
  /** To be delivered again now; goes before what is fresh, for it is older. */
  private readonly again: Entry[] = []
  /** To be delivered again later. */
  private readonly delayed: { entry: Entry; dueAt: number }[] = []
  private readonly held = new Set<MemoryDelivery>()
  private readonly consumers: MemoryConsumer[] = []
  private nextConsumer = 0
  private readonly recentIds: RecentIds
  private readonly dead: DeadLetter[] = []

  constructor(queue: Queue, host: QueueHost) {
    this.queue = queue
    this.host = host
    this.recentIds = new RecentIds(host.clock, host.limits.duplicateWindowMs, duplicateIdsMax)
  }

  /** Envelopes that wait for a consumer. */
  get waiting(): number {
    return this.fresh.length + this.again.length + this.delayed.length
  }

  /** Throws Fault `overloaded`. An id that was here lately is dropped. */
  enqueue(envelope: Envelope): void {
    if (this.recentIds.has(envelope.id)) return
    this.accept(envelope)
    this.recentIds.add(envelope.id)
  }

  addConsumer(onDelivery: (delivery: Delivery) => void): Consumer {
    const consumer = new MemoryConsumer(this, onDelivery)
    this.consumers.push(consumer)
    return consumer
  }

  removeConsumer(consumer: MemoryConsumer): void {
    const index = this.consumers.indexOf(consumer)
    if (index >= 0) this.consumers.splice(index, 1)
  }

  deliverWaiting(): void {
    while (this.again.length > 0 || this.fresh.length > 0) {
      const consumer = this.consumerWithCredit()
      if (consumer === null) return
      const entry = this.again.shift() ?? this.fresh.shift()
      if (entry !== undefined) this.deliver(entry, consumer)
    }
  }

  /** What timed out or was delayed goes back to the queue. False when nothing waits for time to pass. */
  sweep(now: number): boolean {
    for (const delivery of this.held) {
      if (delivery.expiresAt <= now) this.release(delivery, 0, 'nobody acknowledged it in time')
    }
    for (let index = 0; index < this.delayed.length; ) {
      const { entry, dueAt } = this.delayed[index]!
      if (dueAt > now) index++
      else {
        this.delayed.splice(index, 1)
        this.again.push(entry)
      }
    }
    if (this.again.length > 0) this.host.schedule(this)
    return this.held.size > 0 || this.delayed.length > 0
  }

  /**
   * Done, by this delivery or, late, by an earlier one. Done is done: a late ack spares the envelope another round
   * if it is still waiting for one.
   */
  settle(entry: Entry): void {
    if (entry.done) return
    entry.done = true
    if (entry.held !== null) this.held.delete(entry.held)
    else this.forget(entry)
    entry.held = null
  }

  /** Not done by this delivery: again after `delayMs`, unless it has been tried often enough. */
  release(delivery: MemoryDelivery, delayMs: number, reason: string): void {
    const { entry } = delivery
    this.held.delete(delivery)
    entry.held = null
    if (entry.attempts >= this.host.limits.deliveriesMax) {
      this.bury(entry, `${reason}, at the last of ${entry.attempts} deliveries`)
    } else if (delayMs > 0) {
      this.delayed.push({ entry, dueAt: this.host.clock.monotonicMs() + delayMs })
      this.host.watch()
    } else {
      this.again.push(entry)
      this.host.schedule(this)
    }
  }

  terminate(delivery: MemoryDelivery, reason: string): void {
    this.held.delete(delivery)
    delivery.entry.held = null
    this.bury(delivery.entry, reason)
  }

  deadLetters(limit: number): readonly DeadLetter[] {
    return this.dead.slice(0, limit)
  }

  /** Throws Fault `overloaded` or `dead-letter-withheld`. */
  replay(envelopeId: string): boolean {
    const index = this.dead.findIndex((letter) => letter.envelope.id === envelopeId)
    const letter = this.dead[index]
    if (letter === undefined) return false
    if (letter.withheld === true) throw withheldFault(envelopeId)
    const deadlineAt = this.host.clock.now() + this.host.limits.replayedDeadlineMs
    const items = letter.envelope.items.map((item) => ({ ...item, deadlineAt }))
    this.accept({ ...letter.envelope, items })
    this.dead.splice(index, 1)
    return true
  }

  dismiss(envelopeId: string): boolean {
    const index = this.dead.findIndex((letter) => letter.envelope.id === envelopeId)
    if (index < 0) return false
    this.dead.splice(index, 1)
    return true
  }

  private accept(envelope: Envelope): void {
    if (this.waiting >= this.host.limits.waitingMax) {
      throw new Fault('overloaded', `${this.waiting} envelopes wait for ${this.queue.service} already`, {
        retryable: true,
      })
    }
    this.fresh.push({ envelope, attempts: 0, held: null, done: false })
    this.host.schedule(this)
  }

  private deliver(entry: Entry, consumer: MemoryConsumer): void {
    consumer.credits--
    entry.attempts++
    const delivery = new MemoryDelivery(this, entry)
    entry.held = delivery
    this.held.add(delivery)
    this.host.watch()
    try {
      consumer.onDelivery(delivery)
    } catch (error) {
      // A bug of the consumer must not keep the others from their work; the ack wait takes care of the envelope.
      this.host.log.error({ err: error, queue: this.queue }, 'a consumer threw at a delivery')
    }
  }

  /** Turn by turn, so that two idle consumers share the work. */
  private consumerWithCredit(): MemoryConsumer | null {
    const { consumers } = this
    for (let tried = 0; tried < consumers.length; tried++) {
      this.nextConsumer = (this.nextConsumer + 1) % consumers.length
      const consumer = consumers[this.nextConsumer]!
      if (consumer.credits > 0) return consumer
    }
    return null
  }

  private forget(entry: Entry): void {
    const waiting = this.again.indexOf(entry)
    if (waiting >= 0) this.again.splice(waiting, 1)
    const delayed = this.delayed.findIndex((other) => other.entry === entry)
    if (delayed >= 0) this.delayed.splice(delayed, 1)
  }

  private bury(entry: Entry, reason: string): void {
    entry.done = true
    const { envelope, attempts } = entry
    const { queue } = this
    this.host.log.warn({ queue, envelope: envelope.id, attempts, reason }, 'dead letter')
    const at = isoTime(this.host.clock)
    this.dead.push({ queue, ...contentOf(queue, envelope), attempts, reason, at })
    if (this.dead.length > this.host.limits.deadLettersMax) this.dead.shift()
  }
}

class MemoryConsumer implements Consumer {
  credits = 0
  readonly onDelivery: (delivery: Delivery) => void
  private readonly queue: MemoryQueue
  private closed = false

  constructor(queue: MemoryQueue, onDelivery: (delivery: Delivery) => void) {
    this.queue = queue
    this.onDelivery = onDelivery
  }

  pull(envelopes: number): void {
    if (this.closed) return
    this.credits += envelopes
    this.queue.host.schedule(this.queue)
  }

  async close(): Promise<void> {
    this.closed = true
    this.credits = 0
    this.queue.removeConsumer(this)
  }
}

class MemoryDelivery implements Delivery {
  readonly attempt: number
  readonly entry: Entry
  /** On the monotonic clock. */
  expiresAt: number
  private readonly queue: MemoryQueue

  constructor(queue: MemoryQueue, entry: Entry) {
    this.queue = queue
    this.entry = entry
    this.attempt = entry.attempts
    this.expiresAt = queue.host.clock.monotonicMs() + queue.host.limits.ackWaitMs
  }

  get envelope(): Envelope {
    return this.entry.envelope
  }

  ack(): void {
    if (this.queue.host.isUp()) this.queue.settle(this.entry)
  }

  nak(delayMs = 0): void {
    if (this.isHeard()) this.queue.release(this, delayMs, 'it was handed back')
  }

  working(): void {
    if (!this.isHeard()) return
    this.expiresAt = this.queue.host.clock.monotonicMs() + this.queue.host.limits.ackWaitMs
  }

  terminate(reason: string): void {
    if (this.isHeard()) this.queue.terminate(this, reason)
  }

  /** Nothing that is said while the bus is down is heard, nor what is said by a delivery that has ended. */
  private isHeard(): boolean {
    return this.entry.held === this && this.queue.host.isUp()
  }
}
