import type { Caller, InputOf, Operation, OutputOf, RejectionOf } from '@matchday/contracts'
import { type Answer, type ReadContext, type ReadEntry, type Rejection, read, reject } from '@matchday/kernel'
import { isRejected } from './domain/rejected.ts'
import { type Authority, admit, isOfPolicy, type MemberOperation } from './domain/standing.ts'
import { asRejectionOf, organizationIn } from './member-command.ts'
import { foreignCursor, isCursor } from './pages.ts'
import { standingOf } from './standing-of.ts'

type Answered<O extends Operation> = Promise<Answer<OutputOf<O>> | Rejection<RejectionOf<O>>>

/** A question inside of an organisation: who may not is refused before anything is read for him. */
export function memberRead<const O extends MemberOperation>(
  operation: O,
  handle: (input: InputOf<O>, context: ReadContext, authority: Authority, caller: Caller) => Answered<O>,
): ReadEntry {
  return withCursor(
    read(operation, async (input, caller, context) => {
      const organizationId = organizationIn(input)
      const standing = await standingOf(context.rows, organizationId, caller)
      const admitted = admit(operation, organizationId, caller, standing)
      if (isRejected(admitted)) return asRejectionOf(operation, admitted)
      return handle(input, context, admitted, caller)
    }),
  )
}

/** A question that belongs to no one organisation. */
export function guardedRead<const O extends Operation>(
  operation: O,
  handle: (input: InputOf<O>, context: ReadContext, caller: Caller) => Answered<O>,
): ReadEntry {
  const entry = withCursor(read(operation, (input, caller, context) => handle(input, context, caller)))
  return {
    ...entry,
    handle: async (input, caller, context) =>
      isOfPolicy(operation, caller) ? entry.handle(input, caller, context) : reject('not-allowed'),
  }
}

/** Whatever is no cursor of ours is told, before it could be taken for the beginning of a list. */
function withCursor(entry: ReadEntry): ReadEntry {
  return {
    ...entry,
    handle: async (input, caller, context) =>
      isCursor(input.after) ? entry.handle(input, caller, context) : foreignCursor(),
  }
}
