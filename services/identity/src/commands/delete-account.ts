import type { StaffId } from '@matchday/contracts'
import { type PrepareContext, type Rejection, reject, rowCommand } from '@matchday/kernel'
import { accountById, lockedAccount } from '../accounts/accounts.ts'
import { isLastSuperadmin, deleteAccount as remove } from '../accounts/delete-account.ts'
import { isSoleOwner } from '../accounts/sole-owner.ts'
import type { Account } from '../domain/account.ts'
import type { IdentityParts } from '../parts.ts'
import { tryPassword } from '../passwords/try-password.ts'
import type { RealmOperations } from '../realm-operations.ts'
import type { TooMany } from '../refusals.ts'
import { type SignedIn, signedIn } from '../sessions/signed-in.ts'

type Parts = Pick<IdentityParts, 'realm' | 'newId' | 'budgets' | 'passwords' | 'clock'>

/** Without a password, somebody must have just signed in with the other service. */
const freshSessionMs = 10 * 60_000

export const deleteAccount = (operation: RealmOperations['deleteAccount'], parts: Parts) =>
  rowCommand(operation, {
    prepare: async ({ password }, context) => {
      const caller = signedIn(context.caller)
      const account = await accountById(context.rows, caller.accountId)
      if (account === null) return reject('wrong-password')
      const proof = await proofOf(parts, account, caller, password, context)
      if (proof.kind === 'rejected') return proof
      if (parts.realm === 'staff' && (await isSoleOwner(context, caller.accountId as StaffId))) {
        return reject('last-owner')
      }
      return { kind: 'ready', passwordHash: account.passwordHash } as const
    },
    stream: (_input, _facts, caller) => signedIn(caller).accountId,
    run: async (transaction, { facts, caller, now }) => {
      if (facts.kind === 'rejected') return facts
      const account = await lockedAccount(transaction, signedIn(caller).accountId)
      if (account === null || account.passwordHash !== facts.passwordHash) return reject('wrong-password')
      if (await isLastSuperadmin(transaction, account)) return reject('last-owner')
      const events = await remove(transaction, parts.newId, account, account.id, new Date(now))
      return { kind: 'accepted', answer: {}, events }
    },
    present: () => undefined,
  })

/** That it is really he who sits there. */
async function proofOf(
  parts: Parts,
  account: Account,
  { sessionId }: SignedIn,
  password: string | undefined,
  { rows, address }: PrepareContext,
): Promise<{ kind: 'proved' } | Rejection<'wrong-password'> | TooMany> {
  if (account.passwordHash === null) {
    const since = new Date(parts.clock.now() - freshSessionMs)
    const fresh = await rows('select 1 from sessions where id = $1 and began_at >= $2', [sessionId, since])
    return fresh.length > 0 ? { kind: 'proved' } : reject('wrong-password')
  }
  if (password === undefined) return reject('wrong-password')
  const find = async () => account
  const tried = await tryPassword(parts, rows, { subject: account.id, address, password, find })
  if (tried.kind === 'rejected') return tried
  return tried.kind === 'right' ? { kind: 'proved' } : reject('wrong-password')
}
