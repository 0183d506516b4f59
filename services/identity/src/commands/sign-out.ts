import { rowCommand } from '@matchday/kernel'
import type { RealmOperations } from '../realm-operations.ts'
import { endAllSessions } from '../sessions/sessions.ts'
import { signedIn } from '../sessions/signed-in.ts'

export const signOut = (operation: RealmOperations['signOut']) =>
  rowCommand(operation, {
    prepare: () => null,
    stream: (_input, _facts, caller) => signedIn(caller).accountId,
    run: async (transaction, { caller, now }) => {
      const ended = await endAllSessions(transaction, signedIn(caller).accountId, new Date(now))
      return { kind: 'accepted', answer: {}, events: [ended] }
    },
    present: () => undefined,
  })
