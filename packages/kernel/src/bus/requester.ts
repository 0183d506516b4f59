import type { Caller, FaultCode, Operation } from '@matchday/contracts'
import { type Clock, systemClock } from '../clock.ts'
import { Fault } from '../fault.ts'
import { type Log, silentLog } from '../log.ts'
import type { Envelope, JsonObject, Reply, ReplyEnvelope, RequestItem } from '../message.ts'
import { createTicker, type Ticker } from '../ticker.ts'
import { faultReply, faultReplyOf } from './fault-reply.ts'
import { jsonBytes } from './json-size.ts'
import { type Bus, type Inbox, type Lane, type Queue, queueLimits } from './port.ts'

export const requesterLimits = {
  /** A request that names no time-out of its own. */
  timeoutMs: 5_000,
  /** Requests that wait for an answer; one more is told at once that this is too much. */
  pendingMax: 10_000,
  /** An envelope that has been open this long takes nothing more, even if the turn of the event loop goes on. */
  openMs: 1,
  /** Deadlines are looked at this often: an answer `timed-out` is late by so much at most. */
  expiryTickMs: 25,
  /** Room for what an envelope holds besides its items. */
  envelopeOverheadBytes: 1_024,
} as const

export type RequestCall = {
  /** Request id = command id. */
  readonly id: string
  readonly input: JsonObject
  readonly caller: Caller
  readonly expectedVersion?: number
  /** W3C `traceparent`. */
  readonly trace?: string
  readonly timeoutMs?: number
  /** The client hung up: what is not sent yet never is, and the answer to what was sent is dropped. */
  readonly signal?: AbortSignal
}

export type Requester = {
  /** Never throws: what goes wrong is a reply of kind `fault`. */
  request(operation: Operation, call: RequestCall): Promise<Reply>
  /** Answers what still waits with `unavailable`, and takes nothing more. */
  close(): Promise<void>
  /** Requests that wait for an answer. */
  readonly pending: number
}

export type RequesterOptions = {
  readonly bus: Bus
  /** Ids of envelopes; must never repeat. */
  readonly newId: () => string
  readonly clock?: Clock
  readonly log?: Log
  readonly limits?: { readonly [Name in keyof typeof requesterLimits]?: number }
}

/**
 * The edge's side of the queues: what arrives for one service and lane within a turn of the event loop travels in one
 * envelope, and the answers come back to one inbox.
 */
export function createRequester(options: RequesterOptions): Requester {
  return new EnvelopeRequester(options)
}

/** One request that waits for its answer. */
type Pending = {
  readonly resolve: (reply: Reply) => void
  readonly sent: OpenEnvelope
  /** On the monotonic clock. */
  readonly expiresAt: number
  /** Others that end with the same signal; it is among them while it waits. */
  readonly together: Set<Pending> | null
  done: boolean
}

/** An envelope while it is filled and until all its items are answered. An item's place is its pending's place. */
class OpenEnvelope {
  readonly id: string
  readonly queue: Queue
  readonly openedAt: number
  readonly items: RequestItem[] = []
  readonly pending: Pending[] = []
  bytes = 0
  unanswered = 0
  firstExpiry = Number.POSITIVE_INFINITY

  constructor(id: string, queue: Queue, openedAt: number) {
    this.id = id
    this.queue = queue
    this.openedAt = openedAt
  }
}

class EnvelopeRequester implements Requester {
  private readonly bus: Bus
  private readonly newId: () => string
  private readonly clock: Clock
  private readonly log: Log
  private readonly limits: { readonly [Name in keyof typeof requesterLimits]: number }
  private readonly itemsBytesMax: number
  private readonly inbox: Inbox
  private readonly ticker: Ticker
  private readonly open: Record<Lane, Map<string, OpenEnvelope>> = { commands: new Map(), queries: new Map() }
  private readonly inFlight = new Map<string, OpenEnvelope>()
  /**
   * One listener for each signal, not for each request: a client's connection has one signal for all that it asks,
   * and to listen and to stop listening would cost as much as sending the request does. Gone with the signal.
   */
  private readonly waitingOn = new WeakMap<AbortSignal, Set<Pending>>()
  private flushScheduled = false
  private closed = false
  pending = 0

  constructor(options: RequesterOptions) {
    this.bus = options.bus
    this.newId = options.newId
    this.clock = options.clock ?? systemClock
    this.log = options.log ?? silentLog
    this.limits = { ...requesterLimits, ...options.limits }
    this.itemsBytesMax = queueLimits.envelopeBytesMax - this.limits.envelopeOverheadBytes
    this.inbox = this.bus.openInbox((reply) => this.onReply(reply))
    this.ticker = createTicker(this.limits.expiryTickMs, () => this.expire())
  }

