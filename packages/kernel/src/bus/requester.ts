import type { FaultCode } from '@matchday/contracts'
import { type Clock, systemClock } from '../clock.ts'
import { Fault } from '../fault.ts'
import { type Log, silentLog } from '../log.ts'
import type { Envelope, Reply, ReplyEnvelope, RequestItem } from '../message.ts'
import { createTicker, type Ticker } from '../ticker.ts'
import { faultReply, faultReplyOf } from './fault-reply.ts'
import { jsonBytes } from './json-size.ts'
import { Compartment, OpenEnvelope, type Pending } from './pending-request.ts'
import { type Bus, type BusState, type Inbox, type Lane, queueLimits, type Subscription } from './port.ts'
import {
  type AskedOperation,
  type RequestCall,
  type Requester,
  type RequesterLimits,
  type RequesterOptions,
  type RequestFigures,
  requesterLimits,
} from './requester-port.ts'
import { WaitingRoom } from './waiting-room.ts'

export * from './requester-port.ts'

/**
 * The edge's side of the queues: what arrives for one service and lane within a turn of the event loop travels in one
 * envelope, and the answers come back to one inbox.
 */
export function createRequester(options: RequesterOptions): Requester {
  return new EnvelopeRequester(options)
}

class EnvelopeRequester implements Requester {
  private readonly bus: Bus
  private readonly newId: () => string
  private readonly clock: Clock
  private readonly log: Log
  private readonly limits: RequesterLimits
  private readonly itemsBytesMax: number
  private readonly inbox: Inbox
  private readonly busState: Subscription
  private readonly ticker: Ticker
  private readonly compartments: Record<Lane, Map<string, Compartment>> = {
    commands: new Map(),
    private: new Map(),
    queries: new Map(),
  }
  /** The same, in one list. */
  private readonly allCompartments: Compartment[] = []
  private readonly inFlight = new Map<string, OpenEnvelope>()
  private readonly waitingRoom: WaitingRoom
  /**
   * One listener for each signal, not for each request: a client's connection has one signal for all that it asks,
   * and to listen and to stop listening would cost as much as sending the request does. Gone with the signal.
   */
  private readonly waitingOn = new WeakMap<AbortSignal, Set<Pending>>()
  private flushScheduled = false
  private closed = false
  pending = 0
  /** Bounded by the operations of the contracts. */
  readonly outcomes = new Map<string, Map<string, number>>()

  constructor(options: RequesterOptions) {
    this.bus = options.bus
    this.newId = options.newId
    this.clock = options.clock ?? systemClock
    this.log = options.log ?? silentLog
    this.limits = { ...requesterLimits, ...options.limits }
    this.itemsBytesMax = queueLimits.envelopeBytesMax - this.limits.envelopeOverheadBytes
    this.waitingRoom = new WaitingRoom(this.limits, options.random ?? Math.random, {
      send: (pending) => this.sendAgain(pending),
      giveUp: (pending) => this.settle(pending, faultReply(pending.silence)),
    })
    this.inbox = this.bus.openInbox((reply) => this.onReply(reply))
    this.busState = this.bus.onState((state) => this.onBusState(state))
    this.ticker = createTicker(this.limits.expiryTickMs, () => this.look())
  }

  request(operation: AskedOperation, call: RequestCall): Promise<Reply> {
    if (this.closed) return this.refused(operation, 'unavailable')
    if (call.signal?.aborted === true) return this.refused(operation, 'timed-out')
    const compartment = this.compartmentOf(operation)
    if (this.pending >= this.limits.pendingMax || compartment.admission.isFull) {
      return this.refused(operation, 'overloaded')
    }
    const timeoutMs = call.timeoutMs ?? this.limits.timeoutMs
    const item = requestItem(operation, call, this.clock.now() + timeoutMs)
    // Exact only where sixteen of this size might not fit; all others surely do.
    const bytes = 1 + jsonBytes(item, Math.floor(this.itemsBytesMax / queueLimits.itemsPerEnvelopeMax) - 1)
    if (bytes > this.itemsBytesMax) return this.refused(operation, 'payload-too-large')
    return new Promise((resolve) => {
      const together = call.signal === undefined ? null : this.togetherOn(call.signal)
      const startedAt = this.clock.monotonicMs()
      const pending: Pending = {
        resolve,
        item,
        bytes,
        compartment,
        travelsAlone: operation.travelsAlone === true,
        startedAt,
        expiresAt: startedAt + timeoutMs,
        together,
        envelope: null,
        earlier: null,
        sends: 0,
        failedSends: 0,
        dueAt: 0,
        givenUpAt: Number.POSITIVE_INFINITY,
        silence: 'timed-out',
        done: false,
      }
      together?.add(pending)
      this.pending++
      compartment.admission.begin()
      this.post(pending, startedAt)
    })
  }

  isSaturated(operation: AskedOperation): boolean {
    if (this.closed || this.pending >= this.limits.pendingMax) return true
    const lane = laneOf(operation)
    return this.compartments[lane].get(operation.service)?.admission.isFull === true
  }

