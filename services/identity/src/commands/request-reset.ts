import { emailKey, identityLimits } from '@matchday/contracts'
import { rowCommand } from '@matchday/kernel'
import { accountByEmail } from '../accounts/accounts.ts'
import { queueMail, queueResetLink } from '../mail/queue-mail.ts'
import type { IdentityParts } from '../parts.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { tooMany } from '../refusals.ts'

/** Answers alike, and writes alike, whether or not the address is known. */
export const requestReset = (
  operation: RealmOperations['requestReset'],
  { budgets, newId }: Pick<IdentityParts, 'budgets' | 'newId'>,
) =>
  rowCommand(operation, {
    prepare: async ({ email }, { rows, address }) => {
      const tooOften = await budgets.takeRequest(rows, address)
      if (tooOften !== null) return tooMany(tooOften)
      const sendsMail = await budgets.takeMail(rows, emailKey(email), address)
      return { kind: 'ready', sendsMail } as const
    },
    // Nobody's: the version of an account's stream would tell that there is one.
    stream: () => newId(),
    run: async (transaction, { input, facts, now }) => {
      if (facts.kind === 'rejected') return facts
      const at = new Date(now)
      if (facts.sendsMail) {
        const account = await accountByEmail(transaction.query, input.email)
        if (account === null) await queueMail(transaction, newId(), { kind: 'nothing' }, at)
        else {
          const expiresAt = new Date(at.getTime() + identityLimits.resetLinkMinutes * 60_000)
          const link = { kind: 'reset', accountId: account.id, expiresAt } as const
          await queueResetLink(transaction, newId, link, at)
        }
      }
      return { kind: 'accepted', answer: {} }
    },
    present: () => undefined,
  })
