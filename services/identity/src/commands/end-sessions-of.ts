import { staffIdentityInternals } from '@matchday/contracts'
import { rowCommand } from '@matchday/kernel'
import { lockedAccount } from '../accounts/accounts.ts'
import { endAllSessions } from '../sessions/sessions.ts'

/** Who is gone already has no sessions either. */
export const endSessionsOf = () =>
  rowCommand(staffIdentityInternals.endSessionsOf, {
    prepare: () => null,
    stream: ({ accountId }) => accountId,
    run: async (transaction, { input, now }) => {
      const account = await lockedAccount(transaction, input.accountId)
      if (account === null) return { kind: 'accepted', answer: {} }
      const ended = await endAllSessions(transaction, account.id, new Date(now))
      return { kind: 'accepted', answer: {}, events: [ended] }
    },
    present: () => ({}),
  })
