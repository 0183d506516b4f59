import { organizationInternals } from '@matchday/contracts'
import { read, reject } from '@matchday/kernel'
import { standingOfAccount } from '../standing-of.ts'

/** What `admit` decides from, for services that decide about things of their own. */
export const getStanding = () =>
  read(organizationInternals.getStanding, async (input, _caller, context) => {
    const { organizationId, accountId, isAdministrator } = input
    const standing = await standingOfAccount(context.rows, organizationId, accountId)
    if (standing === null) return reject('not-found')
    const isPreview = isAdministrator && standing.isPreview
    const role = isPreview ? 'owner' : standing.role
    return { kind: 'ok', body: { status: standing.status, role, isPreview } }
  })