  request(operation: Operation, call: RequestCall): Promise<Reply> {
    if (this.closed) return refused('unavailable')
    if (call.signal?.aborted === true) return refused('timed-out')
    if (this.pending >= this.limits.pendingMax) return refused('overloaded')
    const timeoutMs = call.timeoutMs ?? this.limits.timeoutMs
    const item = requestItem(operation, call, this.clock.now() + timeoutMs)
    // Exact only where sixteen of this size might not fit; all others surely do.
    const bytes = 1 + jsonBytes(item, Math.floor(this.itemsBytesMax / queueLimits.itemsPerEnvelopeMax) - 1)
    if (bytes > this.itemsBytesMax) return refused('payload-too-large')
    const lane = operation.kind === 'command' ? 'commands' : 'queries'
    return new Promise((resolve) => {
      const envelope = this.envelopeFor(operation, lane, bytes)
      const together = call.signal === undefined ? null : this.togetherOn(call.signal)
      const expiresAt = this.clock.monotonicMs() + timeoutMs
      const pending: Pending = { resolve, sent: envelope, expiresAt, together, done: false }
      together?.add(pending)
      envelope.items.push(item)
      envelope.pending.push(pending)
      envelope.bytes += bytes
      envelope.unanswered++
      envelope.firstExpiry = Math.min(envelope.firstExpiry, expiresAt)
      this.pending++
      const isFull = envelope.items.length === queueLimits.itemsPerEnvelopeMax
      if (isFull || operation.travelsAlone === true) this.send(envelope)
      else this.scheduleFlush()
    })
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    const waiting = [...this.inFlight.values(), ...this.open.commands.values(), ...this.open.queries.values()]
    for (const envelope of waiting) this.settleAll(envelope, faultReply('unavailable'))
    this.open.commands.clear()
    this.open.queries.clear()
    this.ticker.stop()
    this.inbox.close()
  }

  /** The open envelope that this item goes into; what it doesn't fit into is sent, so that order is kept. */
  private envelopeFor(operation: Operation, lane: Lane, bytes: number): OpenEnvelope {
    const { service } = operation
    const open = this.open[lane].get(service)
    const now = this.clock.monotonicMs()
    if (open !== undefined) {
      const fits = open.bytes + bytes <= this.itemsBytesMax && now - open.openedAt <= this.limits.openMs
      if (fits && operation.travelsAlone !== true) return open
      this.send(open)
    }
    const fresh = new OpenEnvelope(this.newId(), { service, lane }, now)
    this.open[lane].set(service, fresh)
    return fresh
  }

  private scheduleFlush(): void {
    if (this.flushScheduled) return
    this.flushScheduled = true
    // Runs after all that the sockets brought in this turn.
    setImmediate(() => {
      this.flushScheduled = false
      for (const envelope of this.open.commands.values()) this.send(envelope)
      for (const envelope of this.open.queries.values()) this.send(envelope)
    })
  }

  private send(open: OpenEnvelope): void {
    this.open[open.queue.lane].delete(open.queue.service)
    if (open.items.length === 0) return
    this.inFlight.set(open.id, open)
    this.ticker.start()
    const envelope: Envelope = { schema: 1, id: open.id, replyTo: this.inbox.address, items: open.items }
    this.bus.enqueue(open.queue, envelope).catch((error: unknown) => this.onSendFailed(open, error))
  }

  private onSendFailed(envelope: OpenEnvelope, error: unknown): void {
    const { queue } = envelope
    if (error instanceof Fault) this.log.warn({ queue, code: error.code }, 'an envelope could not be sent')
    else this.log.error({ queue, err: error }, 'sending an envelope failed')
    this.settleAll(envelope, faultReplyOf(error))
  }

  private onReply(message: ReplyEnvelope): void {
    const envelope = this.inFlight.get(message.envelope)
    if (envelope === undefined) return
    for (const { index, reply } of message.replies) {
      const pending = envelope.pending[index]
      if (pending !== undefined) this.settle(pending, reply)
    }
  }

  private togetherOn(signal: AbortSignal): Set<Pending> {
    const known = this.waitingOn.get(signal)
    if (known !== undefined) return known
    const together = new Set<Pending>()
    this.waitingOn.set(signal, together)
    const onAbort = () => {
      for (const pending of together) this.abort(pending)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    return together
  }

  private abort(pending: Pending): void {
    const { sent } = pending
    // Only an open envelope may still be changed: one that was sent belongs to the bus.
    if (!pending.done && !this.inFlight.has(sent.id)) {
      const index = sent.pending.indexOf(pending)
      sent.pending.splice(index, 1)
      sent.items.splice(index, 1)
    }
    this.settle(pending, faultReply('timed-out'))
  }

  private settle(pending: Pending, reply: Reply): void {
    if (pending.done) return
    pending.done = true
    this.pending--
    pending.together?.delete(pending)
    pending.sent.unanswered--
    if (pending.sent.unanswered === 0) this.inFlight.delete(pending.sent.id)
    pending.resolve(reply)
  }

  private settleAll(envelope: OpenEnvelope, reply: Reply): void {
    for (const pending of envelope.pending) this.settle(pending, reply)
  }

  private expire(): boolean {
    const now = this.clock.monotonicMs()
    for (const envelope of this.inFlight.values()) {
      if (envelope.firstExpiry > now) continue
      envelope.firstExpiry = Number.POSITIVE_INFINITY
      for (const pending of envelope.pending) {
        if (pending.done) continue
        if (pending.expiresAt <= now) this.settle(pending, faultReply('timed-out'))
        else envelope.firstExpiry = Math.min(envelope.firstExpiry, pending.expiresAt)
      }
    }
    return this.inFlight.size > 0
  }
}

function refused(code: FaultCode): Promise<Reply> {
  return Promise.resolve(faultReply(code))
}

function requestItem(operation: Operation, call: RequestCall, deadlineAt: number): RequestItem {
  const { id, input, caller, expectedVersion, trace } = call
  const item = { id, operation: operation.name, input, caller, deadlineAt }
  if (expectedVersion === undefined && trace === undefined) return item
  return {
    ...item,
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
    ...(trace === undefined ? {} : { trace }),
  }
}
