import { type PrepareContext, reject, rowCommand } from '@matchday/kernel'
import { accountById, lockedAccount, setPassword } from '../accounts/accounts.ts'
import type { Account } from '../domain/account.ts'
import { newPasswordProblem } from '../domain/password-rules.ts'
import type { IdentityParts } from '../parts.ts'
import { isKnownPassword } from '../passwords/known-passwords.ts'
import { tryPassword } from '../passwords/try-password.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { badPassword, isRejection, whenNotBusy } from '../refusals.ts'
import { beginSession, presentSession } from '../sessions/session-answer.ts'
import { endAllSessions } from '../sessions/sessions.ts'
import { signedIn } from '../sessions/signed-in.ts'

type Parts = Pick<IdentityParts, 'realm' | 'keys' | 'signingKeys' | 'newId' | 'budgets' | 'passwords'>
type Input = { readonly oldPassword: string; readonly newPassword: string }

export const changePassword = (operation: RealmOperations['changePassword'], parts: Parts) =>
  rowCommand(operation, {
    // It begins a session; see sign-in.
    isRemembered: false,
    prepare: async (input, context) => {
      const { caller, rows } = context
      const account = await accountById(rows, signedIn(caller).accountId)
      if (account === null) return reject('wrong-password')
      const { oldPassword, newPassword } = input
      const problem = newPasswordProblem(newPassword, parts.realm, account, isKnownPassword)
      if (problem !== undefined) return badPassword(problem, 'newPassword')
      if (oldPassword === newPassword) return badPassword('same', 'newPassword')
      const tried = await tryPassword(parts, rows, { ...tryOf(account, context), password: oldPassword })
      if (tried.kind === 'rejected') return tried
      if (tried.kind === 'wrong') return changedBefore(parts, account, input)
      const newHash = await whenNotBusy(() => parts.passwords.hash(newPassword))
      if (isRejection(newHash)) return newHash
      return { kind: 'right', passwordHash: tried.passwordHash, newHash } as const
    },
    stream: (_input, _facts, caller) => signedIn(caller).accountId,
    run: async (transaction, { facts, caller, now, device }) => {
      if (facts.kind === 'rejected') return facts
      const at = new Date(now)
      const account = await lockedAccount(transaction, signedIn(caller).accountId)
      if (account === null || account.passwordHash !== facts.passwordHash) return reject('wrong-password')
      if (facts.newHash === null) return beginSession(parts, transaction, account, { now, device })
      await setPassword(transaction, account.id, facts.newHash)
      const ended = await endAllSessions(transaction, account.id, at)
      return beginSession(parts, transaction, account, { now, device }, [ended])
    },
    present: (answer) => presentSession(parts, answer),
  })

/** Whoever sits at somebody's open session has his budget of guesses, not one of his own. */
function tryOf(account: Account, { address }: Pick<PrepareContext, 'address'>) {
  return { subject: account.id, address, find: async () => account }
}

/**
 * The answer to an earlier try may have been lost: then the new password is the present one already, and whoever
 * knows it gets his session.
 */
async function changedBefore({ passwords }: Parts, { passwordHash }: Account, { newPassword }: Input) {
  const isPresent = await whenNotBusy(() => passwords.verify(passwordHash, newPassword))
  if (isRejection(isPresent)) return isPresent
  if (!isPresent || passwordHash === null) return reject('wrong-password')
  return { kind: 'right', passwordHash, newHash: null } as const
}
