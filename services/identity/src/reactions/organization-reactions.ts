import { type OrganizationId, organizationInternals, staffIdentityInternals } from '@matchday/contracts'
import { Fault, type Reaction } from '@matchday/kernel'

/** Who belongs to a blocked organisation is signed out. */
export const organizationBlocked: Reaction = {
  name: 'sign-out-blocked',
  source: 'organizations',
  types: ['organization-blocked'],
  react: async ({ stream, version }, { ask, run }) => {
    // The stream of an organisation's events is the organisation.
    const members = await ask(organizationInternals.listMemberIds, {
      organizationId: stream as OrganizationId,
    })
    if (members.kind === 'rejected') throw new Fault('internal', 'this question is never refused')
    for (const accountId of members.body.accountIds) {
      const id = `blocked:${stream}:${version}:${accountId}`
      const reply = await run(id, staffIdentityInternals.endSessionsOf, { accountId })
      // Thrown, it is tried again, and nobody is left out.
      if (reply.kind !== 'ok')
        throw new Fault('unavailable', 'somebody is not signed out yet', { retryable: true })
    }
  },
}

/** Keys of an organisation that is gone open nothing, and go with it. */
export const organizationDeleted: Reaction = {
  name: 'delete-keys',
  source: 'organizations',
  types: ['organization-deleted'],
  react: async ({ stream }, { rows }) => {
    await rows('delete from api_keys where organization_id = $1', [stream])
  },
}
