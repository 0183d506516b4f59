import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { actorIn } from '../domain/actor.ts'
import { removeMember as decide } from '../domain/managing.ts'
import { memberCommand } from '../member-command.ts'
import { deleteMember, managedMember, revokeInvitationsOf } from '../membership.ts'

export const removeMember = () =>
  memberCommand(organizationOperations.removeMember, {
    async run(transaction, { input: membership, caller }, authority) {
      const member = await managedMember(transaction, membership, actorIn(caller).id)
      if (member === undefined) return reject('not-found')
      const refusal = decide(authority, member)
      if (refusal !== null) return refusal
      const gone = await deleteMember(transaction, membership)
      const revoked = await revokeInvitationsOf(transaction, membership, [])
      return {
        kind: 'accepted',
        answer: {},
        events: [{ type: 'member-removed', data: { accountId: membership.accountId } }],
        changes: [gone, ...revoked],
      }
    },
    present: () => undefined,
  })
