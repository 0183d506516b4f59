import { type OrganizationId, tournamentInternals } from '@matchday/contracts'
import type { Reaction } from '@matchday/kernel'
import { claimedTournaments } from '../claimed-tournaments.ts'
import { organizationClaims } from '../domain/claims.ts'
import { commandIdOf, mustBeDone } from './command-of-event.ts'

/** An organisation is gone: what belonged to it is over. */
export const archiveWithOrganization: Reaction = {
  name: 'archive-with-organization',
  source: 'organizations',
  types: ['organization-deleted'],
  async react(event, context) {
    // Streams of the other service are its organisations.
    const organizationId = event.stream as OrganizationId
    for await (const id of claimedTournaments(context, organizationClaims(organizationId))) {
      const input = { id, organizationId }
      mustBeDone(await context.run(commandIdOf(event, id), tournamentInternals.archiveForOrganization, input))
    }
  },
}
