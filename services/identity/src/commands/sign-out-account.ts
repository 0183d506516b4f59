import { reject, rowCommand } from '@matchday/kernel'
import { accountByEmail, lockedAccount } from '../accounts/accounts.ts'
import { managedAdministrator } from '../accounts/managed-administrator.ts'
import type { IdentityParts } from '../parts.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { endAllSessions } from '../sessions/sessions.ts'
import { signedIn } from '../sessions/signed-in.ts'

const insertStatement = 'insert into sign_outs (id, at, by, account_id) values ($1, $2, $3, $4)'

/** For who has lost a device, or whose account somebody else has got into. The password stays. */
export const signOutAccount = (
  operation: RealmOperations['signOutAccount'],
  { newId }: Pick<IdentityParts, 'newId'>,
) =>
  rowCommand(operation, {
    prepare: async ({ email }, { rows }) => ({ account: await accountByEmail(rows, email) }),
    stream: (_input, { account }) => account?.id ?? newId(),
    run: async (transaction, { facts, caller, now }) => {
      const account = facts.account && (await lockedAccount(transaction, facts.account.id))
      if (account === null) return reject('not-found')
      const by = signedIn(caller).accountId
      if (account.platformRole !== null) {
        const managed = await managedAdministrator(transaction, account.id, by)
        if (managed.kind === 'rejected') return managed
      }
      const ended = await endAllSessions(transaction, account.id, new Date(now))
      await transaction.query(insertStatement, [newId(), new Date(now), by, account.id])
      return { kind: 'accepted', answer: {}, events: [ended] }
    },
    present: () => undefined,
  })
