import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { guardedRead } from '../guarded-read.ts'
import { tokenHash } from '../invitation-link.ts'
import { openInvitation } from '../invitation-rows.ts'

export const lookAtInvitation = () =>
  guardedRead(organizationOperations.lookAtInvitation, async ({ token }, context) => {
    const invitation = await openInvitation(context.rows, tokenHash(token))
    if (invitation === undefined) return reject('link-expired')
    const { organizationId, name, role, expiresAt } = invitation
    return { kind: 'ok', body: { organizationId, name, role, expiresAt: expiresAt.toISOString() } }
  })
