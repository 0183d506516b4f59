import type { Caller, ErrorCode, InputOf, Operation, OutputOf, RejectionOf } from '@matchday/contracts'
import type { CommandHandler, Decider, DomainEvent, Rejection } from '../decide/decider.ts'
import type { Json, JsonObject, Whisper } from '../message.ts'
import type { RecordedEvent } from '../store/port.ts'
import type { View } from '../view/view.ts'

/** What a query or a signal may read. */
export type ReadContext = {
  /** The stream's state, at least as new as every commit acknowledged before the call; null: no such stream. */
  state<State extends Json, Event extends DomainEvent>(
    decider: Decider<State, Event>,
    stream: string,
  ): Promise<{ state: State; version: number } | null>
  /** The stream that holds a claim. */
  holder(claim: string): Promise<string | null>
  /** One page of a stream's events, oldest first. */
  eventsOf(stream: string, after: number, limit: number): Promise<readonly RecordedEvent[]>
  /** Rows of a view of this service. */
  rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]>
  /** Sends something fleeting to a live channel of this service. */
  whisper(message: Whisper): void
}

export type Answer<Output> = { readonly kind: 'ok'; readonly body: Output; readonly version?: number }

export type ReadHandler<Input, Output, Code extends ErrorCode> = (
  input: Input,
  caller: Caller,
  context: ReadContext,
) => Promise<Answer<Output> | Rejection<Code>>

/** A handler whose types were checked against its contract where it was declared, and are forgotten from there on. */
export type CommandEntry = {
  readonly kind: 'command'
  readonly operation: Operation
  readonly handler: CommandHandler<Json, DomainEvent, JsonObject, JsonObject | undefined, ErrorCode, unknown>
}
export type ReadEntry = {
  readonly kind: 'read'
  readonly operation: Operation
  readonly handle: ReadHandler<JsonObject, JsonObject | undefined, ErrorCode>
}
export type HandlerEntry = CommandEntry | ReadEntry

/** The handler of a command, typed by its contract. */
export function command<const O extends Operation, State extends Json, Event extends DomainEvent, Facts>(
  operation: O,
  handler: CommandHandler<State, Event, InputOf<O>, OutputOf<O>, RejectionOf<O>, Facts>,
): CommandEntry {
  // The edge has checked the input against the very contract that types it, so the erasure is sound.
  return { kind: 'command', operation, handler: handler as never }
}

/** The handler of a query or a signal, typed by its contract. */
export function read<const O extends Operation>(
  operation: O,
  handle: ReadHandler<InputOf<O>, OutputOf<O>, RejectionOf<O>>,
): ReadEntry {
  // As above.
  return { kind: 'read', operation, handle: handle as never }
}

/** All that a service is: a name, a handler for each of its operations, and the views that it keeps. */
export type ServiceDefinition = {
  readonly name: string
  readonly handlers: Readonly<Record<string, HandlerEntry>>
  readonly views: readonly View[]
}
