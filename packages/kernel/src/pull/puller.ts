import { faultReply, faultReplyOf } from '../bus/fault-reply.ts'
import { type Bus, type Consumer, type Delivery, type Queue, queueLimits } from '../bus/port.ts'
import { type Clock, systemClock } from '../clock.ts'
import { Fault } from '../fault.ts'
import { type Log, silentLog } from '../log.ts'
import type { Envelope, Reply, ReplyEnvelope, RequestItem } from '../message.ts'
import { settlesWithin } from '../settles-within.ts'
import { createTicker, type Ticker } from '../ticker.ts'
import { malformedReason } from './malformed.ts'
import { isPutOff, splitEnvelope, triesOf } from './split.ts'
import { WorkAhead, workAheadLimits } from './work-ahead.ts'

export const pullerLimits = {
  /** The bus is told this often that a delivery is still at work; a quarter of the ack wait. */
  heartbeatMs: queueLimits.heartbeatMs,
  /** Work that takes longer than this hangs: no more heartbeats, so that somebody else gets the envelope. */
  workMs: 30_000,
  /** On stopping, work may go on for so long; then it is handed back. */
  stopMs: 3_000,
  /** An envelope whose items could not be put back on the queue one by one is delivered again after this long. */
  splitRetryMs: 1_000,
  /** A try that is put off (see `isPutOff`) comes again within this long, at a random moment. */
  putOffMs: 1_000,
  ...workAheadLimits,
} as const

/** What comes next is as large as what came of late, of which the last counts so much. */
const envelopeItemsWeight = 1 / 8

export type HandleContext = {
  /** Above 1: an earlier delivery may have had its effect. */
  readonly attempt: number
  /** Aborted when the puller has no more time to wait for its work. */
  readonly signal: AbortSignal
}

export type PullerOptions = {
  readonly bus: Bus
  readonly queue: Queue
  /** Items in work at the same time, at most; fewer when they are dear (see `WorkAhead`). */
  readonly capacityItems: number
  readonly handle: (item: RequestItem, context: HandleContext) => Promise<Reply>
  readonly clock?: Clock
  readonly log?: Log
  readonly limits?: { readonly [Name in keyof typeof pullerLimits]?: number }
  /** From 0 to below 1. */
  readonly random?: () => number
}

export type Puller = {
  /** Pulls nothing more, finishes and answers what is in work. After `stopMs` the rest is handed back. */
  stop(): Promise<void>
  readonly queue: Queue
  /** Items in work. */
  readonly inFlight: number
  /** Envelopes that have been in work for longer than `workMs`. */
  readonly stuck: number
  /** Since the start. */
  readonly figures: Readonly<PullFigures>
}

export type PullFigures = {
  /** Envelopes that came, those that came again included. */
  deliveries: number
  /** Envelopes of which an earlier delivery was not acknowledged. */
  redeliveries: number
  /** Redelivered envelopes whose items were put back on the queue one by one. */
  split: number
  /** Envelopes that can never be handled, and went to the dead letters at once. */
  malformed: number
}

/**
 * A service's side of a queue: asks for what it can start now and for nothing more, so that a busy instance is never
 * handed work that another could begin at once.
 */
export function createPuller(options: PullerOptions): Puller {
  return new EnvelopePuller(options)
}

/** One delivery in work. */
type Work = {
  readonly delivery: Delivery
  readonly items: readonly RequestItem[]
  readonly context: HandleContext
  readonly replies: Reply[]
  /** On the monotonic clock. */
  readonly startedAt: number
  /** The item to begin next. */
  next: number
  unfinished: number
  stuck: boolean
}

