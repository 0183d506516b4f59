import type { InputOf, OutputOf, RejectionOf } from '@matchday/contracts'
import {
  type AnyOperation,
  type Command,
  type JsonObject,
  type Rejection,
  type RowCommandEntry,
  type RowCommandHandler,
  reject,
  type Transaction,
} from '@matchday/kernel'
import { recordChanges } from './changelog.ts'
import { actorIn } from './domain/actor.ts'
import type { Change, OrganizationEvent } from './domain/change.ts'

export type Outcome = {
  readonly kind: 'accepted'
  /** Kept with the command id: no secrets, nothing personal. */
  readonly answer: JsonObject
  readonly events?: readonly OrganizationEvent[]
  /** For the changelog; empty when all was as wanted already. */
  readonly changes: readonly Change[]
}

/** A refusal that no contract names, for it goes without saying: the edge refuses the same. */
type AlwaysPossible = 'not-allowed'

export type RecordedHandler<Input, Output, Code extends Rejection['code'], Facts> = Omit<
  RowCommandHandler<Input, Output, Code, Facts>,
  'run'
> & {
  /** Whether this caller may do such a thing at all. */
  mayCall(command: Command<Input, Facts>): boolean
  run(transaction: Transaction, command: Command<Input, Facts>): Promise<Outcome | Rejection<Code>>
}

/**
 * Every command of this service is one of these: what it changes is in the changelog or nowhere, and the version of
 * the organisation's row is that of its stream.
 */
export function recordedCommand<const O extends AnyOperation, Facts>(
  operation: O,
  handler: RecordedHandler<InputOf<O>, OutputOf<O>, RejectionOf<O> | AlwaysPossible, Facts>,
): RowCommandEntry {
  const { mayCall, run, ...rest } = handler
  const recorded: RowCommandHandler<InputOf<O>, OutputOf<O>, RejectionOf<O> | AlwaysPossible, Facts> = {
    ...rest,
    async run(transaction, command) {
      if (!mayCall(command)) return reject('not-allowed')
      const outcome = await run(transaction, command)
      if (outcome.kind === 'rejected') return outcome
      const { answer, events = [], changes } = outcome
      await recordChanges(transaction, changes, actorIn(command.caller), command.now)
      if (events.length > 0) {
        const stream = handler.stream(command.input, command.facts, command.caller)
        await transaction.query(
          'update organizations set version = version + $2 where organization_id = $1',
          [stream, events.length],
        )
      }
      return { kind: 'accepted', answer, events }
    },
  }
  // Typed by its contract just now; from here on types are forgotten, as the machinery does with every handler.
  return { kind: 'row-command', operation, handler: recorded as never }
}
