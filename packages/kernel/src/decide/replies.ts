import type { Reply } from '../message.ts'
import type { KeptAnswer, PendingCommand } from './pending-command.ts'

export const requestIdReused: Reply = { kind: 'rejected', code: 'request-id-reused' }

/** The reply to a command whose answer is committed: a promise only if `present` gives one. */
export function presentAnswer(
  command: PendingCommand,
  kept: KeptAnswer,
  version: number,
  epoch: string,
): Reply | Promise<Reply> {
  if ('rejected' in kept) return kept.rejected
  const { entry, item, facts } = command
  const body = entry.handler.present(kept.ok, version, { input: item.input, facts })
  const ok = (shown: Awaited<typeof body>): Reply => ({ kind: 'ok', body: shown ?? null, version, epoch })
  return isPromise(body) ? body.then(ok) : ok(body)
}

/** To wait for what is there already would cost each command a turn of the queue of promises. */
export function isPromise<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return value instanceof Promise
}
