import {
  emailKey,
  identityLimits,
  normalizeName,
  type StaffId,
  staffIdentityOperations,
} from '@matchday/contracts'
import { type DomainEvent, reject, rowCommand, type Transaction } from '@matchday/kernel'
import { accountByEmail, insertAccount, lockedAccount } from '../accounts/accounts.ts'
import { recordChange } from '../accounts/administrator-changes.ts'
import { queueResetLink } from '../mail/queue-mail.ts'
import type { IdentityParts } from '../parts.ts'
import { endAllSessions } from '../sessions/sessions.ts'
import { signedIn } from '../sessions/signed-in.ts'

/** Somebody's account, or one made for him: then he sets its password by a link, and so proves his address. */
export const addAdministrator = ({ newId }: Pick<IdentityParts, 'newId'>) =>
  rowCommand(staffIdentityOperations.addAdministrator, {
    prepare: async ({ email }, { rows }) => {
      const known = await accountByEmail(rows, email)
      return { accountId: known?.id ?? newId<'staff'>() }
    },
    stream: (_input, facts) => facts.accountId,
    run: async (transaction, { input, facts, caller, now }) => {
      const at = new Date(now)
      const { accountId } = facts
      await transaction.query(`select pg_advisory_xact_lock(hashtext('identity administrators'))`)
      const known = await lockedAccount(transaction, accountId)
      if (known !== null && known.platformRole !== null) return reject('already-member')
      // Its address belongs to another account by now.
      if (known !== null && emailKey(known.email) !== emailKey(input.email)) return reject('already-member')
      if (await isFull(transaction)) return reject('limit-reached')
      const events: DomainEvent[] = []
      if (known === null) {
        await insertAccount(transaction, newAdministrator(accountId, input), now)
        const expiresAt = new Date(at.getTime() + identityLimits.confirmLinkHours * 60 * 60 * 1_000)
        await queueResetLink(transaction, newId, { kind: 'administrator', accountId, expiresAt }, at)
        events.push({ type: 'account-created', data: {} })
      } else {
        await transaction.query(`update accounts set platform_role = 'admin' where id = $1`, [accountId])
        // His tokens say nothing of it.
        events.push(await endAllSessions(transaction, accountId, at))
      }
      const account = await lockedAccount(transaction, accountId)
      await recordChange(transaction, newId(), signedIn(caller).accountId, 'added', account!, at)
      events.push({ type: 'platform-role-changed', data: { role: 'admin' } })
      return { kind: 'accepted', answer: { accountId }, events }
    },
    // As it was answered above.
    present: ({ accountId }) => ({ accountId: accountId as StaffId }),
    conflicts: { accounts_email_is_unique: 'already-member' },
  })

type Input = { readonly email: string; readonly firstName: string; readonly lastName: string }

function newAdministrator(id: string, { email, firstName, lastName }: Input) {
  return {
    id,
    email,
    firstName: normalizeName(firstName),
    lastName: normalizeName(lastName),
    language: 'en',
    passwordHash: null,
    confirmedAt: null,
    platformRole: 'admin',
  } as const
}

async function isFull(transaction: Transaction): Promise<boolean> {
  const [counted] = await transaction.query<{ count: number }>(
    'select count(*)::integer as count from accounts where platform_role is not null',
  )
  return counted!.count >= identityLimits.administratorsMax
}
