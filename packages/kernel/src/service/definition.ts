import type {
  Caller,
  ErrorCode,
  InputOf,
  InternalOperation,
  Operation,
  OutputOf,
  RejectionOf,
} from '@matchday/contracts'
import type {
  Command,
  CommandHandler,
  Decider,
  DomainEvent,
  PrepareContext,
  Rejection,
} from '../decide/decider.ts'
import type { Json, JsonObject, Reply, Whisper } from '../message.ts'
import type { Migration } from '../migrate/migrate.ts'
import type { RecordedEvent } from '../store/port.ts'
import type { Transaction, View } from '../view/view.ts'
import type { Ask } from './ask.ts'

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
  /** Claims that begin with a text, in the order of their keys: which streams hold them. */
  claims(
    prefix: string,
    after: string | null,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly stream: string }[]>
  secrets(stream: string): Promise<ReadonlyMap<string, string>>
  /** Rows of this service: of a view, or of tables of its own. */
  rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]>
  readonly ask: Ask
  /** Of the client, where the operation asks for it. */
  readonly address: string | undefined
  /** Sends something fleeting to a live channel of this service. */
  whisper(message: Whisper): void
}

export type Answer<Output> = { readonly kind: 'ok'; readonly body: Output; readonly version?: number }

export type ReadHandler<Input, Output, Code extends ErrorCode> = (
  input: Input,
  caller: Caller,
  context: ReadContext,
) => Promise<Answer<Output> | Rejection<Code>>

/** What is asked for: an operation of the web, or one between services. */
export type AnyOperation = Operation | InternalOperation

/**
 * A command on tables of the service's own, for what is better kept as rows than as events: what must be erasable,
 * and what is looked for by many keys. It runs in one transaction, which also holds its answer and its events.
 */
export type RowCommandHandler<Input, Output, Code extends ErrorCode, Facts> = {
  /**
   * Before the transaction, and outside of it: randomness, hashing, questions to other services. What it read may have
   * changed by the time of `run`.
   */
  prepare(input: Input, context: PrepareContext): Facts | Promise<Facts>
  /** What it is about, a UUID: commands about one stream take turns, and its events are that stream's. */
  stream(input: Input, facts: Facts, caller: Caller): string
  /**
   * May come again with the same facts, when what it did was undone. Readers of events wait for its end, so nothing is
   * waited for in it. What a rejection has written is committed with it (a failed try is to be counted): look first,
   * then write. What is thrown undoes everything.
   */
  run(
    transaction: Transaction,
    command: RowCommand<Input, Facts>,
  ): Promise<RowAcceptance | RowRejection<Code>>
  /** Adds what is never stored (a signed token). The same answer must give the same output. */
  present(
    answer: JsonObject,
    version: number,
    command: Pick<Command<Input, Facts>, 'input' | 'facts'>,
  ): Output | Promise<Output>
  /** What it means when a row breaks a unique constraint, which undoes everything: constraint → code. */
  readonly conflicts?: Readonly<Record<string, Code>>
  /**
   * False: the answer is not kept, so the same id does it again. For what begins a session: a request's id is no
   * secret, and must not be enough to be given tokens.
   */
  readonly isRemembered?: boolean
}
export type RowCommand<Input, Facts> = Command<Input, Facts> & {
  /** What the client is, in a few words; where the operation asks for its address. */
  readonly device: string | undefined
}
export type RowAcceptance = {
  readonly kind: 'accepted'
  /** Kept with the command id. No secrets, and nothing personal. */
  readonly answer: JsonObject
  readonly events?: readonly DomainEvent[]
}

/** What a rejection has written is committed too; so it may have something to tell, as when a stolen token was shown. */
export type RowRejection<Code extends ErrorCode = ErrorCode> = Rejection<Code> & {
  readonly events?: readonly DomainEvent[]
}

/** A handler whose types were checked against its contract where it was declared, and are forgotten from there on. */
export type CommandEntry = {
  readonly kind: 'command'
  readonly operation: AnyOperation
  readonly handler: CommandHandler<Json, DomainEvent, JsonObject, JsonObject | undefined, ErrorCode, unknown>
}
export type RowCommandEntry = {
  readonly kind: 'row-command'
  readonly operation: AnyOperation
  readonly handler: RowCommandHandler<JsonObject, JsonObject | undefined, ErrorCode, unknown>
}
export type ReadEntry = {
  readonly kind: 'read'
  readonly operation: AnyOperation
  readonly handle: ReadHandler<JsonObject, JsonObject | undefined, ErrorCode>
}
export type HandlerEntry = CommandEntry | RowCommandEntry | ReadEntry

/** The handler of a command, typed by its contract. */
export function command<const O extends AnyOperation, State extends Json, Event extends DomainEvent, Facts>(
  operation: O,
  handler: CommandHandler<State, Event, InputOf<O>, OutputOf<O>, RejectionOf<O>, Facts>,
): CommandEntry {
  // The edge has checked the input against the very contract that types it, so the erasure is sound.
  return { kind: 'command', operation, handler: handler as never }
}

/** The handler of a command on rows, typed by its contract. */
export function rowCommand<const O extends AnyOperation, Facts>(
  operation: O,
  handler: RowCommandHandler<InputOf<O>, OutputOf<O>, RejectionOf<O>, Facts>,
): RowCommandEntry {
  // As above.
  return { kind: 'row-command', operation, handler: handler as never }
}

/** The handler of a query or a signal, typed by its contract. */
export function read<const O extends AnyOperation>(
  operation: O,
  handle: ReadHandler<InputOf<O>, OutputOf<O>, RejectionOf<O>>,
): ReadEntry {
  // As above.
  return { kind: 'read', operation, handle: handle as never }
}

/** What a reaction may do. */
export type ReactionContext = {
  /** Runs a command of this service as the service itself; once for each id, which must come from the event. */
  run<const O extends InternalOperation>(id: string, operation: O, input: InputOf<O>): Promise<Reply>
  readonly ask: Ask
  rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]>
  claims: ReadContext['claims']
}

/**
 * What a service does when something has happened elsewhere (or in itself): each event once or more often, in the
 * order of commits, none skipped. One instance reacts at a time. What it throws is tried again, and holds up what
 * comes after it.
 */
export type Reaction = {
  /** Where it stands is kept under this name. */
  readonly name: string
  /** Whose events. */
  readonly source: string
  /** Others are passed over. */
  readonly types: readonly string[]
  react(event: RecordedEvent, context: ReactionContext): Promise<void>
}

/**
 * Something that a service does now and then, one instance at a time; and soon after a commit of its own. What it throws
 * is tried again, later each time.
 */
export type Job = {
  readonly name: string
  readonly everyMs: number
  /** Bounded: what is left over is for the next time. `true`: there is more, come again soon. */
  run(context: JobContext): Promise<boolean>
}
export type JobContext = {
  rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]>
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  readonly signal: AbortSignal
}

/** All that a service is: a name, a handler for each of its operations, and what it keeps and does besides. */
export type ServiceDefinition = {
  readonly name: string
  readonly handlers: Readonly<Record<string, HandlerEntry>>
  /** Answers to other services. */
  readonly internals?: Readonly<Record<string, HandlerEntry>>
  readonly views: readonly View[]
  /** Tables of its own, beside those of the store. */
  readonly migrations?: readonly Migration[]
  readonly reactions?: readonly Reaction[]
  readonly jobs?: readonly Job[]
}
