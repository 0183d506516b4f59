import type { Operations, OutputOf, Tournament } from '@matchday/contracts'
import { useQuery } from '../../people/use-query.ts'
import { staff } from '../../session/sessions.ts'
import type { Authority } from '../event/authority.ts'
import { mayRunEvents } from '../office/rights.ts'

type Organization = OutputOf<Operations['getOrganization']>
export type Standing = {
  /** Nothing for who only watches. */
  authority: Authority | null
  /** The organisation that the tournament belongs to, as far as the person who is signed in belongs to it, too. */
  organization: Organization | null
}

/**
 * What the page may change: by the organiser's token if the tournament is nobody's, else because who is signed in manages
 * the organisation.
 */
export function useAuthority(tournament: Tournament, token: string | undefined): Standing {
  const isSignedIn = staff.facts.value.value !== null
  const organizationId = tournament.organization?.id ?? null
  const asked = useQuery(isSignedIn ? organizationId : null, async () =>
    // Asked only with an organisation: without one there is no key to ask for.
    staff.call('getOrganization', { params: { organizationId: organizationId! } }),
  )
  const organization = asked.status === 'ready' ? asked.value : null
  if (organizationId === null) return { authority: token === undefined ? null : { token }, organization }
  const runs = organization !== null && mayRunEvents(organization.role)
  return { authority: runs ? {} : null, organization }
}
