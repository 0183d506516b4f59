import { reject, rowCommand } from '@matchday/kernel'
import { accountById, insertAccount, lockedAccount } from '../accounts/accounts.ts'
import { signUpById, takeSignUp } from '../accounts/sign-ups.ts'
import type { IdentityParts } from '../parts.ts'
import { tryPassword } from '../passwords/try-password.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { beginSession, presentSession } from '../sessions/session-answer.ts'
import { leaveSession } from '../sessions/sessions.ts'
import { readOneTimeToken } from '../tokens/one-time-token.ts'

type Parts = Pick<
  IdentityParts,
  'realm' | 'keys' | 'signingKeys' | 'newId' | 'budgets' | 'passwords' | 'clock'
>

const created = { type: 'account-created', data: {} } as const

/**
 * The link shows who has the mailbox, the password who signed up: only both together make the account. It has the id
 * of its sign-up, so that the link, opened once more with the right password, leads to the account that it has made.
 */
export const confirmEmail = (operation: RealmOperations['confirmEmail'], parts: Parts) =>
  rowCommand(operation, {
    isRemembered: false,
    prepare: async ({ token, password }, { rows, address }) => {
      const id = readOneTimeToken(parts.keys, 'sign-up', token)
      if (id === null) return reject('link-expired')
      const find = async () =>
        (await signUpById(rows, id, new Date(parts.clock.now()))) ?? (await accountById(rows, id))
      if ((await find()) === null) return reject('link-expired')
      const tried = await tryPassword(parts, rows, { subject: id, address, password, find })
      if (tried.kind !== 'wrong') return tried
      // Another sign-up for this address may have been confirmed since: then no password is right.
      return reject((await find()) === null ? 'link-expired' : 'wrong-credentials')
    },
    stream: (_input, facts) => (facts.kind === 'right' ? facts.found.id : parts.newId()),
    run: async (transaction, { facts, caller, now, device }) => {
      if (facts.kind === 'rejected') return facts
      const { id } = facts.found
      const at = new Date(now)
      const signUp = await takeSignUp(transaction, id, at)
      if (signUp !== null) {
        const account = { ...signUp, confirmedAt: at, platformRole: null }
        await insertAccount(transaction, account, now)
        const left = await leaveSession(transaction, caller, at)
        return beginSession(parts, transaction, account, { now, device }, [created, ...left])
      }
      const account = await lockedAccount(transaction, id)
      if (account === null || account.passwordHash !== facts.passwordHash) return reject('link-expired')
      const left = await leaveSession(transaction, caller, at)
      return beginSession(parts, transaction, account, { now, device }, left)
    },
    present: (answer) => presentSession(parts, answer),
    // Another sign-up for this address was confirmed first.
    conflicts: { accounts_email_is_unique: 'link-expired' },
  })
