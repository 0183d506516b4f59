import { type OrganizationRole, organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { mayManage } from '../domain/managing.ts'
import { memberCommand } from '../member-command.ts'

export const revokeInvitation = () =>
  memberCommand(organizationOperations.revokeInvitation, {
    async run(transaction, { input: { organizationId, invitationId } }, authority) {
      const values = [organizationId, invitationId]
      const [invitation] = await transaction.query<{ role: OrganizationRole }>(
        `select role from invitations
         where organization_id = $1 and invitation_id = $2 and expires_at > now()`,
        values,
      )
      if (invitation === undefined) return reject('not-found')
      if (!mayManage(authority, invitation.role)) return reject('not-junior')
      await transaction.query(
        'delete from invitations where organization_id = $1 and invitation_id = $2',
        values,
      )
      return {
        kind: 'accepted',
        answer: {},
        changes: [
          { organizationId, thing: 'invitation', thingId: invitationId, action: 'deleted', after: null },
        ],
      }
    },
    present: () => undefined,
  })
