import type { Msg } from '@nats-io/nats-core'
import type { Envelope } from '../../message.ts'
import type { Delivery, Queue } from '../port.ts'

/** What a reply subject of JetStream says of the message that it came with. */
export type DeliveryFacts = { readonly attempt: number; readonly sequence: number }

/** `$JS.ACK.<stream>.<consumer>.<attempt>.<sequence>…`; newer servers put a domain and an account before the stream. */
export function deliveryFacts(replySubject: string): DeliveryFacts | null {
  const parts = replySubject.split('.')
  if (parts[0] !== '$JS' || parts[1] !== 'ACK') return null
  const first = parts.length > 9 ? 6 : 4
  const attempt = Number(parts[first])
  const sequence = Number(parts[first + 1])
  return Number.isSafeInteger(attempt) && Number.isSafeInteger(sequence) ? { attempt, sequence } : null
}

/** What is in a message as far as a queue must know: something with an id and items. Null for everything else. */
export function envelopeIn(bytes: Uint8Array): Envelope | null {
  try {
    const parsed: unknown = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'),
    )
    return isEnvelope(parsed) ? parsed : null
  } catch {
    return null
  }
}

/** Its items and its schema are for the puller to judge. */
function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false
  return 'id' in value && typeof value.id === 'string' && 'items' in value && Array.isArray(value.items)
}

const words = {
  ack: Buffer.from('+ACK'),
  nak: Buffer.from('-NAK'),
  working: Buffer.from('+WPI'),
  terminate: Buffer.from('+TERM'),
} as const

export type DeliveryHost = {
  /** Says something about a delivery to the broker, which may not hear it. */
  readonly say: (subject: string, word: Uint8Array) => void
  /** Makes a dead letter of it, then has the broker forget it. */
  readonly bury: (delivery: NatsDelivery, reason: string) => void
  readonly deliveriesMax: number
}

export class NatsDelivery implements Delivery {
  readonly envelope: Envelope
  readonly attempt: number
  readonly sequence: number
  readonly queue: Queue
  private readonly subject: string
  private readonly host: DeliveryHost
  private ended = false

  constructor(host: DeliveryHost, queue: Queue, message: Msg, facts: DeliveryFacts, envelope: Envelope) {
    this.host = host
    this.queue = queue
    this.subject = message.reply ?? ''
    this.attempt = facts.attempt
    this.sequence = facts.sequence
    this.envelope = envelope
  }

  ack(): void {
    if (this.end()) this.host.say(this.subject, words.ack)
  }

  nak(delayMs = 0): void {
    if (!this.end()) return
    if (this.attempt >= this.host.deliveriesMax) {
      this.host.bury(this, `it was handed back, at the last of ${this.attempt} deliveries`)
    } else if (delayMs > 0) {
      this.host.say(this.subject, Buffer.from(`-NAK {"delay":${Math.round(delayMs * 1e6)}}`))
    } else this.host.say(this.subject, words.nak)
  }

  working(): void {
    if (!this.ended) this.host.say(this.subject, words.working)
  }

  terminate(reason: string): void {
    if (this.end()) this.host.bury(this, reason)
  }

  /** The dead letter is safe: the queue may forget the message. */
  buried(): void {
    this.host.say(this.subject, words.terminate)
  }

  private end(): boolean {
    if (this.ended) return false
    this.ended = true
    return true
  }
}
