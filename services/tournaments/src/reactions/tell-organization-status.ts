import { type OrganizationId, tournamentInternals } from '@matchday/contracts'
import { Fault, type Reaction } from '@matchday/kernel'
import { claimedTournaments } from '../claimed-tournaments.ts'
import { organizationClaims } from '../domain/claims.ts'
import { knownOrganization } from '../views/organizations.ts'
import { mustBeDone } from './must-be-done.ts'

/** An organisation was approved or blocked: whoever looks at one of its tournaments now is looked at again. */
export const tellOrganizationStatus: Reaction = {
  name: 'tell-organization-status',
  source: 'organizations',
  types: ['organization-approved', 'organization-blocked'],
  async react(event, context) {
    // Streams of the other service are its organisations.
    const organizationId = event.stream as OrganizationId
    // Whoever asks again because he was told must find it so, and the view may be a moment behind.
    const known = await knownOrganization(context, organizationId)
    if (known === null || known.version < event.version)
      throw new Fault('unavailable', 'the view of organisations is not there yet', { retryable: true })
    const status = event.type === 'organization-approved' ? 'approved' : 'blocked'
    for await (const id of claimedTournaments(context, organizationClaims(organizationId))) {
      const commandId = `tell-organization-status.${event.stream}.${event.version}.${id}`
      const input = { id, organizationId, status } as const
      mustBeDone(await context.run(commandId, tournamentInternals.noteOrganizationStatus, input))
    }
  },
}
