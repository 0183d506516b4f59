import type { OrganizationId, TournamentId } from '@matchday/contracts'
import { organizationClaim } from './claims.ts'
import { type Decided, isRejected, rejected } from './decision.ts'
import { writable } from './phases.ts'
import type { TournamentState } from './state.ts'

/** Takes a tournament that is nobody's into an organisation. Done twice it is no change. */
export function claimTournament(
  state: TournamentState,
  organizationId: OrganizationId,
): Decided<{ readonly id: TournamentId }, 'not-found' | 'tournament-archived' | 'already-claimed'> {
  const tournament = writable(state)
  if (isRejected(tournament)) return tournament
  const { id, name, limit, joinCode, status, joining, players, createdAt, details } = tournament
  const answer = { id }
  if (tournament.organizationId === organizationId) return { kind: 'accepted', events: [], answer }
  if (tournament.organizationId !== null) return rejected('already-claimed')
  const listed = { name, limit, joinCode, status, joining, players: players.length, createdAt, details }
  return {
    kind: 'accepted',
    events: [{ type: 'tournament-claimed', data: { organizationId, ...listed } }],
    answer,
    claims: [organizationClaim(organizationId, id)],
  }
}
