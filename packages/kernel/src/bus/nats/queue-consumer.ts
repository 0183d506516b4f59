import type { Msg } from '@nats-io/nats-core'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { settlesWithin } from '../../settles-within.ts'
import { type Consumer, type Delivery, isWrittenDown, type Queue } from '../port.ts'
import { type DeliveryFacts, type DeliveryHost, deliveryFacts, envelopeIn, NatsDelivery } from './delivery.ts'
import type { BrokerLink, LinkSubscription } from './link.ts'
import type { NatsLimits } from './nats-limits.ts'
import { notFoundCodes, type Questions } from './questions.ts'
import { api, streamOf } from './subjects.ts'

export type ConsumerHost = DeliveryHost & {
  readonly link: BrokerLink
  readonly questions: Questions
  readonly clock: Clock
  readonly log: Log
  readonly limits: NatsLimits
  readonly isUp: () => boolean
  /** A message that is no envelope: keeps its bytes as a dead letter, then has the broker forget it. */
  readonly buryUnreadable: (queue: Queue, message: Msg, facts: DeliveryFacts) => void
  /** The stream or the consumer is gone: makes it again if that is ours to do. */
  readonly ensure: () => void
  /** Makes a queue in memory anew, with what waits in it lost. */
  readonly remake: (queue: Queue) => Promise<void>
  readonly onClosed: (consumer: QueueConsumer) => void
}

type ConsumerInfo = {
  readonly created?: string
  readonly num_pending?: number
  readonly num_ack_pending?: number
  readonly delivered?: { readonly stream_seq: number }
}
type StreamInfo = { readonly state?: { readonly last_seq: number } }
/** Work waits at the broker, and this is how far it has come with giving it out. */
type Halt = { readonly progress: string; readonly since: number }

/**
 * One consumer's side of a durable pull consumer. Asks the broker for exactly as many envelopes as there are credits.
 *
 * `credits` is what may still be delivered, `asked` what the broker has been asked for and has not said no to. Messages
 * do not tell which pull they answer, but each lowers both by one, and a pull that ends says how much of it is left.
 */
export class QueueConsumer implements Consumer {
  private readonly queue: Queue
  private readonly stream: string
  private readonly host: ConsumerHost
  private readonly onDelivery: (delivery: Delivery) => void
  private readonly inbox: string
  private subscription: LinkSubscription | null = null
  /** Each time that pulls are given up, answers go to another subject: what comes late is not ours to count. */
  private generation = 0
  private credits = 0
  private asked = 0
  private pullScheduled = false
  private retryAt = 0
  private heardAt = 0
  private inquireAt = 0
  private renewAt = 0
  private renewing = false
  private asking = false
  private lastCode = 0
  private halt: Halt | null = null
  private closed = false

  constructor(queue: Queue, inbox: string, host: ConsumerHost, onDelivery: (delivery: Delivery) => void) {
    this.queue = queue
    this.stream = streamOf.queue(queue)
    this.inbox = inbox
    this.host = host
    this.onDelivery = onDelivery
  }

  pull(envelopes: number): void {
    if (this.closed) return
    this.credits += envelopes
    this.schedulePull()
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.credits = 0
    this.host.onClosed(this)
    // What is on its way already is handed back as it comes. A broker that hangs is not waited for.
    if (this.subscription !== null) await settlesWithin(this.subscription.drain(), this.host.limits.drainMs)
  }

  /** Whatever was asked for is forgotten, by the broker too: asks again for all credits. */
  startAnew(): void {
    if (this.closed) return
    this.subscription?.close()
    this.generation++
    this.asked = 0
    this.retryAt = 0
    this.heardAt = this.host.clock.monotonicMs()
    this.renewAt = this.heardAt + this.host.limits.renewMs
    const prefix = this.prefix()
    this.subscription = this.host.link.subscribe(`${prefix}*`, (message) => this.onMessage(message))
    this.schedulePull()
  }

  /** Called now and then: renews what the broker has not answered, and asks what is wrong when nothing comes. */
  watch(now: number): void {
    if (this.closed || this.credits === 0 || this.renewing || !this.host.isUp()) return
    if (this.retryAt > 0 && now >= this.retryAt) {
      this.retryAt = 0
      this.schedulePull()
    }
    const { stallMs, pullMs } = this.host.limits
    const silentMs = now - this.heardAt
    // The broker ends each pull with a word; when even that does not come, the pull is lost.
    if (silentMs >= pullMs + stallMs || now >= this.renewAt) void this.renew()
    else if (silentMs >= stallMs && now >= this.inquireAt && !this.asking) {
      this.inquireAt = now + stallMs
      void this.inquire()
    }
  }

  /** Ends all pulls, hears what is on its way already, and pulls anew: a pull that was lost alone is found by nothing else. */
  private async renew(): Promise<void> {
    this.renewing = true
    try {
      if (this.subscription !== null) await settlesWithin(this.subscription.drain(), this.host.limits.drainMs)
    } finally {
      this.renewing = false
      this.startAnew()
    }
  }

