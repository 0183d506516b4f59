import { actorOf } from '@matchday/contracts'
import type { PoolClient } from 'pg'
import { type Clock, isoTime } from '../clock.ts'
import type { DomainEvent, Rejection } from '../decide/decider.ts'
import { type KeptAnswer, keptAnswer, readKeptAnswer } from '../decide/pending-command.ts'
import { Fault } from '../fault.ts'
import type { Json, JsonObject, RequestItem } from '../message.ts'
import type { RowAcceptance, RowCommand, RowCommandEntry, RowRejection } from '../service/definition.ts'
import { jsonArray, textArray } from '../store/append-parameters.ts'
import { brokenConstraintOf, sqlState, sqlStateOf } from '../store/database-faults.ts'
import type { Transaction } from '../view/view.ts'
import { transactionOn } from '../view/view-tables.ts'
import type { Tables } from './tables.ts'

/** A command on rows that is prepared. */
export type PreparedRowCommand = {
  readonly entry: RowCommandEntry
  readonly item: RequestItem
  /** Under which the answer is kept; null: it is not. */
  readonly answerId: string | null
  readonly fingerprint: string
  readonly stream: string
  readonly facts: unknown
  /** What is done in the transaction: the handler's `run`, or, after a conflict, what that means. */
  run: (
    transaction: Transaction,
    command: RowCommand<JsonObject, unknown>,
  ) => Promise<RowAcceptance | RowRejection>
}

/** What one transaction came to. */
export type RowAttempt =
  /** The answer is committed: by this transaction, or by an earlier one. */
  | {
      readonly kind: 'answered'
      readonly kept: KeptAnswer
      readonly version: number
      readonly isNew: boolean
      readonly hasEvents: boolean
    }
  /** The id has an answer to something else. */
  | { readonly kind: 'id-reused' }
  /** A row would have broken a constraint that the handler names. Undone. */
  | { readonly kind: 'conflict'; readonly rejection: Rejection }
  /** Others were quicker: a deadlock, or the same id elsewhere. Undone; the next look tells. */
  | { readonly kind: 'lost' }
  /** The database was not reached; when that was at the commit, nobody knows what became of it. */
  | { readonly kind: 'unreached'; readonly error: Fault; readonly isDoubtful: boolean }

const answersKey = 'answers_pkey'

const beginStatement = {
  name: 'begin_row_command',
  text: 'select * from begin_row_command($1::uuid, $2::text)',
}
type BeginRow = {
  readonly stream_version: number
  readonly kept_fingerprint: string | null
  readonly kept_answer: Json
  readonly kept_version: number | null
}
const endStatement = {
  name: 'end_row_command',
  text: /* sql */ `select end_row_command(
    $1::uuid, $2::integer, $3::text[], $4::json[], $5::timestamptz, $6::text, $7::text,
    $8::text, $9::text, $10::json
  )`,
}

/**
 * One transaction: 1 lock the stream and look for the answer (row-functions.ts says why in this order), 2 run, 3 write
 * events and answer, 4 commit. What a rejection has written is committed with it. Throws what is a bug.
 */
export async function attemptRowCommand(
  tables: Pick<Tables, 'onClient'>,
  clock: Clock,
  command: PreparedRowCommand,
): Promise<RowAttempt> {
  let isCommitting = false
  try {
    return await tables.onClient(async (client): Promise<RowAttempt> => {
      const begun = await begin(client, command)
      if (begun.kept_fingerprint !== null) return keptBefore(begun, command)
      const attempt = await runAndWrite(client, isoTime(clock), command, begun.stream_version)
      isCommitting = true
      return attempt
    })
  } catch (error) {
    return undone(error, command, isCommitting)
  }
}

async function begin(client: PoolClient, { stream, answerId }: PreparedRowCommand): Promise<BeginRow> {
  const { rows } = await client.query<BeginRow>({ ...beginStatement, values: [stream, answerId] })
  return rows[0]!
}

function keptBefore(begun: BeginRow, { fingerprint }: PreparedRowCommand): RowAttempt {
  if (begun.kept_fingerprint !== fingerprint) return { kind: 'id-reused' }
  const { kept_answer: answer, kept_version: version } = begun
  return {
    kind: 'answered',
    kept: readKeptAnswer(answer),
    version: version ?? 0,
    isNew: false,
    hasEvents: false,
  }
}

/** The time is that of the turn: it goes up with the versions, as far as one clock tells. */
async function runAndWrite(
  client: PoolClient,
  now: string,
  command: PreparedRowCommand,
  versionBefore: number,
): Promise<RowAttempt> {
  const { item, facts, stream, fingerprint } = command
  const { input, caller, expectedVersion, device } = item
  const asked = { input, caller, now, expectedVersion, device, facts }
  const decision = await command.run(transactionOn(client), asked)
  const { kept, events } = outcomeOf(decision)
  const answerId = isAnswer(kept) ? command.answerId : null
  if (events.length > 0 || answerId !== null) {
    const values = [
      stream,
      versionBefore,
      textArray(events.map(({ type }) => type)),
      jsonArray(events.map(({ data }) => data)),
      now,
      caller.kind,
      actorOf(caller),
      answerId,
      fingerprint,
      JSON.stringify(keptAnswer(kept)),
    ]
    await client.query({ ...endStatement, values })
  }
  const version = versionBefore + events.length
  return { kind: 'answered', kept, version, isNew: true, hasEvents: events.length > 0 }
}

/** To be told to slow down is no answer: nothing was decided, and clients send the same id again when they may. */
function isAnswer(kept: KeptAnswer): boolean {
  return 'ok' in kept || kept.rejected.code !== 'too-many-requests'
}

/** Only what is to be told again is kept. */
function outcomeOf(decision: RowAcceptance | RowRejection): {
  kept: KeptAnswer
  events: readonly DomainEvent[]
} {
  const { events = [], ...outcome } = decision
  const kept = outcome.kind === 'accepted' ? { ok: outcome.answer } : { rejected: outcome }
  return { kept, events }
}

function undone(error: unknown, { entry }: PreparedRowCommand, isCommitting: boolean): RowAttempt {
  const constraint = brokenConstraintOf(error)
  if (constraint === answersKey) return { kind: 'lost' }
  const code = constraint === undefined ? undefined : entry.handler.conflicts?.[constraint]
  if (code !== undefined) return { kind: 'conflict', rejection: { kind: 'rejected', code } }
  const state = sqlStateOf(error)
  if (state === sqlState.deadlock || state === sqlState.serializationFailure) return { kind: 'lost' }
  const isPassing = error instanceof Fault && error.code === 'unavailable' && error.retryable
  if (isPassing) return { kind: 'unreached', error, isDoubtful: isCommitting }
  throw error
}
