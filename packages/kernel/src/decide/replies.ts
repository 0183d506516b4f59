import type { JsonObject, Reply } from '../message.ts'
import type { KeptAnswer } from './pending-command.ts'

export const requestIdReused: Reply = { kind: 'rejected', code: 'request-id-reused' }

/** What was asked for, and what was prepared for it: an answer is shown with both, whoever told it first. */
type Asked = { readonly input: JsonObject; readonly facts: unknown }
type Presenter = {
  present(
    answer: JsonObject,
    version: number,
    command: Asked,
  ): JsonObject | undefined | Promise<JsonObject | undefined>
}

/** The reply to a command whose answer is committed: a promise only if `present` gives one. */
export function presentAnswer(
  handler: Presenter,
  asked: Asked,
  kept: KeptAnswer,
  version: number,
  epoch: string,
): Reply | Promise<Reply> {
  if ('rejected' in kept) return kept.rejected
  const body = handler.present(kept.ok, version, asked)
  const ok = (shown: Awaited<typeof body>): Reply => ({ kind: 'ok', body: shown ?? null, version, epoch })
  return isPromise(body) ? body.then(ok) : ok(body)
}

/** To wait for what is there already would cost each command a turn of the queue of promises. */
export function isPromise<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return value instanceof Promise
}
