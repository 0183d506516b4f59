import { reject, rowCommand } from '@matchday/kernel'
import { setPassword } from '../accounts/accounts.ts'
import { newPasswordProblem, type PasswordOwner } from '../domain/password-rules.ts'
import type { IdentityParts } from '../parts.ts'
import { isKnownPassword } from '../passwords/known-passwords.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { badPassword, isRejection, tooMany, whenNotBusy } from '../refusals.ts'
import { endAllSessions } from '../sessions/sessions.ts'
import { readOneTimeToken } from '../tokens/one-time-token.ts'

type Parts = Pick<IdentityParts, 'realm' | 'keys' | 'newId' | 'budgets' | 'passwords' | 'clock'>
type Owner = PasswordOwner & { readonly accountId: string }

const ownerStatement = /* sql */ `
  select a.id as "accountId", a.email, a.first_name as "firstName", a.last_name as "lastName"
  from reset_links r join accounts a on a.id = r.account_id where r.id = $1 and r.expires_at > $2`
const takeStatement = 'delete from reset_links where id = $1 and expires_at > $2 returning account_id as id'
const confirmStatement = 'update accounts set confirmed_at = coalesce(confirmed_at, $2) where id = $1'

/** The link came by mail, so it also proves the address. */
export const resetPassword = (operation: RealmOperations['resetPassword'], parts: Parts) =>
  rowCommand(operation, {
    prepare: async ({ token, newPassword }, { rows, address }) => {
      const tooOften = await parts.budgets.takeRequest(rows, address)
      if (tooOften !== null) return tooMany(tooOften)
      const linkId = readOneTimeToken(parts.keys, 'reset', token)
      if (linkId === null) return reject('link-expired')
      const [owner] = await rows<Owner>(ownerStatement, [linkId, new Date(parts.clock.now())])
      if (owner === undefined) return reject('link-expired')
      const problem = newPasswordProblem(newPassword, parts.realm, owner, isKnownPassword)
      if (problem !== undefined) return badPassword(problem, 'newPassword')
      const passwordHash = await whenNotBusy(() => parts.passwords.hash(newPassword))
      if (isRejection(passwordHash)) return passwordHash
      return { kind: 'ready', linkId, accountId: owner.accountId, passwordHash } as const
    },
    stream: (_input, facts) => (facts.kind === 'ready' ? facts.accountId : parts.newId()),
    run: async (transaction, { facts, now }) => {
      if (facts.kind === 'rejected') return facts
      const at = new Date(now)
      const { accountId, linkId, passwordHash } = facts
      const taken = await transaction.query(takeStatement, [linkId, at])
      if (taken.length === 0) return reject('link-expired')
      await setPassword(transaction, accountId, passwordHash)
      await transaction.query(confirmStatement, [accountId, at])
      return { kind: 'accepted', answer: {}, events: [await endAllSessions(transaction, accountId, at)] }
    },
    present: () => undefined,
  })
