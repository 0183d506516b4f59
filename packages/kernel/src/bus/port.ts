import type { Envelope, EventMessage, ReplyEnvelope, RequestItem, Whisper } from '../message.ts'

/**
 * A work queue: one for each service and lane, so that reads never wait behind writes. `private`: commands that carry
 * secrets or personal data, which no broker writes to a disk.
 */
export const lanes = ['commands', 'private', 'queries'] as const
export type Lane = (typeof lanes)[number]
export type Queue = { readonly service: string; readonly lane: Lane }

/** Lanes whose envelopes may be written to a disk on their way; of the others a dead letter keeps no more than ids. */
export const isWrittenDown = {
  commands: true,
  private: false,
  queries: false,
} as const satisfies Readonly<Record<Lane, boolean>>

/** Bounds of every queue, the same for every adapter. */
export const queueLimits = {
  itemsPerEnvelopeMax: 16,
  envelopeBytesMax: 256 * 1024,
  /** Waiting envelopes of one queue; beyond that a sender is told at once rather than kept in memory. */
  waitingMax: 4_096,
  /** An unacknowledged delivery is given to somebody else after this long without a heartbeat. */
  ackWaitMs: 2_000,
  heartbeatMs: 500,
  /** Then the envelope is a dead letter. */
  deliveriesMax: 5,
  /** Ids of envelopes are remembered this long, and a second one is dropped. */
  duplicateWindowMs: 120_000,
  deadLettersMax: 1_000,
  /** Items of a replayed dead letter are good for this long again: whoever replays them wants them done. */
  replayedDeadlineMs: 30_000,
} as const
/** The same bounds with other numbers: smaller ones make tests quick. */
export type QueueLimits = { readonly [Name in keyof typeof queueLimits]: number }

/** One delivery of one envelope. Exactly one of ack, nak, terminate ends it; later calls do nothing. */
export type Delivery = {
  readonly envelope: Envelope
  /** 1 at first, then 2 …: above 1 means that an earlier delivery may have had its effect. */
  readonly attempt: number
  /** Done: never deliver again. */
  ack(): void
  /** Not done: deliver again, to anybody, after a delay. */
  nak(delayMs?: number): void
  /** Still at it: the ack wait begins anew. */
  working(): void
  /** Can never be done: straight to the dead letters. */
  terminate(reason: string): void
}

export type DeadLetter = DeadLetterContent & {
  readonly queue: Queue
  readonly attempts: number
  readonly reason: string
  /** UTC, ISO 8601. */
  readonly at: string
}
export type DeadLetterContent =
  | { readonly envelope: Envelope; readonly withheld?: never }
  /** Of a lane that is not written down: who asked for what is gone, so it can't be replayed. */
  | { readonly envelope: WithheldEnvelope; readonly withheld: true }
type WithheldEnvelope = Pick<Envelope, 'schema' | 'id'> & {
  readonly items: readonly Pick<RequestItem, 'id' | 'operation'>[]
}

/** A consumer is given only what it asked for: credits are envelopes that it can start now. */
export type Consumer = {
  /** Adds credits: up to so many more envelopes may be delivered. */
  pull(envelopes: number): void
  /** Takes nothing more; envelopes delivered but not ended stay its own until acked, naked or timed out. */
  close(): Promise<void>
}

export type Inbox = { readonly address: string; close(): void }
export type Subscription = { close(): void }

/** What to listen to: all of a service, or one stream of it (the id after the colon of a channel's name). */
export type Topic = { readonly service: string; readonly stream?: string }

/** `down`: nothing can be sent now; callers are told at once instead of waiting. */
export type BusState = 'up' | 'down'

/**
 * What carries messages between the edge and the services. Two adapters: in-process, and NATS for many processes.
 * Both pass `conformance.ts`. Nothing that a bus says is a record: only a commit is (see the store).
 * Whoever receives a message must not change it.
 */
export type Bus = {
  readonly name: string
  readonly state: BusState
  onState(listener: (state: BusState) => void): Subscription

  /**
   * Puts an envelope on a queue; resolves when the queue holds it (or held one with the same id).
   * Throws Fault `overloaded` (queue full), `payload-too-large`, `unavailable` (bus down), `timed-out` (aborted).
   */
  enqueue(queue: Queue, envelope: Envelope, signal?: AbortSignal): Promise<void>
  /** Takes part in a queue's work. Order of first delivery is order of arrival; consumers of a queue compete. */
  consume(queue: Queue, onDelivery: (delivery: Delivery) => void): Consumer

  /** Where answers arrive: at most once, straight to whoever asked. */
  openInbox(onReply: (reply: ReplyEnvelope) => void): Inbox
  /** Answers to an inbox; an inbox that is gone is no error. */
  reply(address: string, reply: ReplyEnvelope): void

  /** Publishes committed events, in order, at least once; resolves when they are held. Throws `unavailable`. */
  publishEvents(events: readonly EventMessage[]): Promise<void>
  /**
   * Events of a topic from now on, in the order of publishing, in batches as they come. At most once, and perhaps
   * twice after all: nothing while the bus is down, and whatever the publisher repeats. Versions tell.
   */
  subscribeEvents(topic: Topic, onEvents: (events: readonly EventMessage[]) => void): Subscription

  /** Fleeting, at most once. */
  whisper(message: Whisper): void
  subscribeWhispers(topic: Topic, onWhisper: (message: Whisper) => void): Subscription

  /**
   * Wakes whoever listens for it among the instances of a service, the sender's own listeners too. Fleeting; as many
   * as come within a turn of the event loop are one.
   */
  nudge(service: string): void
  onNudge(service: string, listener: () => void): Subscription

  /** Dead letters of a queue, oldest first, at most `limit`. */
  deadLetters(queue: Queue, limit: number): Promise<readonly DeadLetter[]>
  /**
   * Puts a dead letter back on its queue; false when there is none with this envelope id. Throws Fault
   * `dead-letter-withheld` when its input was not kept.
   */
  replayDeadLetter(queue: Queue, envelopeId: string): Promise<boolean>
  /** Deletes a dead letter; false when there is none with this envelope id. */
  dismissDeadLetter(queue: Queue, envelopeId: string): Promise<boolean>

  close(): Promise<void>
}
