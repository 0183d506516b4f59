import { type HandlerEntry, reject } from '@matchday/kernel'
import { isAllowed } from './domain/allowed.ts'

/**
 * Puts the contract's policy before a handler. The edge has looked at the token already; the service that
 * owns the data looks again, so that nothing depends on who else puts requests into its queue.
 */
export function guarded(entry: HandlerEntry): HandlerEntry {
  const { policy } = entry.operation
  if (entry.kind === 'read') {
    return {
      ...entry,
      handle: async (input, caller, context) =>
        isAllowed(policy, caller, input) ? entry.handle(input, caller, context) : reject('not-allowed'),
    }
  }
  const { handler } = entry
  return {
    ...entry,
    handler: {
      ...handler,
      decide: (state, command, meta) =>
        isAllowed(policy, command.caller, command.input)
          ? handler.decide(state, command, meta)
          : reject('not-allowed'),
    },
  }
}
