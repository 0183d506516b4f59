import {
  type OrganizationId,
  organizationInternals,
  type StaffId,
  staffIdentityEvents,
} from '@matchday/contracts'
import { Fault, type Reaction, type Reply } from '@matchday/kernel'

/** Who is gone belongs to nothing, looks into nothing, and lets nobody in. */
export const accountDeleted: Reaction = {
  name: 'account-deleted',
  source: staffIdentityEvents.service,
  types: ['account-deleted'],
  async react({ stream, version }, context) {
    // The stream of an account's events is named by its id.
    const accountId = stream as StaffId
    const id = `account-deleted:${stream}:${version}`
    done(await context.run(id, organizationInternals.forgetAccount, { accountId }))
    const places = await context.rows<{ organizationId: OrganizationId }>(
      `select organization_id as "organizationId" from members where account_id = $1
       union select organization_id from invitations where created_by = $1`,
      [accountId],
    )
    for (const { organizationId } of places) {
      const input = { organizationId, accountId }
      done(await context.run(`${id}:${organizationId}`, organizationInternals.forgetMember, input))
    }
  },
}

/** Whatever is not done now is tried again later. */
function done(reply: Reply): void {
  if (reply.kind !== 'ok')
    throw new Fault('unavailable', `It was not done: ${reply.code}`, { retryable: true })
}
