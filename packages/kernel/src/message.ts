import type { Caller, ErrorCode, FieldProblem } from '@matchday/contracts'

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }
export type JsonObject = { readonly [key: string]: Json | undefined }

/** One request on its way from the edge to a service. */
export type RequestItem = {
  /** Request id = command id: at most one effect per caller and id, whatever is sent or delivered twice. */
  readonly id: string
  readonly operation: string
  readonly input: JsonObject
  readonly caller: Caller
  /** The version that the caller saw (`If-Match`). */
  readonly expectedVersion?: number
  /** Milliseconds since 1970, UTC. Work that has not begun by then is dropped: nobody waits for it any more. */
  readonly deadlineAt: number
  /** W3C `traceparent`. */
  readonly trace?: string
  /** Where the client is, as limits count it; only for operations that ask for it (`tellsAddress`). */
  readonly address?: string
  /** What the client is, in a few words (`Firefox on Android`); for the same operations. */
  readonly device?: string
}

/** What the edge collected for one service and lane within a tick. Bounded by `queueLimits`. */
export type Envelope = {
  readonly schema: 1
  /** The queue drops a second envelope with the same id; the database drops a second item. */
  readonly id: string
  /** The inbox that waits for the answers; null when nobody does. */
  readonly replyTo: string | null
  /** The one item was split off from another envelope, and is answered as what it was there. */
  readonly replyAs?: { readonly envelope: string; readonly index: number }
  readonly items: readonly RequestItem[]
}

export type Reply =
  | {
      readonly kind: 'ok'
      readonly body: JsonObject | null
      /** Version of the stream that the answer speaks of; becomes `ETag`. */
      readonly version?: number
      /** Epoch of the store that the version belongs to. */
      readonly epoch?: string
    }
  | {
      readonly kind: 'rejected'
      readonly code: ErrorCode
      readonly detail?: string
      readonly fields?: readonly FieldProblem[]
      /** For codes that pass by themselves; becomes `Retry-After`. */
      readonly retryAfterS?: number
    }
  | { readonly kind: 'fault'; readonly code: ErrorCode; readonly retryable: boolean }

/** Answers to some or all items of an envelope; an item is named by its place in it. */
export type ReplyEnvelope = {
  readonly schema: 1
  readonly envelope: string
  readonly replies: readonly { readonly index: number; readonly reply: Reply }[]
}

/** A committed event on its way to everything that is live. */
export type EventMessage = {
  readonly service: string
  readonly stream: string
  /** Version of the stream after this event: 1, 2, 3 … without gaps. */
  readonly version: number
  readonly type: string
  readonly data: JsonObject
  /** UTC, ISO 8601. */
  readonly at: string
  /** Changes when the store is restored: versions of different epochs can't be compared. */
  readonly epoch: string
}

/** Something fleeting for one channel: at most once, never stored, the latest per key counts. */
export type Whisper = {
  /** `<channel name>:<id>` */
  readonly channel: string
  readonly type: string
  readonly key: string
  readonly value: JsonObject
}
