import { emailKey } from '@matchday/contracts'
import { reject, rowCommand } from '@matchday/kernel'
import { accountByEmail, lockedAccount } from '../accounts/accounts.ts'
import type { IdentityParts } from '../parts.ts'
import { tryPassword } from '../passwords/try-password.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { whenNotBusy } from '../refusals.ts'
import { beginSession, presentSession } from '../sessions/session-answer.ts'
import { leaveSession } from '../sessions/sessions.ts'

type Parts = Pick<IdentityParts, 'realm' | 'keys' | 'signingKeys' | 'newId' | 'budgets' | 'passwords'>

export const signIn = (operation: RealmOperations['signIn'], parts: Parts) =>
  rowCommand(operation, {
    // A request's id is no secret, and must not be enough to be given tokens.
    isRemembered: false,
    prepare: async ({ email, password }, { rows, address }) => {
      const tried = await tryPassword(parts, rows, {
        subject: emailKey(email),
        address,
        password,
        find: () => accountByEmail(rows, email),
      })
      if (tried.kind === 'rejected') return tried
      if (tried.kind === 'wrong') return reject('wrong-credentials')
      return { ...tried, newHash: await rehashed(parts, tried.passwordHash, password) }
    },
    stream: (_input, facts) => (facts.kind === 'right' ? facts.found.id : parts.newId()),
    run: async (transaction, { facts, caller, now, device }) => {
      if (facts.kind === 'rejected') return facts
      const account = await lockedAccount(transaction, facts.found.id)
      // It was changed, or deleted, while this one was tried.
      if (account === null || account.passwordHash !== facts.passwordHash) return reject('wrong-credentials')
      if (facts.newHash !== null) {
        const renew = 'update accounts set password_hash = $2 where id = $1'
        await transaction.query(renew, [account.id, facts.newHash])
      }
      const left = await leaveSession(transaction, caller, new Date(now))
      return beginSession(parts, transaction, account, { now, device }, left)
    },
    present: (answer) => presentSession(parts, answer),
  })

/** What was hashed with less work than is asked for today is hashed anew, now that the password is known. */
async function rehashed(
  { passwords }: Pick<Parts, 'passwords'>,
  passwordHash: string,
  password: string,
): Promise<string | null> {
  if (!passwords.isOutdated(passwordHash)) return null
  const hash = await whenNotBusy(() => passwords.hash(password))
  // Another time will do.
  return typeof hash === 'string' ? hash : null
}
