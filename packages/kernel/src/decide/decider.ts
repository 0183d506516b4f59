import type { Caller, ErrorCode } from '@matchday/contracts'
import type { Json, JsonObject } from '../message.ts'
import type { Ask } from '../service/ask.ts'
import type { Rejection } from './rejection.ts'

export type { Rejection }

/** The state of one stream, folded from its events. State is plain JSON, so that it can be a snapshot. */
export type Decider<State extends Json, Event extends DomainEvent> = {
  readonly name: string
  /**
   * Raise it when the shape of State changes: snapshots of another schema are ignored and the log is
   * replayed.
   */
  readonly snapshotSchema: number
  /** Events between two snapshots of a stream. */
  readonly snapshotEvery: number
  initial(): State
  /** Pure. Must not change `state`: others may still hold it. */
  evolve(state: State, event: Event, meta: EventMeta): State
}

export type DomainEvent = { readonly type: string; readonly data: JsonObject }
export type EventMeta = { readonly stream: string; readonly version: number; readonly at: string }

/**
 * A key that only one stream may hold. With `otherwise` another may hold it, which the state can't tell: that code it
 * is. A plain string is of one's own making: if another holds it, the command is prepared and decided again.
 */
export type Claim<Code extends ErrorCode = ErrorCode> =
  | string
  | { readonly key: string; readonly otherwise: Code }

export type Acceptance<Event extends DomainEvent, Code extends ErrorCode = ErrorCode> = {
  readonly kind: 'accepted'
  /** None: it is already as wanted (idempotent). */
  readonly events: readonly Event[]
  /** Kept with the command id. No secrets: what must not be stored is added by `present`. */
  readonly answer: JsonObject
  /**
   * What nobody else may take on the same state: a seat, a team, a name. Whoever rests on a fence and comes second is
   * decided again, and finds it taken. So a decision on the exact version says what it takes as well: it needs no guard
   * itself, but others do against it. Nothing is released, for it counts only until the event is seen.
   */
  readonly takes?: readonly string[]
  readonly claims?: readonly Claim<Code>[]
  readonly releases?: readonly string[]
  readonly secrets?: readonly { readonly name: string; readonly value: string }[]
  /** Secrets that are no longer kept. */
  readonly forgottenSecrets?: readonly string[]
  /**
   * Events of this stream that are told otherwise from now on: what was personal in them is gone. The log keeps its
   * versions; snapshots are made anew.
   */
  readonly redactions?: readonly { readonly version: number; readonly data: JsonObject }[]
  /**
   * `fence`: right as long as nothing essential happened since the state was loaded, and nothing was taken that it takes.
   * `version` (default): right only if nothing at all happened since.
   */
  readonly basis?: 'version' | 'fence'
  /** Decisions that were made on a fence before these events must be made anew. */
  readonly essential?: boolean
}

export type Decision<Event extends DomainEvent, Code extends ErrorCode = ErrorCode> =
  | Acceptance<Event, Code>
  | Rejection<Code>

/** What comes in with a command, for deciding is pure: the clock and everything else from outside. */
export type Command<Input, Facts> = {
  readonly input: Input
  readonly caller: Caller
  /** UTC, ISO 8601. */
  readonly now: string
  readonly expectedVersion: number | undefined
  readonly facts: Facts
}

/** Reads what `prepare` may need; the state itself comes to `decide`. */
export type PrepareContext = {
  readonly caller: Caller
  /** Of the client, where the operation asks for it. */
  readonly address: string | undefined
  secrets(stream: string): Promise<ReadonlyMap<string, string>>
  /** A stream's state, which may be older by the time of the decision: for facts that the decision checks. */
  state<State extends Json, Event extends DomainEvent>(
    decider: Decider<State, Event>,
    stream: string,
  ): Promise<{ state: State; version: number } | null>
  /** Rows of this service. */
  rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]>
  readonly ask: Ask
}

/** One command: which stream, what it needs from outside, what is decided, and how the answer is shown. */
export type CommandHandler<
  State extends Json,
  Event extends DomainEvent,
  Input,
  Output,
  Code extends ErrorCode,
  Facts,
> = {
  readonly decider: Decider<State, Event>
  /** Randomness, secrets, new ids. Called again when the command is decided again. */
  prepare(input: Input, context: PrepareContext): Facts | Promise<Facts>
  stream(input: Input, facts: Facts): string
  decide(state: State, command: Command<Input, Facts>, meta: { version: number }): Decision<Event, Code>
  /**
   * Adds what is never stored: a signed token, and what is personal, which is in the command anyway. The same answer
   * must give the same output.
   */
  present(
    answer: JsonObject,
    version: number,
    command: Pick<Command<Input, Facts>, 'input' | 'facts'>,
  ): Output | Promise<Output>
}

export function reject<Code extends ErrorCode>(code: Code, detail?: string): Rejection<Code> {
  return detail === undefined ? { kind: 'rejected', code } : { kind: 'rejected', code, detail }
}
