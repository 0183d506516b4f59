import type { OrganizationId, TournamentId } from '@matchday/contracts'
import { archiveTournament } from './archive-tournament.ts'
import { type Decided, rejected } from './decision.ts'
import type { TournamentState } from './state.ts'

/** The organisation is gone. Whatever is not its own is none of its business. */
export function archiveForOrganization(
  state: TournamentState,
  organizationId: OrganizationId,
): Decided<{ readonly id: TournamentId }, 'not-found'> {
  const isItsOwn = state.status !== 'missing' && state.organizationId === organizationId
  return isItsOwn ? archiveTournament(state) : rejected('not-found')
}