  /** Pulls anew when work waits that the broker should have given us, or when it knows nothing of our consumer. */
  private async inquire(): Promise<void> {
    this.asking = true
    const heardAt = this.heardAt
    try {
      const info = await this.host.questions.api<ConsumerInfo>(api.consumerInfo(this.stream))
      const isGone = info.error !== undefined && isMissing(info.error.err_code)
      const isStalled = (info.num_pending ?? 0) > 0 && this.heardAt === heardAt && this.credits > 0
      if (isGone) this.host.ensure()
      else if (await this.isStuck(info)) await this.host.remake(this.queue)
      if (!isGone && !isStalled) return
      this.host.log.warn(
        { queue: this.queue, pending: info.num_pending },
        'a consumer stalled; it pulls anew',
      )
      if (!this.renewing) this.startAnew()
    } catch {
      // The broker does not answer: the connection's own watch takes care of that.
    } finally {
      this.asking = false
    }
  }

  /**
   * Whether nobody has been given anything for a while, though work waits and was asked for. After a cluster lost its
   * majority, servers come back without what they held in memory; then the stream may have forgotten what its consumer
   * has delivered long ago, which waits for ever for what comes after that, or they disagree about who leads. Only the
   * broker is to blame: a consumer that holds work has been given it.
   */
  private async isStuck(info: ConsumerInfo): Promise<boolean> {
    const { created, delivered, num_pending = 0, num_ack_pending: inWork = 0 } = info
    const { questions, clock, limits } = this.host
    if (isWrittenDown[this.queue.lane] || delivered === undefined) return false
    const { state } = await questions.api<StreamInfo>(api.streamInfo(this.stream))
    const isForgotten = state !== undefined && state.last_seq < delivered.stream_seq
    const mayGive = num_pending > 0 && inWork < limits.inWorkMax
    const progress = `${created} ${delivered.stream_seq} ${inWork}`
    const now = clock.monotonicMs()
    if (!isForgotten && !mayGive) this.halt = null
    else if (this.halt?.progress !== progress) this.halt = { progress, since: now }
    return this.halt !== null && now - this.halt.since >= limits.stuckMs
  }

  private prefix(): string {
    return `${this.inbox}.${this.generation}.`
  }

  private schedulePull(): void {
    if (this.pullScheduled || this.retryAt > 0) return
    this.pullScheduled = true
    // All credits of this turn in one pull.
    queueMicrotask(() => {
      this.pullScheduled = false
      this.sendPull()
    })
  }

  private sendPull(): void {
    const batch = this.credits - this.asked
    if (batch <= 0 || this.closed || this.renewing || !this.host.isUp()) return
    if (this.asked === 0) this.heardAt = this.host.clock.monotonicMs()
    this.asked += batch
    const expires = this.host.limits.pullMs * 1e6
    const request = Buffer.from(`{"batch":${batch},"expires":${expires}}`)
    this.host.link.publish(api.pull(this.stream), request, `${this.prefix()}${batch}`)
  }

  private onMessage(message: Msg): void {
    this.heardAt = this.host.clock.monotonicMs()
    const facts = message.reply === undefined ? null : deliveryFacts(message.reply)
    if (facts === null) {
      this.onStatus(message)
      return
    }
    this.asked = Math.max(0, this.asked - 1)
    this.lastCode = 0
    this.halt = null
    const envelope = envelopeIn(message.data)
    if (envelope === null) {
      this.host.buryUnreadable(this.queue, message, facts)
      // It cost no credit: nobody was given anything.
      this.schedulePull()
      return
    }
    const delivery = new NatsDelivery(this.host, this.queue, message, facts, envelope)
    if (this.closed || this.credits === 0) {
      delivery.nak()
      return
    }
    this.credits--
    try {
      this.onDelivery(delivery)
    } catch (error) {
      // A bug of the consumer must not keep the others from their work; the ack wait takes care of the envelope.
      this.host.log.error({ err: error, queue: this.queue }, 'a consumer threw at a delivery')
    }
  }

  /** A pull has ended before it was answered in full. */
  private onStatus(message: Msg): void {
    const status = message.headers
    const code = status?.code ?? 0
    if (code === 100) return
    const batch = Number(message.subject.slice(this.prefix().length))
    const left = Number(status?.get('Nats-Pending-Messages') || batch)
    this.asked = Math.max(0, this.asked - left)
    if (code === 404 || code === 408) {
      this.schedulePull()
      return
    }
    // 409: the consumer was removed, or its leader has changed, or too much is in work. 503: nobody is there.
    if (code !== this.lastCode) {
      this.host.log.warn({ queue: this.queue, code, status: status?.description }, 'the broker gives no work')
    }
    this.lastCode = code
    if (code === 503) this.host.ensure()
    this.retryAt = this.host.clock.monotonicMs() + this.host.limits.watchMs / 2
  }
}

function isMissing(code: number | undefined): boolean {
  return code === notFoundCodes.consumer || code === notFoundCodes.stream
}
