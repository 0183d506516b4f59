import { organizationInternals } from '@matchday/contracts'
import { deleteMember, managedMember, revokeInvitationsOf } from '../membership.ts'
import { recordedCommand } from '../recorded-command.ts'

/** Also the last owner goes: his account is gone already. Administrators can appoint another. */
export const forgetMember = () =>
  recordedCommand(organizationInternals.forgetMember, {
    prepare: () => null,
    stream: ({ organizationId }) => organizationId,
    mayCall: ({ caller }) => caller.kind === 'service',
    async run(transaction, { input: membership }) {
      const revoked = await revokeInvitationsOf(transaction, membership, [])
      const member = await managedMember(transaction, membership, null)
      if (member === undefined) return { kind: 'accepted', answer: {}, changes: revoked }
      const gone = await deleteMember(transaction, membership)
      return {
        kind: 'accepted',
        answer: {},
        events: [{ type: 'member-removed', data: { accountId: membership.accountId } }],
        changes: [gone, ...revoked],
      }
    },
    present: () => ({}),
  })