  queues(): readonly RequestFigures[] {
    return this.allCompartments.map(({ queue, admission, resent, answerSeconds }) => {
      const { pending, allowed } = admission
      return { ...queue, pending, allowed, resent, answerSeconds }
    })
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    const unavailable = faultReply('unavailable')
    for (const { open } of this.allCompartments) if (open !== null) this.settleAll(open, unavailable)
    for (const envelope of this.inFlight.values()) this.settleAll(envelope, unavailable)
    this.waitingRoom.clear()
    this.ticker.stop()
    this.busState.close()
    this.inbox.close()
  }

  private compartmentOf(operation: AskedOperation): Compartment {
    const { service } = operation
    const lane = laneOf(operation)
    let found = this.compartments[lane].get(service)
    if (found === undefined) {
      found = new Compartment({ service, lane }, this.limits)
      this.compartments[lane].set(service, found)
      this.allCompartments.push(found)
    }
    return found
  }

  /** Puts a request into an envelope, which leaves when it is full or the turn is over. */
  private post(pending: Pending, now: number): void {
    const envelope = this.envelopeFor(pending, now)
    envelope.add(pending)
    const isFull = envelope.items.length === queueLimits.itemsPerEnvelopeMax
    if (isFull || pending.travelsAlone) this.send(envelope)
    else this.scheduleFlush()
  }

  /** The open envelope that this request goes into; what it doesn't fit into is sent, so that order is kept. */
  private envelopeFor({ compartment, bytes, travelsAlone }: Pending, now: number): OpenEnvelope {
    const { open } = compartment
    if (open !== null) {
      const openMs = Math.max(this.limits.openMs, compartment.admission.lingerMs)
      const fits = open.bytes + bytes <= this.itemsBytesMax && now - open.openedAt <= openMs
      if (fits && !travelsAlone) return open
      this.send(open)
    }
    compartment.open = new OpenEnvelope(this.newId(), compartment, now)
    return compartment.open
  }

  private scheduleFlush(): void {
    if (this.flushScheduled) return
    this.flushScheduled = true
    // Runs after all that the sockets brought in this turn.
    setImmediate(() => this.flush())
  }

  /** What a service that is behind would only let wait is filled a little longer. */
  private flush(): void {
    const now = this.clock.monotonicMs()
    let isLingering = false
    for (const { open, admission } of this.allCompartments) {
      if (open === null) continue
      if (now - open.openedAt >= admission.lingerMs) this.send(open)
      else isLingering = true
    }
    this.flushScheduled = isLingering && !this.closed
    if (this.flushScheduled) setTimeout(() => this.flush(), this.limits.openMs)
  }

  private send(open: OpenEnvelope): void {
    const { compartment, items, pending } = open
    compartment.open = null
    if (items.length === 0 || this.closed) return
    this.ticker.start()
    if (this.bus.state === 'down') {
      const now = this.clock.monotonicMs()
      for (const each of pending) this.awaitBus(each, now)
      return
    }
    open.isSent = true
    this.inFlight.set(open.id, open)
    for (const each of pending) each.sends++
    const envelope: Envelope = { schema: 1, id: open.id, replyTo: this.inbox.address, items }
    this.bus.enqueue(compartment.queue, envelope).catch((error: unknown) => this.onSendFailed(open, error))
  }

  private onSendFailed(envelope: OpenEnvelope, error: unknown): void {
    const reply = faultReplyOf(error)
    const now = this.clock.monotonicMs()
    this.tellFailure(envelope.compartment, error, now)
    for (const pending of envelope.pending) {
      pending.failedSends++
      if (pending.done || pending.envelope !== envelope) continue
      if (reply.code === 'unavailable' || reply.code === 'timed-out') this.holdBack(pending, now)
      else this.settle(pending, afterwards(pending, reply))
    }
  }

  private tellFailure(compartment: Compartment, error: unknown, now: number): void {
    const { queue, failureToldAt } = compartment
    if (!(error instanceof Fault)) this.log.error({ queue, err: error }, 'sending an envelope failed')
    else if (now - failureToldAt >= this.limits.failureLogMs) {
      compartment.failureToldAt = now
      this.log.warn({ queue, code: error.code }, 'envelopes can’t be sent')
    }
  }

  private onReply(message: ReplyEnvelope): void {
    const envelope = this.inFlight.get(message.envelope)
    if (envelope === undefined) return
    const now = this.clock.monotonicMs()
    for (const { index, reply } of message.replies) {
      const pending: Pending | undefined = envelope.pending[index]
      if (pending === undefined || pending.done) continue
      // "Not now" is no answer yet; and of no interest when the request has been sent again since.
      if (reply.kind === 'fault' && reply.retryable && reply.code === 'unavailable') {
        if (pending.envelope === envelope) this.holdBack(pending, now)
        continue
      }
      const { admission, answerSeconds } = pending.compartment
      answerSeconds.observe((now - pending.startedAt) / 1_000)
      admission.answered()
      this.settle(pending, afterwards(pending, reply))
    }
  }

