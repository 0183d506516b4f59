import {
  newId,
  type OrganizationId,
  type OrganizationRole,
  organizationLimits,
  organizationOperations,
} from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { accountIn } from '../domain/actor.ts'
import { isOfPolicy } from '../domain/standing.ts'
import { tokenHash } from '../invitation-link.ts'
import { openInvitation } from '../invitation-rows.ts'
import { addMember, hasDeparted, isInTooMany, lockAccount } from '../membership.ts'
import { recordedCommand } from '../recorded-command.ts'
import { rowsOf } from '../rows.ts'

const operation = organizationOperations.acceptInvitation
type AcceptAnswer = { readonly organizationId: OrganizationId; readonly role: OrganizationRole }

export const acceptInvitation = () =>
  recordedCommand(operation, {
    async prepare({ token }, { rows }) {
      const hash = tokenHash(token)
      const found = await openInvitation(rows, hash)
      // What leads nowhere waits for nobody's turn.
      return { hash, organizationId: found?.organizationId ?? newId<'organization'>() }
    },
    stream: (_input, { organizationId }) => organizationId,
    mayCall: ({ caller }) => isOfPolicy(operation, caller),
    async run(transaction, { caller, now, facts: { hash, organizationId } }) {
      const accountId = accountIn(caller)
      const invitation = await openInvitation(rowsOf(transaction), hash)
      // It is this organisation's turn, and no other's.
      if (invitation?.organizationId !== organizationId) return reject('link-expired')
      const { invitationId, role, status } = invitation
      await lockAccount(transaction, accountId)
      if (await hasDeparted(transaction, accountId)) return reject('not-allowed')
      const [members] = await transaction.query<{ count: number; isMember: boolean }>(
        `select count(*)::integer as count, coalesce(bool_or(account_id = $2), false) as "isMember"
         from members where organization_id = $1`,
        [organizationId, accountId],
      )
      if (members!.isMember) return reject('already-member')
      const isFull = members!.count >= organizationLimits.membersMax
      if (isFull || (await isInTooMany(transaction, accountId))) return reject('limit-reached')
      if (status === 'blocked') return reject('organization-blocked')

      await transaction.query('delete from invitations where invitation_id = $1', [invitationId])
      const added = await addMember(transaction, { organizationId, accountId }, role, now)
      return {
        kind: 'accepted',
        answer: { organizationId, role },
        events: [{ type: 'member-added', data: { accountId, role } }],
        changes: [{ ...added, after: { accountId, role, invitationId } }],
      }
    },
    present: (answer: AcceptAnswer) => answer,
  })