class EnvelopePuller implements Puller {
  private readonly options: PullerOptions
  private readonly clock: Clock
  private readonly log: Log
  private readonly limits: { readonly [Name in keyof typeof pullerLimits]: number }
  private readonly consumer: Consumer
  private readonly heart: Ticker
  private readonly works = new Set<Work>()
  private readonly stopping = new AbortController()
  /** Envelopes asked for that have not come yet; each may bring as many items as an envelope holds. */
  private credits = 0
  private envelopeItems = 1
  private readonly workAhead: WorkAhead
  private stopped: Promise<void> | null = null
  private onIdle: (() => void) | null = null
  inFlight = 0
  stuck = 0
  readonly queue: Queue
  readonly figures: PullFigures = { deliveries: 0, redeliveries: 0, split: 0, malformed: 0 }

  constructor(options: PullerOptions) {
    this.options = options
    this.queue = options.queue
    this.clock = options.clock ?? systemClock
    this.log = options.log ?? silentLog
    this.limits = { ...pullerLimits, ...options.limits }
    this.workAhead = new WorkAhead(this.limits, options.capacityItems)
    this.heart = createTicker(this.limits.heartbeatMs, () => this.beat())
    this.consumer = options.bus.consume(options.queue, (delivery) => this.onDelivery(delivery))
    this.refill()
  }

  stop(): Promise<void> {
    this.stopped ??= this.finish()
    return this.stopped
  }

  private async finish(): Promise<void> {
    await this.consumer.close()
    const idle = new Promise<void>((resolve) => {
      if (this.works.size === 0) resolve()
      else this.onIdle = resolve
    })
    if (!(await settlesWithin(idle, this.limits.stopMs))) {
      this.log.warn({ queue: this.options.queue, items: this.inFlight }, 'stopped with work unfinished')
      this.stopping.abort()
      for (const work of this.works) work.delivery.nak()
    }
    this.heart.stop()
  }

  /**
   * Asks for as many envelopes as surely fit into what is free, and as probably are done in time; for one when idle,
   * however small the capacity.
   */
  private refill(): void {
    if (this.stopped !== null) return
    const { inFlight, workAhead } = this
    const surely = (this.options.capacityItems - inFlight) / queueLimits.itemsPerEnvelopeMax
    const probably = (workAhead.capacity - inFlight) / this.envelopeItems
    const fitting = Math.floor(Math.min(surely, probably))
    const wanted = this.inFlight === 0 ? Math.max(1, fitting) : fitting
    if (wanted <= this.credits) return
    const more = wanted - this.credits
    this.credits = wanted
    this.consumer.pull(more)
  }

  private onDelivery(delivery: Delivery): void {
    this.credits--
    this.figures.deliveries++
    if (this.stopped !== null) {
      delivery.nak()
      return
    }
    const { envelope, attempt } = delivery
    const malformed = malformedReason(envelope)
    if (malformed !== null) {
      this.figures.malformed++
      delivery.terminate(`malformed: ${malformed}`)
      this.refill()
      return
    }
    const { items } = envelope
    this.envelopeItems += (items.length - this.envelopeItems) * envelopeItemsWeight
    if (attempt > 1 && !this.mayRepeat(delivery)) {
      this.refill()
      return
    }
    const context = { attempt: triesOf(envelope, attempt), signal: this.stopping.signal }
    const startedAt = this.clock.monotonicMs()
    const unfinished = items.length
    const work: Work = { delivery, items, context, replies: [], startedAt, next: 0, unfinished, stuck: false }
    this.works.add(work)
    this.inFlight += items.length
    this.heart.start()
    if (attempt > 1 && items.length > 1) void this.split(work)
    else {
      const atOnce = Math.min(items.length, this.options.capacityItems)
      for (let begun = 0; begun < atOnce; begun++) this.beginNext(work)
    }
    this.refill()
  }

  /** False when this try is put off. What nobody waits for any more is not: it is answered and done with. */
  private mayRepeat(delivery: Delivery): boolean {
    const { envelope, attempt } = delivery
    this.figures.redeliveries++
    if (envelope.items.length > 1) return true
    if (!isPutOff(triesOf(envelope, attempt), attempt, queueLimits.deliveriesMax)) return true
    if (envelope.items[0]!.deadlineAt <= this.clock.now()) return true
    delivery.nak(1 + (this.options.random ?? Math.random)() * this.limits.putOffMs)
    return false
  }

