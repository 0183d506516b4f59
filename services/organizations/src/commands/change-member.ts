import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { actorIn } from '../domain/actor.ts'
import { changeRole, rolesBelow } from '../domain/managing.ts'
import { memberCommand } from '../member-command.ts'
import { managedMember, memberChange, revokeInvitationsOf } from '../membership.ts'

export const changeMember = () =>
  memberCommand(organizationOperations.changeMember, {
    async run(transaction, { input: { role, ...membership }, caller }, authority) {
      const member = await managedMember(transaction, membership, actorIn(caller).id)
      if (member === undefined) return reject('not-found')
      const refusal = changeRole(authority, member, role)
      if (refusal !== null) return refusal
      if (member.role === role) return { kind: 'accepted', answer: {}, changes: [] }
      const { organizationId, accountId } = membership
      await transaction.query('update members set role = $3 where organization_id = $1 and account_id = $2', [
        organizationId,
        accountId,
        role,
      ])
      const revoked = await revokeInvitationsOf(transaction, membership, rolesBelow(role))
      return {
        kind: 'accepted',
        answer: {},
        events: [{ type: 'member-changed', data: { accountId, role } }],
        changes: [memberChange(membership, 'changed', role), ...revoked],
      }
    },
    present: () => undefined,
  })
