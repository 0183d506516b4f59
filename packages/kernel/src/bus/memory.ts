import { type Clock, systemClock } from '../clock.ts'
import { Fault } from '../fault.ts'
import { type Log, silentLog } from '../log.ts'
import type { Envelope, EventMessage, ReplyEnvelope, Whisper } from '../message.ts'
import { createTicker, type Ticker } from '../ticker.ts'
import { topicOfChannel } from './channel-service.ts'
import { deepFreeze } from './freeze.ts'
import { jsonBytes } from './json-size.ts'
import { Listeners } from './listeners.ts'
import { MemoryQueue, type QueueHost } from './memory-queue.ts'
import {
  type Bus,
  type BusState,
  type Consumer,
  type DeadLetter,
  type Delivery,
  type Inbox,
  type Lane,
  type Queue,
  type QueueLimits,
  queueLimits,
  type Subscription,
  type Topic,
} from './port.ts'

export type MemoryBusOptions = {
  clock?: Clock
  log?: Log
  /** Deep-freezes every message, so that a receiver that changes one fails at once. For tests. */
  freeze?: boolean
  limits?: Partial<QueueLimits>
}
/** Tests take the bus down and up again. */
export type MemoryBus = Bus & { setState(state: BusState): void }

/** Ack waits and delays are looked at this often within one ack wait: they are late by a tenth of it at most. */
const sweepsPerAckWait = 10
const sweepMsMax = 100

/**
 * The bus of a single process. Messages go by reference and are delivered in the microtask after the one that sent
 * them, all that were sent in it together. While it is down, nothing is sent, delivered or heard (an ack is lost
 * too), as with a broker.
 */
export function createMemoryBus(options: MemoryBusOptions = {}): MemoryBus {
  return new InProcessBus(options)
}

class InProcessBus implements MemoryBus {
  readonly name = 'memory'
  state: BusState = 'up'
  private readonly log: Log
  private readonly clock: Clock
  private readonly limits: QueueLimits
  private readonly seal: <T>(message: T) => T
  private readonly host: QueueHost
  private readonly ticker: Ticker
  private closed = false
  private scheduled = false

  private readonly lanes: Readonly<Record<Lane, Map<string, MemoryQueue>>> = {
    commands: new Map(),
    private: new Map(),
    queries: new Map(),
  }
  private readonly inboxes = new Map<string, (reply: ReplyEnvelope) => void>()
  private inboxesOpened = 0
  private readonly eventListeners = new Listeners<readonly EventMessage[]>()
  private readonly whisperListeners = new Listeners<Whisper>()
  private readonly nudgeListeners = new Listeners<void>()
  private readonly stateListeners = new Set<(state: BusState) => void>()

  // What was sent in this turn. Bounded by what a turn can send: the next microtask takes it away.
  private dueQueues = new Set<MemoryQueue>()
  private dueReplies: { address: string; reply: ReplyEnvelope }[] = []
  private dueEvents: { service: string; events: readonly EventMessage[] }[] = []
  private dueWhispers: Whisper[] = []
  private dueNudges = new Set<string>()

  constructor(options: MemoryBusOptions) {
    this.log = options.log ?? silentLog
    this.clock = options.clock ?? systemClock
    this.limits = { ...queueLimits, ...options.limits }
    this.seal = options.freeze === true ? deepFreeze : (message) => message
    const sweepMs = Math.min(sweepMsMax, Math.ceil(this.limits.ackWaitMs / sweepsPerAckWait))
    this.ticker = createTicker(sweepMs, () => this.sweep())
    this.host = {
      clock: this.clock,
      log: this.log,
      limits: this.limits,
      isUp: () => this.state === 'up',
      schedule: (queue) => {
        this.dueQueues.add(queue)
        this.schedule()
      },
      watch: () => this.ticker.start(),
    }
  }

  setState(state: BusState): void {
    if (this.closed || state === this.state) return
    this.state = state
    if (state === 'down') {
      // At most once: what is on its way is lost. Events and envelopes are held.
      this.dueReplies = []
      this.dueWhispers = []
      this.dueNudges = new Set()
    } else this.schedule()
    for (const listener of this.stateListeners) this.tell(listener, state)
  }

  onState(listener: (state: BusState) => void): Subscription {
    this.stateListeners.add(listener)
    return { close: () => this.stateListeners.delete(listener) }
  }

