import { organizationInternals } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { tokenHash } from '../invitation-link.ts'
import { openInvitation } from '../invitation-rows.ts'

/** Whether it would be worth making an account for it. */
export const checkInvitation = () =>
  read(organizationInternals.checkInvitation, async ({ token }, _caller, context) => {
    const invitation = await openInvitation(context.rows, tokenHash(token))
    return { kind: 'ok', body: { isGood: invitation !== undefined && invitation.status !== 'blocked' } }
  })
