import type { Caller, OperationKind } from '@matchday/contracts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { JsonObject, Reply } from '../message.ts'
import type { Buckets } from '../metrics/buckets.ts'
import { admissionLimits } from './admission.ts'
import type { Bus, Lane } from './port.ts'
import { resendLimits } from './waiting-room.ts'

export const requesterLimits = {
  /** A request that names no time-out of its own. */
  timeoutMs: 5_000,
  /** Requests that wait for an answer; one more is told at once that this is too much. */
  pendingMax: 10_000,
  /** An envelope that has been open this long takes nothing more, even if the turn of the event loop goes on. */
  openMs: 1,
  /** Deadlines and whatever waits are looked at this often: an answer `timed-out` is late by so much at most. */
  expiryTickMs: 25,
  /** What can't be sent is told this often for each queue: while nobody takes it, everything is tried again and again. */
  failureLogMs: 60_000,
  /** Room for what an envelope holds besides its items. */
  envelopeOverheadBytes: 1_024,
  ...admissionLimits,
  ...resendLimits,
} as const
export type RequesterLimits = { readonly [Name in keyof typeof requesterLimits]: number }

/** What is to be known of an operation, of the web or between services, so that it can be asked for. */
export type AskedOperation = {
  readonly name: string
  readonly service: string
  readonly kind: OperationKind
  readonly travelsAlone?: true
  readonly private?: true
}

export type RequestCall = {
  /** Request id = command id. */
  readonly id: string
  readonly input: JsonObject
  readonly caller: Caller
  readonly expectedVersion?: number
  /** W3C `traceparent`. */
  readonly trace?: string
  /** Of the client, for operations that ask for it (`tellsAddress`). */
  readonly address?: string
  /** What the client is, in a few words; for the same operations. */
  readonly device?: string
  readonly timeoutMs?: number
  /** The client hung up: what is not sent yet never is, and the answer to what was sent is dropped. */
  readonly signal?: AbortSignal
}

export type Requester = {
  /**
   * Never throws: what goes wrong is a reply of kind `fault`. What is not known to be done is sent again with the
   * same id, until there is an answer or the time is up.
   */
  request(operation: AskedOperation, call: RequestCall): Promise<Reply>
  /** The next request for this operation would be told `overloaded`: whoever asks can refuse before he reads it. */
  isSaturated(operation: AskedOperation): boolean
  /** Answers what still waits with `unavailable`, and takes nothing more. */
  close(): Promise<void>
  /** Requests that wait for an answer. */
  readonly pending: number
  /** Answers since the start, by operation and outcome: `ok`, `rejected`, or a fault's code. */
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** Of every service and lane that was asked. */
  queues(): readonly RequestFigures[]
}

export type RequestFigures = {
  readonly service: string
  readonly lane: Lane
  readonly pending: number
  /** More than so many may not be pending now. */
  readonly allowed: number
  /** Requests that were sent again, since the start. */
  readonly resent: number
  readonly answerSeconds: Buckets
}

export type RequesterOptions = {
  readonly bus: Bus
  /** Ids of envelopes; must never repeat. */
  readonly newId: () => string
  readonly clock?: Clock
  readonly log?: Log
  readonly limits?: Partial<RequesterLimits>
  /** From 0 to below 1; spreads what is sent again. */
  readonly random?: () => number
}