  /**
   * An earlier delivery went wrong, perhaps because one of the items kills whoever handles it. Each goes back to the
   * queue alone, so that each has deliveries of its own and the one that kills dies alone. The whole is done when the
   * queue holds all its parts.
   */
  private async split(work: Work): Promise<void> {
    const { delivery } = work
    const { bus, queue } = this.options
    const { singles, expired } = splitEnvelope(delivery.envelope, this.clock.now())
    try {
      await Promise.all(singles.map((single) => bus.enqueue(queue, single)))
      this.figures.split++
      if (expired.length > 0) {
        const timedOut = expired.map((index) => ({ index, reply: faultReply('timed-out') }))
        this.reply(delivery.envelope, timedOut)
      }
      delivery.ack()
    } catch (error) {
      this.log.warn({ err: error, queue, envelope: delivery.envelope.id }, 'an envelope could not be split')
      delivery.nak(this.limits.splitRetryMs)
    }
    this.inFlight -= work.unfinished
    this.endWork(work)
    this.refill()
  }

  private beginNext(work: Work): void {
    if (work.next === work.items.length) return
    const index = work.next++
    const item = work.items[index]!
    // Nobody waits for it any more: whoever asked has been told that it timed out.
    if (item.deadlineAt <= this.clock.now()) {
      this.finishItem(work, index, faultReply('timed-out'))
      return
    }
    const startedAt = this.clock.monotonicMs()
    const alone = this.workAhead.begin(startedAt)
    const finish = (reply: Reply) => {
      const now = this.clock.monotonicMs()
      this.workAhead.end(now, now - startedAt, alone)
      this.finishItem(work, index, reply)
    }
    const fail = (error: unknown) => finish(this.failed(item, error))
    try {
      this.options.handle(item, work.context).then(finish, fail)
    } catch (error) {
      fail(error)
    }
  }

  private failed({ id, operation, trace }: RequestItem, error: unknown): Reply {
    const level = error instanceof Fault ? 'warn' : 'error'
    this.log[level]({ err: error, requestId: id, operation, trace }, 'a request failed')
    return faultReplyOf(error)
  }

  private finishItem(work: Work, index: number, reply: Reply): void {
    work.replies[index] = reply
    work.unfinished--
    this.inFlight--
    if (work.unfinished === 0) this.finishWork(work)
    else this.beginNext(work)
    this.refill()
  }

  /** Answers, then acknowledges: a crash in between repeats the work, the other way round would lose the answer. */
  private finishWork(work: Work): void {
    const { delivery, replies } = work
    this.reply(
      delivery.envelope,
      replies.map((reply, index) => ({ index, reply })),
    )
    delivery.ack()
    this.endWork(work)
  }

  private reply({ id, replyTo, replyAs }: Envelope, replies: ReplyEnvelope['replies']): void {
    if (replyTo === null) return
    if (replyAs === undefined) this.options.bus.reply(replyTo, { schema: 1, envelope: id, replies })
    else {
      const inItsPlace = replies.map(({ reply }) => ({ index: replyAs.index, reply }))
      this.options.bus.reply(replyTo, { schema: 1, envelope: replyAs.envelope, replies: inItsPlace })
    }
  }

  private endWork(work: Work): void {
    this.works.delete(work)
    if (work.stuck) this.stuck--
    if (this.works.size === 0) this.onIdle?.()
  }

  private beat(): boolean {
    const startedBefore = this.clock.monotonicMs() - this.limits.workMs
    for (const work of this.works) {
      if (work.startedAt > startedBefore) work.delivery.working()
      else if (!work.stuck) {
        work.stuck = true
        this.stuck++
        const { queue } = this.options
        this.log.error({ queue, envelope: work.delivery.envelope.id }, 'an envelope hangs in work')
      }
    }
    return this.works.size > 0
  }
}