  async enqueue(queue: Queue, envelope: Envelope, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) throw new Fault('timed-out', 'Sending was called off', { retryable: true })
    this.assertUp()
    const { itemsPerEnvelopeMax, envelopeBytesMax } = this.limits
    if (envelope.items.length > itemsPerEnvelopeMax) {
      throw new Fault('payload-too-large', `An envelope holds at most ${itemsPerEnvelopeMax} items`)
    }
    if (jsonBytes(envelope, envelopeBytesMax) > envelopeBytesMax) {
      throw new Fault('payload-too-large', `An envelope holds at most ${envelopeBytesMax} bytes`)
    }
    this.queueOf(queue).enqueue(this.seal(envelope))
  }

  consume(queue: Queue, onDelivery: (delivery: Delivery) => void): Consumer {
    return this.queueOf(queue).addConsumer(onDelivery)
  }

  openInbox(onReply: (reply: ReplyEnvelope) => void): Inbox {
    const address = `inbox-${++this.inboxesOpened}`
    this.inboxes.set(address, onReply)
    return { address, close: () => this.inboxes.delete(address) }
  }

  reply(address: string, reply: ReplyEnvelope): void {
    if (this.state === 'down') return
    this.dueReplies.push({ address, reply: this.seal(reply) })
    this.schedule()
  }

  async publishEvents(events: readonly EventMessage[]): Promise<void> {
    this.assertUp()
    this.seal(events)
    const services = new Set(events.map((event) => event.service))
    for (const service of services) {
      const own = services.size === 1 ? events : events.filter((event) => event.service === service)
      this.dueEvents.push({ service, events: own })
    }
    this.schedule()
  }

  subscribeEvents(topic: Topic, onEvents: (events: readonly EventMessage[]) => void): Subscription {
    return this.eventListeners.add(topic, onEvents)
  }

  whisper(message: Whisper): void {
    topicOfChannel(message.channel)
    if (this.state === 'down') return
    this.dueWhispers.push(this.seal(message))
    this.schedule()
  }

  subscribeWhispers(topic: Topic, onWhisper: (message: Whisper) => void): Subscription {
    return this.whisperListeners.add(topic, onWhisper)
  }

  nudge(service: string): void {
    if (this.state === 'down') return
    this.dueNudges.add(service)
    this.schedule()
  }

  onNudge(service: string, listener: () => void): Subscription {
    return this.nudgeListeners.add({ service }, listener)
  }

  async deadLetters(queue: Queue, limit: number): Promise<readonly DeadLetter[]> {
    this.assertUp()
    return this.queueOf(queue).deadLetters(limit)
  }

  async replayDeadLetter(queue: Queue, envelopeId: string): Promise<boolean> {
    this.assertUp()
    return this.queueOf(queue).replay(envelopeId)
  }

  async dismissDeadLetter(queue: Queue, envelopeId: string): Promise<boolean> {
    this.assertUp()
    return this.queueOf(queue).dismiss(envelopeId)
  }

  async close(): Promise<void> {
    this.setState('down')
    this.closed = true
    this.ticker.stop()
    this.stateListeners.clear()
  }

  private assertUp(): void {
    if (this.state === 'down') throw new Fault('unavailable', 'The bus is down', { retryable: true })
  }

  private queueOf(queue: Queue): MemoryQueue {
    const queues = this.lanes[queue.lane]
    let found = queues.get(queue.service)
    if (found === undefined) {
      found = new MemoryQueue(queue, this.host)
      queues.set(queue.service, found)
    }
    return found
  }

  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    queueMicrotask(() => this.deliverDue())
  }

  private deliverDue(): void {
    this.scheduled = false
    if (this.state === 'down') return
    if (this.dueQueues.size > 0) {
      const queues = this.dueQueues
      this.dueQueues = new Set()
      for (const queue of queues) queue.deliverWaiting()
    }
    if (this.dueReplies.length > 0) {
      const replies = this.dueReplies
      this.dueReplies = []
      for (const { address, reply } of replies) this.tell(this.inboxes.get(address), reply)
    }
    if (this.dueEvents.length > 0) {
      const batches = this.dueEvents
      this.dueEvents = []
      for (const { service, events } of batches) this.tellEvents(service, events)
    }
    if (this.dueWhispers.length > 0) {
      const whispers = this.dueWhispers
      this.dueWhispers = []
      for (const message of whispers) {
        const { service, stream } = topicOfChannel(message.channel)
        this.tellAll(this.whisperListeners.of({ service }), message)
        this.tellAll(this.whisperListeners.of({ service, stream }), message)
      }
    }
    if (this.dueNudges.size > 0) {
      const services = this.dueNudges
      this.dueNudges = new Set()
      for (const service of services) this.tellAll(this.nudgeListeners.of({ service }), undefined)
    }
  }

  /** The whole batch for those of the service, and each stream's part of it for those of the stream. */
  private tellEvents(service: string, events: readonly EventMessage[]): void {
    this.tellAll(this.eventListeners.of({ service }), events)
    const streams = new Set(events.map((event) => event.stream))
    for (const stream of streams) {
      const own = streams.size === 1 ? events : this.seal(events.filter((event) => event.stream === stream))
      this.tellAll(this.eventListeners.of({ service, stream }), own)
    }
  }

  private sweep(): boolean {
    const now = this.clock.monotonicMs()
    let waits = false
    for (const queues of Object.values(this.lanes)) {
      for (const queue of queues.values()) if (queue.sweep(now)) waits = true
    }
    return waits
  }

  private tellAll<T>(listeners: Iterable<(message: T) => void>, message: T): void {
    for (const listener of listeners) this.tell(listener, message)
  }

  /** A listener's bug is the listener's: the others still get theirs. */
  private tell<T>(listener: ((message: T) => void) | undefined, message: T): void {
    try {
      listener?.(message)
    } catch (error) {
      this.log.error({ err: error }, 'a listener threw at a message')
    }
  }
}
