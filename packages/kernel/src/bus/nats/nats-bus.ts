import { randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../../clock.ts'
import { Fault } from '../../fault.ts'
import { type Log, silentLog } from '../../log.ts'
import type { Envelope, EventMessage, ReplyEnvelope, Whisper } from '../../message.ts'
import { topicOfChannel } from '../channel-service.ts'
import {
  type Bus,
  type BusState,
  type Consumer,
  type Delivery,
  type Inbox,
  type Queue,
  type QueueLimits,
  queueLimits,
  type Subscription,
  type Topic,
} from '../port.ts'
import { BrokerState } from './broker-state.ts'
import { DeadLetters, type NatsDeadLetter } from './dead-letters.ts'
import type { NatsDelivery } from './delivery.ts'
import { ensureStreams, type StreamDifference } from './ensure-streams.ts'
import { EventPublisher } from './event-publisher.ts'
import { eventsIn, jsonIn } from './events.ts'
import { LeftBehind } from './left-behind.ts'
import { type BrokerCredentials, BrokerLink, type BrokerTls } from './link.ts'
import { type NatsLimits, natsLimits } from './nats-limits.ts'
import { Questions, unavailable } from './questions.ts'
import { type ConsumerHost, QueueConsumer } from './queue-consumer.ts'
import { writeToQueue } from './queue-writer.ts'
import { replyMessages } from './replies.ts'
import { wantedStreams } from './streams.ts'
import * as subjects from './subjects.ts'

export type NatsBusOptions = {
  readonly servers: readonly string[]
  /** The broker's user, as in `deploy/nats/permissions.conf`: this process's inboxes lie under it. */
  readonly role: string
  /** Services whose streams this process makes and looks after; only those whose queues it consumes. */
  readonly owns: readonly string[]
  readonly credentials?: BrokerCredentials
  readonly tls?: BrokerTls
  /** How many servers of a cluster hold each stream: 1, 3 or 5. */
  readonly replicas?: number
  readonly clock?: Clock
  readonly log?: Log
  /** A `waitingMax` that is named bounds queues by count, too; else bytes alone do. */
  readonly limits?: Partial<QueueLimits>
  readonly natsLimits?: Partial<NatsLimits>
}

export type NatsBus = Omit<Bus, 'deadLetters'> & {
  /** Why it is down, for people; null while it is up. */
  readonly problem: string | null
  /** What at the broker is not as this release wants it, as of the last look. */
  readonly differences: readonly StreamDifference[]
  deadLetters(queue: Queue, limit: number): Promise<readonly NatsDeadLetter[]>
}

/** No feature of a newer one is used, and an older one lacks some that are. */
const versionMin = [2, 9] as const
const nothing = new Uint8Array(0)

/**
 * The bus of many processes. It is `down` until it is connected and its own streams are there, and each time that it
 * is not; it never gives up, so processes and broker may start in any order.
 */
export function createNatsBus(options: NatsBusOptions): NatsBus {
  return new BrokerBus(options)
}

class BrokerBus implements NatsBus {
  readonly name = 'nats'
  differences: readonly StreamDifference[] = []
  private trouble: string | null = 'there is no connection to the broker yet'
  private readonly options: NatsBusOptions
  private readonly log: Log
  private readonly limits: QueueLimits
  private readonly natsLimits: NatsLimits
  private readonly clock: Clock
  private readonly status: BrokerState
  private readonly link: BrokerLink
  private readonly questions: Questions
  private readonly events: EventPublisher
  private readonly letters: DeadLetters
  private readonly leftBehind: LeftBehind
  private readonly host: ConsumerHost
  private readonly connection = randomBytes(12).toString('hex')
  private readonly brokerInbox: string
  private readonly consumers = new Set<QueueConsumer>()
  private consumersMade = 0
  private readonly inboxes = new Map<string, (reply: ReplyEnvelope) => void>()
  private inboxesOpened = 0
  private readonly nudged = new Set<string>()
  /** Counts connections, so that what was begun on an earlier one ends quietly. */
  private connections = 0
  private ensuring: Promise<void> | null = null
  private readonly timers: readonly NodeJS.Timeout[]
  private closed = false

  constructor(options: NatsBusOptions) {
    this.options = options
    this.log = options.log ?? silentLog
    this.clock = options.clock ?? systemClock
    this.limits = { ...queueLimits, ...options.limits }
    this.natsLimits = { ...natsLimits, ...options.natsLimits }
    this.status = new BrokerState(this.log)
    this.brokerInbox = subjects.brokerInbox(options.role, this.connection)
    const { natsLimits: limits, clock, log } = this
    this.link = new BrokerLink({
      servers: options.servers,
      name: `matchday ${options.role}`,
      ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      limits,
      log,
      onConnected: (version) => this.onConnected(version),
      onDisconnected: () => this.onDisconnected(),
    })
    this.questions = new Questions(this.link, this.brokerInbox, limits, clock)
    this.events = new EventPublisher(this.link, this.questions, limits.eventMessageBytesMax)
    this.letters = new DeadLetters({ questions: this.questions, clock, log, limits: this.limits })
    this.host = this.consumerHost()
    this.link.subscribe(subjects.replySubject(options.role, this.connection, '*'), (message) =>
      this.onReply(message.subject, message.data),
    )
    const { link, questions, letters: deadLetters } = this
    this.leftBehind = new LeftBehind({
      services: options.owns,
      link,
      questions,
      deadLetters,
      limits,
      clock,
      log,
    })
    this.timers = [
      setInterval(() => this.watch(), limits.watchMs).unref(),
      setInterval(() => this.sweep(), limits.sweepMs).unref(),
    ]
  }

  get problem(): string | null {
    const { trouble, link } = this
    return trouble === null || link.lastProblem === '' ? trouble : `${trouble} (${link.lastProblem})`
  }

  get state(): BusState {
    return this.status.current
  }

  onState(listener: (state: BusState) => void): Subscription {
    return this.status.listen(listener)
  }

  async enqueue(queue: Queue, envelope: Envelope, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) throw new Fault('timed-out', 'Sending was called off', { retryable: true })
    this.assertUp()
    await writeToQueue(this.questions, this.limits, queue, envelope, signal)
  }

  consume(queue: Queue, onDelivery: (delivery: Delivery) => void): Consumer {
    const inbox = `${this.brokerInbox}.pull.${++this.consumersMade}`
    const consumer = new QueueConsumer(queue, inbox, this.host, onDelivery)
    this.consumers.add(consumer)
    consumer.startAnew()
    return consumer
  }

  openInbox(onReply: (reply: ReplyEnvelope) => void): Inbox {
    const address = subjects.replySubject(this.options.role, this.connection, ++this.inboxesOpened)
    this.inboxes.set(address, onReply)
    return { address, close: () => this.inboxes.delete(address) }
  }

  reply(address: string, reply: ReplyEnvelope): void {
    // Envelopes are written by others: what they name must not be some subject that only we may publish to.
    if (this.state === 'down' || !subjects.isReplySubject(address)) return
    for (const payload of replyMessages(reply, this.link.messageBytesMax)) this.link.publish(address, payload)
  }

  async publishEvents(events: readonly EventMessage[]): Promise<void> {
    this.assertUp()
    try {
      await this.events.publish(events)
    } catch (error) {
      // Somebody may have deleted the stream: whoever tries again finds it.
      if (this.state === 'up') this.host.ensure()
      throw error
    }
  }

  subscribeEvents(topic: Topic, onEvents: (events: readonly EventMessage[]) => void): Subscription {
    return this.link.subscribe(subjects.eventsTopicSubject(topic), ({ data, subject }) => {
      const events = eventsIn(data)
      if (events !== null) onEvents(events)
      else this.log.warn({ subject }, 'a message that is no batch of events')
    })
  }

  whisper(message: Whisper): void {
    const { service, stream } = topicOfChannel(message.channel)
    if (this.state === 'down') return
    this.link.publish(subjects.whisperSubject(service, stream), Buffer.from(JSON.stringify(message)))
  }

  subscribeWhispers(topic: Topic, onWhisper: (message: Whisper) => void): Subscription {
    return this.link.subscribe(subjects.whispersTopicSubject(topic), ({ data, subject }) => {
      const whisper = jsonIn(data)
      if (isWhisper(whisper)) onWhisper(whisper)
      else this.log.warn({ subject }, 'a message that is no whisper')
    })
  }

  nudge(service: string): void {
    if (this.state === 'down' || this.nudged.has(service)) return
    this.nudged.add(service)
    setImmediate(() => this.nudged.delete(service))
    this.link.publish(subjects.nudgeSubject(service), nothing)
  }

  onNudge(service: string, listener: () => void): Subscription {
    return this.link.subscribe(subjects.nudgeSubject(service), () => listener())
  }

  async deadLetters(queue: Queue, limit: number): Promise<readonly NatsDeadLetter[]> {
    this.assertUp()
    return this.letters.list(queue, limit)
  }

  async replayDeadLetter(queue: Queue, envelopeId: string): Promise<boolean> {
    this.assertUp()
    return this.letters.replay(queue, envelopeId)
  }

  async dismissDeadLetter(queue: Queue, envelopeId: string): Promise<boolean> {
    this.assertUp()
    return this.letters.dismiss(queue, envelopeId)
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    for (const timer of this.timers) clearInterval(timer)
    this.leftBehind.close()
    this.status.close()
    await this.link.close()
    this.questions.stop()
  }

  private assertUp(): void {
    if (this.state === 'down') throw unavailable('The bus is down')
  }

  private onConnected(version: string): void {
    const connection = ++this.connections
    if (!isAtLeast(version, versionMin)) {
      this.trouble = `the broker is nats-server ${version}, and ${versionMin.join('.')} is needed at least`
      this.log.error({ version }, this.trouble)
      return
    }
    this.trouble = 'its streams are looked at'
    void this.comeUp(connection)
  }

  private onDisconnected(): void {
    this.connections++
    this.trouble = 'there is no connection to the broker'
    this.status.set('down')
    this.questions.failAll()
  }

  /** Its store may have been lost while the broker was away, so the streams are looked at each time. */
  private async comeUp(connection: number): Promise<void> {
    const { ensureRetryMs } = this.natsLimits
    while (!this.closed && connection === this.connections) {
      try {
        await this.ensureOwn()
        if (this.closed || connection !== this.connections) return
        this.trouble = null
        this.status.set('up')
        for (const consumer of this.consumers) consumer.startAnew()
        this.sweep()
        return
      } catch (error) {
        const problem = `its streams are not there: ${error instanceof Error ? error.message : String(error)}`
        if (problem !== this.trouble) this.log.warn({ err: error }, 'the broker has no streams for us yet')
        this.trouble = problem
      }
      await new Promise((resolve) => setTimeout(resolve, ensureRetryMs * (1 + Math.random())))
    }
  }

  /** One look at a time serves all who ask for it meanwhile. */
  private ensureOwn(): Promise<void> {
    this.ensuring ??= this.lookAtStreams().finally(() => {
      this.ensuring = null
    })
    return this.ensuring
  }

  private async lookAtStreams(): Promise<void> {
    const { owns, replicas = 1, limits } = this.options
    const bounds = {
      queue: this.limits,
      nats: this.natsLimits,
      waitingMax: limits?.waitingMax ?? null,
      replicas,
    }
    const wanted = owns.flatMap((service) => wantedStreams(service, bounds))
    this.differences = await ensureStreams(this.questions, wanted, this.log)
  }

  private watch(): void {
    const now = this.clock.monotonicMs()
    for (const consumer of this.consumers) consumer.watch(now)
  }

  private sweep(): void {
    if (this.state === 'up') void this.leftBehind.sweep()
  }

  private onReply(address: string, data: Uint8Array): void {
    const onReply = this.inboxes.get(address)
    if (onReply === undefined) return
    const reply = jsonIn(data)
    if (isReplyEnvelope(reply)) onReply(reply)
    else this.log.warn({ address }, 'a message that is no answer')
  }

  private consumerHost(): ConsumerHost {
    const { link, questions, clock, log, natsLimits: limits, letters } = this
    return {
      link,
      questions,
      clock,
      log,
      limits,
      deliveriesMax: this.limits.deliveriesMax,
      isUp: () => this.state === 'up',
      say: (subject, word) => link.publish(subject, word),
      bury: (delivery, reason) => this.bury(delivery, reason),
      buryUnreadable: (queue, { data, reply = '' }, { sequence, attempt: attempts }) => {
        const buried = { sequence, attempts, reason: 'it is no envelope' }
        this.settleBurial(letters.bury(queue, data, buried), () => link.publish(reply, terminated))
      },
      ensure: () => this.ensureOwn().catch((error: unknown) => log.warn({ err: error }, 'streams')),
      remake: (queue) => this.remake(queue),
      onClosed: (consumer) => this.consumers.delete(consumer),
    }
  }

  private async remake(queue: Queue): Promise<void> {
    this.log.error({ queue }, 'the broker gives out nothing of a queue in memory; it is made anew')
    await this.questions.api(subjects.api.streamDelete(subjects.streamOf.queue(queue)))
    // Whoever looks already may have seen the one that is gone.
    await this.ensuring?.catch(() => {})
    await this.ensureOwn()
  }

  private bury(delivery: NatsDelivery, reason: string): void {
    const { queue, envelope, sequence, attempt: attempts } = delivery
    const held = this.letters.bury(queue, envelope, { sequence, attempts, reason })
    this.settleBurial(held, () => delivery.buried())
  }

  /** Only what the dead letters hold may leave its queue; else it comes again, or is found when queues are swept. */
  private settleBurial(held: Promise<void>, forget: () => void): void {
    held.then(forget, (error: unknown) => this.log.warn({ err: error }, 'a dead letter is not held yet'))
  }
}

const terminated = Buffer.from('+TERM')

function isWhisper(value: unknown): value is Whisper {
  return typeof value === 'object' && value !== null && 'channel' in value && 'key' in value
}

function isReplyEnvelope(value: unknown): value is ReplyEnvelope {
  return typeof value === 'object' && value !== null && 'replies' in value && Array.isArray(value.replies)
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [foundMajor = 0, foundMinor = 0] = version.split('.').map(Number)
  return foundMajor > major || (foundMajor === major && foundMinor >= minor)
}
