import type { Msg } from '@nats-io/nats-core'
import type { Clock } from '../../clock.ts'
import { Fault } from '../../fault.ts'
import { createTicker, type Ticker } from '../../ticker.ts'
import type { BrokerLink } from './link.ts'
import type { NatsLimits } from './nats-limits.ts'

/** What JetStream says when it will not. */
export type ApiError = { readonly code: number; readonly err_code?: number; readonly description?: string }

/** Codes of JetStream that mean that there is no room. */
const fullCodes: ReadonlySet<number> = new Set([10_047, 10_077, 10_023, 10_028])
export const notFoundCodes = { stream: 10_059, consumer: 10_014, message: 10_037 } as const

type Pending = {
  readonly resolve: (message: Msg) => void
  readonly reject: (fault: Fault) => void
  /** On the monotonic clock. */
  readonly expiresAt: number
}
export type AskOptions = {
  readonly messageId?: string
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Messages that the broker itself answers: publications to a stream, and questions about one. All answers come to one
 * inbox and are told apart by its last part. (The library's own `request` makes an error with a stack for each.)
 */
export class Questions {
  private readonly link: BrokerLink
  private readonly prefix: string
  private readonly limits: NatsLimits
  private readonly clock: Clock
  private readonly ticker: Ticker
  private readonly pending = new Map<number, Pending>()
  private asked = 0

  constructor(link: BrokerLink, inbox: string, limits: NatsLimits, clock: Clock) {
    this.link = link
    this.prefix = `${inbox}.ask.`
    this.limits = limits
    this.clock = clock
    this.ticker = createTicker(limits.expiryTickMs, () => this.expire())
    link.subscribe(`${this.prefix}*`, (message) => this.onAnswer(message))
  }

  /** Publishes to a stream; resolves when the stream holds it, or held one with this id, and tells where in it. */
  async publish(
    subject: string,
    payload: Uint8Array,
    options: AskOptions,
  ): Promise<{ readonly seq: number }> {
    const answer = await this.ask(subject, payload, options)
    const { error, seq } = answer.json<{ error?: ApiError; seq: number }>()
    if (error === undefined) return { seq }
    const isFull = fullCodes.has(error.err_code ?? 0)
    throw new Fault(
      isFull ? 'overloaded' : 'unavailable',
      `The broker did not take a message for ${subject}: ${error.description ?? error.code}`,
      { retryable: true },
    )
  }

  /** A question to JetStream about itself. What it refuses is in the answer's `error`. */
  async api<Answer extends object>(
    subject: string,
    question?: object,
  ): Promise<Answer & { error?: ApiError }> {
    const payload = question === undefined ? nothing : Buffer.from(JSON.stringify(question))
    const answer = await this.ask(subject, payload, { timeoutMs: this.limits.askMs })
    return answer.json()
  }

  /** Throws Fault `unavailable` (nobody there, or no answer in time), `overloaded` or `timed-out` (called off). */
  ask(subject: string, payload: Uint8Array, options: AskOptions): Promise<Msg> {
    const { messageId, timeoutMs = this.limits.acknowledgeMs, signal } = options
    if (!this.link.isConnected) return Promise.reject(unavailable('The bus is down'))
    if (this.pending.size >= this.limits.unacknowledgedMax) {
      return Promise.reject(new Fault('overloaded', 'Too much waits for the broker', { retryable: true }))
    }
    this.asked++
    const number = this.asked
    return new Promise((resolve, reject) => {
      const expiresAt = this.clock.monotonicMs() + timeoutMs
      const ends =
        signal === undefined ? { resolve, reject } : endsWith(signal, number, resolve, reject, this.pending)
      this.pending.set(number, { resolve: ends.resolve, reject: ends.reject, expiresAt })
      this.ticker.start()
      this.link.publish(subject, payload, this.prefix + number, messageId)
    })
  }

  /** There is no connection: no answer will come, and what was asked may have been done. */
  failAll(): void {
    for (const { reject } of this.pending.values())
      reject(unavailable('The connection to the broker was lost'))
    this.pending.clear()
  }

  stop(): void {
    this.failAll()
    this.ticker.stop()
  }

  private onAnswer(message: Msg): void {
    const number = Number(message.subject.slice(this.prefix.length))
    const pending = this.pending.get(number)
    if (pending === undefined) return
    this.pending.delete(number)
    if (message.data.length === 0 && message.headers?.code === 503) {
      pending.reject(unavailable('Nobody at the broker takes this'))
    } else pending.resolve(message)
  }

  private expire(): boolean {
    const now = this.clock.monotonicMs()
    for (const [number, { reject, expiresAt }] of this.pending) {
      if (expiresAt > now) continue
      this.pending.delete(number)
      reject(unavailable('The broker did not answer in time'))
    }
    return this.pending.size > 0
  }
}

type Ends = Pick<Pending, 'resolve' | 'reject'>

/** Ends with its signal too, and listens to it no longer than it waits. */
function endsWith(
  signal: AbortSignal,
  number: number,
  resolve: Ends['resolve'],
  reject: Ends['reject'],
  pending: Map<number, Pending>,
): Ends {
  const onAbort = () => {
    pending.delete(number)
    reject(new Fault('timed-out', 'Sending was called off', { retryable: true }))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  const stopListening = () => signal.removeEventListener('abort', onAbort)
  return {
    resolve: (message) => {
      stopListening()
      resolve(message)
    },
    reject: (fault) => {
      stopListening()
      reject(fault)
    },
  }
}

const nothing = new Uint8Array(0)

export function unavailable(message: string): Fault {
  return new Fault('unavailable', message, { retryable: true })
}
