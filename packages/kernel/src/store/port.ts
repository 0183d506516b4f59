import type { Json, JsonObject } from '../message.ts'

/**
 * A service's store: one PostgreSQL database with its streams of events and what is committed together with
 * them. Nothing is acknowledged before `append` has returned.
 */
type StoredEvent = {
  readonly type: string
  readonly data: JsonObject
  /** UTC, ISO 8601. */
  readonly at: string
  /** The kind of caller that caused it, for the log. */
  readonly by: string
  /** Who exactly, where there is an id; never told to the public. */
  readonly actor?: string
}

export type NewEvent = StoredEvent & {
  /**
   * What no other event of this stream may take that is decided on a state without this one: a team, a seat. Words
   * without a line break; they mean something within the stream, and only as long as somebody may not have seen the event.
   */
  readonly takes?: readonly string[]
}

export type RecordedEvent = StoredEvent & { readonly stream: string; readonly version: number }

/**
 * What an append conflicts with. `version`: with anything that happened since. `fence`: only with essential
 * events (a draw, a removal, closing) since the version named, and with those that take what it takes; fifty picks at
 * once then need no retries.
 */
export type Expected = { readonly version: number } | { readonly fence: number }

/** The answer to one command, kept so that the same id is answered alike for ever (well: `answersKeptMs`). */
export type NewAnswer = {
  /** Caller's scope and command id. */
  readonly id: string
  /** Hash of operation and input: the same id with another one is refused. */
  readonly fingerprint: string
  readonly answer: Json
  /**
   * Events of this append up to and including the command's own: its version is the version before plus this.
   */
  readonly versionOffset: number
}
export type StoredAnswer = {
  readonly id: string
  readonly fingerprint: string
  readonly answer: Json
  readonly stream: string
  readonly version: number
}

/** One stream's part of a group commit: all or nothing of it is committed. */
export type Append = {
  readonly stream: string
  readonly expected: Expected
  /** May be empty: then only the answers are stored, if what they were decided on still holds. */
  readonly events: readonly NewEvent[]
  /**
   * Offset (1-based) of the last essential event among `events`; 0 when there is none. Moves the stream's
   * fence.
   */
  readonly fenceOffset: number
  /** Keys that no other stream may hold; they stay claimed until they are released. */
  readonly claims: readonly string[]
  readonly releases: readonly string[]
  /** Private values of the stream, never part of an event, update, log or export. */
  readonly secrets: readonly { readonly name: string; readonly value: string }[]
  readonly forgottenSecrets: readonly string[]
  /** Earlier events of this stream whose data are replaced; its snapshot is dropped with them. */
  readonly redactions: readonly { readonly version: number; readonly data: JsonObject }[]
  readonly answers: readonly NewAnswer[]
}

/** The rest of an append that brings events and nothing else. */
export const eventsAlone = {
  fenceOffset: 0,
  claims: [],
  releases: [],
  secrets: [],
  forgottenSecrets: [],
  redactions: [],
  answers: [],
} as const satisfies Partial<Append>

export type AppendOutcome =
  | {
      readonly kind: 'committed'
      readonly versionBefore: number
      readonly version: number
      readonly fence: number
    }
  /** Something happened since, or was taken; load and decide again. */
  | { readonly kind: 'version-conflict' }
  /** Others hold these keys. */
  | { readonly kind: 'claim-conflict'; readonly keys: readonly string[] }
  /** These command ids already have an answer. */
  | { readonly kind: 'answer-conflict'; readonly ids: readonly string[] }

export type LoadedStream = {
  readonly stream: string
  /** 0: there is no such stream. */
  readonly version: number
  readonly fence: number
  /** How many appends have redacted it: a state belongs to one such count, and is computed anew for another. */
  readonly redactions: number
  readonly snapshot: { readonly version: number; readonly state: Json } | null
  /** After the snapshot, or after the version asked for. */
  readonly events: readonly RecordedEvent[]
}

export type StreamVersion = Pick<LoadedStream, 'version' | 'fence' | 'redactions'>

export type LoadRequest = {
  readonly stream: string
  /** Only events after this version (and no snapshot); 0 for all. */
  readonly after: number
  /** Snapshots of another schema are ignored. */
  readonly snapshotSchema: number
}

/**
 * Where a reader stands in the order of commits. `position` alone would skip: a transaction that took an
 * earlier position may commit later. `xid` (the transaction's id) bounded by the oldest one still open does
 * not. The epoch changes when a store is restored, so that a checkpoint that is ahead of its log is noticed.
 */
export type Checkpoint = { readonly epoch: string; readonly xid: string; readonly position: string }

export type ReadBatch = {
  readonly events: readonly RecordedEvent[]
  readonly checkpoint: Checkpoint
  /** As many were looked at as were asked for: there may be more behind them. */
  readonly isFull: boolean
}

/**
 * Leases: what only one instance should do at a time belongs to whoever holds its row, until it expires by the clock
 * of the database. All of these throw Fault `unavailable`.
 */
export type Leases = {
  /** Who holds it, and for how much longer; null: nobody. */
  look(name: string): Promise<{ readonly holder: string; readonly leftMs: number } | null>
  /** Takes it when it is free, or prolongs one's own. False: somebody else holds it. */
  take(name: string, holder: string, expiresMs: number): Promise<boolean>
  /** Gives it up, if it is still one's own. */
  release(name: string, holder: string): Promise<void>
}

export type HeldClaim = { readonly key: string; readonly stream: string }

export type Store = {
  readonly epoch: string
  readonly leases: Leases
  /**
   * One transaction for all; the losers of a conflict fail alone. Throws Fault `unavailable` (retryable: not
   * known).
   */
  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]>
  load(requests: readonly LoadRequest[]): Promise<readonly LoadedStream[]>
  /** Where each stream is (0 when there is none), for checking that what is known of it is fresh. */
  versions(streams: readonly string[]): Promise<ReadonlyMap<string, StreamVersion>>
  answers(ids: readonly string[]): Promise<ReadonlyMap<string, StoredAnswer>>
  /** The stream that holds a claim. */
  holder(claim: string): Promise<string | null>
  /** Claims that begin with a text, after a key, in the order of their keys. */
  claims(prefix: string, after: string | null, limit: number): Promise<readonly HeldClaim[]>
  secrets(stream: string): Promise<ReadonlyMap<string, string>>
  /** Left out when the stream has been redacted since the state was loaded: `redactions` is what was loaded then. */
  saveSnapshot(
    stream: string,
    schema: number,
    version: number,
    state: Json,
    redactions: number,
  ): Promise<void>
  /** One stream's events, oldest first, for paging. */
  eventsOf(stream: string, after: number, limit: number): Promise<readonly RecordedEvent[]>
  /**
   * Committed events of all streams in commit order, none skipped; waits for nothing. `limit`: so many are looked at;
   * those of other types than `types`, when it is told, are left out, and the place is behind them.
   */
  read(after: Checkpoint | null, limit: number, types?: readonly string[]): Promise<ReadBatch>
  checkpoint(reader: string): Promise<Checkpoint | null>
  saveCheckpoint(reader: string, checkpoint: Checkpoint): Promise<void>
  /** Forgets answers that are older than `answersKeptMs`; at most `limit` at a time. */
  forgetAnswers(limit: number): Promise<number>
  close(): Promise<void>
}

export const storeLimits = {
  /** Streams in one transaction. */
  appendsPerCommitMax: 256,
  statementTimeoutMs: 2_000,
  /** An answer is remembered for a day: longer than any client retries. */
  answersKeptMs: 24 * 60 * 60 * 1_000,
  readBatchMax: 500,
} as const
