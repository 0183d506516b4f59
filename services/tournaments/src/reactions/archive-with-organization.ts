import { type OrganizationId, tournamentInternals } from '@matchday/contracts'
import type { Reaction } from '@matchday/kernel'
import { claimedTournaments } from '../claimed-tournaments.ts'
import { organizationClaims } from '../domain/claims.ts'
import { twice } from './twice.ts'

/** An organisation is gone: what belonged to it is over. */
export const archiveWithOrganization: readonly Reaction[] = twice({
  name: 'archive-with-organization',
  source: 'organizations',
  types: ['organization-deleted'],
  // Streams of the other service are its organisations.
  tournaments: (event, context) =>
    claimedTournaments(context, organizationClaims(event.stream as OrganizationId)),
  run: (commandId, event, id, context) => {
    const input = { id, organizationId: event.stream as OrganizationId }
    return context.run(commandId, tournamentInternals.archiveForOrganization, input)
  },
})
