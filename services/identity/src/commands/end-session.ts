import { reject, rowCommand } from '@matchday/kernel'
import type { RealmOperations } from '../realm-operations.ts'
import { endSession as end } from '../sessions/sessions.ts'
import { signedIn } from '../sessions/signed-in.ts'

export const endSession = (operation: RealmOperations['endSession']) =>
  rowCommand(operation, {
    prepare: () => null,
    stream: (_input, _facts, caller) => signedIn(caller).accountId,
    run: async (transaction, { input, caller, now }) => {
      const ended = await end(transaction, signedIn(caller).accountId, input.sessionId, new Date(now))
      return ended === null ? reject('not-found') : { kind: 'accepted', answer: {}, events: [ended] }
    },
    present: () => undefined,
  })