  /** It was not done, or that is not known: it is sent again, later. */
  private holdBack(pending: Pending, now: number): void {
    pending.silence = 'unavailable'
    if (this.bus.state === 'down') this.awaitBus(pending, now)
    else this.waitingRoom.backOff(pending, now)
  }

  private awaitBus(pending: Pending, now: number): void {
    pending.silence = 'unavailable'
    this.waitingRoom.awaitBus(pending, now)
  }

  private sendAgain(pending: Pending): void {
    if (pending.sends > 0) pending.compartment.resent++
    pending.silence = 'timed-out'
    this.post(pending, this.clock.monotonicMs())
  }

  /** What was on its way when the bus went down may be lost; whatever is not is dropped by its id. */
  private onBusState(state: BusState): void {
    if (state === 'down' || this.closed) return
    const now = this.clock.monotonicMs()
    for (const envelope of this.inFlight.values()) {
      for (const pending of envelope.pending) {
        if (!pending.done && pending.envelope === envelope) this.waitingRoom.awaitBus(pending, now)
      }
    }
    this.waitingRoom.onBusUp()
    this.waitingRoom.look(now, true)
  }

  private togetherOn(signal: AbortSignal): Set<Pending> {
    const known = this.waitingOn.get(signal)
    if (known !== undefined) return known
    const together = new Set<Pending>()
    this.waitingOn.set(signal, together)
    const onAbort = () => {
      for (const pending of together) this.settle(pending, faultReply('timed-out'))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    return together
  }

  private settle(pending: Pending, reply: Reply): void {
    if (pending.done) return
    pending.done = true
    this.pending--
    pending.compartment.admission.end()
    pending.together?.delete(pending)
    const { envelope, earlier } = pending
    if (envelope === null) this.waitingRoom.leave(pending)
    else if (envelope.isSent) this.leave(envelope)
    else envelope.takeOut(pending)
    if (earlier !== null) for (const each of earlier) this.leave(each)
    this.count(pending.item.operation, reply)
    pending.resolve(reply)
  }

  private leave(envelope: OpenEnvelope): void {
    envelope.unanswered--
    if (envelope.unanswered === 0) this.inFlight.delete(envelope.id)
  }

  private settleAll(envelope: OpenEnvelope, reply: Reply): void {
    for (const pending of [...envelope.pending]) this.settle(pending, reply)
  }

  private refused(operation: AskedOperation, code: FaultCode): Promise<Reply> {
    const reply = faultReply(code)
    this.count(operation.name, reply)
    return Promise.resolve(reply)
  }

  private count(operation: string, reply: Reply): void {
    const outcome = reply.kind === 'fault' ? reply.code : reply.kind
    let counts = this.outcomes.get(operation)
    if (counts === undefined) {
      counts = new Map()
      this.outcomes.set(operation, counts)
    }
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }

  /** Deadlines, what is due to be sent again, and how fast the services are. */
  private look(): boolean {
    const now = this.clock.monotonicMs()
    for (const envelope of this.inFlight.values()) {
      if (envelope.firstExpiry > now) continue
      envelope.firstExpiry = Number.POSITIVE_INFINITY
      for (const pending of envelope.pending) {
        if (pending.done) continue
        if (pending.expiresAt <= now) this.settle(pending, faultReply(pending.silence))
        else envelope.firstExpiry = Math.min(envelope.firstExpiry, pending.expiresAt)
      }
    }
    const isBusUp = this.bus.state === 'up'
    this.waitingRoom.look(now, isBusUp)
    const isIdle = this.inFlight.size === 0 && this.waitingRoom.size === 0
    for (const { admission } of this.allCompartments) {
      // While the bus is down, no answers say nothing about the service.
      if (isIdle || !isBusUp) admission.rest()
      else admission.look(now)
    }
    return !isIdle
  }
}

/** What is private travels apart; a query does so anyway, for no query is written down. */
function laneOf(operation: AskedOperation): Lane {
  if (operation.kind === 'query') return 'queries'
  if (operation.private === true) return 'private'
  return operation.kind === 'command' ? 'commands' : 'queries'
}

/** An answer to one of several sends: that nothing was done is known only of the one. */
function afterwards(pending: Pending, reply: Reply): Reply {
  const isRefusal = reply.kind === 'fault' && reply.code === 'overloaded'
  return isRefusal && pending.sends > 1 ? faultReply('unavailable') : reply
}

function requestItem(operation: AskedOperation, call: RequestCall, deadlineAt: number): RequestItem {
  const { id, input, caller, expectedVersion, trace, address, device } = call
  const item = { id, operation: operation.name, input, caller, deadlineAt }
  const isPlain = address === undefined && device === undefined
  if (isPlain && expectedVersion === undefined && trace === undefined) return item
  return {
    ...item,
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
    ...(trace === undefined ? {} : { trace }),
    ...(address === undefined ? {} : { address }),
    ...(device === undefined ? {} : { device }),
  }
}
