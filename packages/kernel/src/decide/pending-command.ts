import { callerScope } from '@matchday/contracts'
import type { Json, JsonObject, Reply, RequestItem } from '../message.ts'
import type { CommandEntry } from '../service/definition.ts'
import type { Rejection } from './decider.ts'

/** A command on its way through the executor. */
export type PendingCommand = {
  readonly entry: CommandEntry
  readonly item: RequestItem
  /** Under which the answer is kept. */
  readonly answerId: string
  readonly fingerprint: string
  facts: unknown
  stream: string
  /** What was read must not be older than the state that is decided on: such facts are prepared once more. */
  readsSecrets: boolean
  /** Decisions that came too late because others changed the stream. */
  conflicts: number
  /** Its answer may be in the store already: look before deciding. */
  maybeAnswered: boolean
  /** In an append of its own, so that nobody else fails with it. */
  alone: boolean
  /** Claims that were held by others at an attempt of this command. */
  readonly lostClaims: Set<string>
  settle(reply: Reply): void
}

export function answerIdOf(item: RequestItem): string {
  return `${callerScope(item.caller)}/${item.id}`
}

/** What is kept of a reply: what `present` makes the reply from, never the reply itself. */
export type KeptAnswer = { readonly ok: JsonObject } | { readonly rejected: Rejection }

export function keptAnswer(answer: KeptAnswer): Json {
  return answer
}

export function readKeptAnswer(answer: Json): KeptAnswer {
  // Nothing but `keptAnswer` writes answers.
  return answer as KeptAnswer
}
