import type { OrganizationId, TournamentId } from '@matchday/contracts'
import { type Decided, rejected } from './decision.ts'
import type { TournamentState } from './state.ts'

/**
 * The organisation was approved or blocked. That is looked up whenever somebody wants to see the tournament; the event
 * is for those who are looking at it now.
 */
export function noteOrganizationStatus(
  state: TournamentState,
  { organizationId, status }: { organizationId: OrganizationId; status: 'approved' | 'blocked' },
): Decided<{ readonly id: TournamentId }, 'not-found'> {
  if (state.status === 'missing' || state.organizationId !== organizationId) return rejected('not-found')
  return {
    kind: 'accepted',
    events: [{ type: 'organization-status-changed', data: { status } }],
    answer: { id: state.id },
  }
}
