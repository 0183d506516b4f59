import type { OrganizationId, PlayerAccountId, TournamentId } from '@matchday/contracts'
import { identityOf } from './identity-of-name.ts'
import type { ExistingTournament } from './state.ts'

/**
 * Keys that no two tournaments share, or by which tournaments are found: rows under a unique key. What no two within
 * one tournament may have is in `takes.ts`. See README.md.
 */
export const nameClaim = (name: string) => `name:${identityOf(name)}`
export const joinCodeClaim = (code: string) => `join-code:${code}`

/**
 * An account has one seat in a tournament. Held in the archive too: it is how the seats of an account are found.
 */
export const accountClaim = (accountId: PlayerAccountId, id: TournamentId) =>
  `${accountClaims(accountId)}${id}`
export const accountClaims = (accountId: PlayerAccountId) => `account:${accountId}:`
/** So are the tournaments of an organisation, by what happened before this very moment. */
export const organizationClaim = (organizationId: OrganizationId, id: TournamentId) =>
  `${organizationClaims(organizationId)}${id}`
export const organizationClaims = (organizationId: OrganizationId) => `organization:${organizationId}:`

/** All that archiving makes free. */
export function claimsOfTournament({ name, joinCode }: ExistingTournament): readonly string[] {
  return [nameClaim(name), joinCodeClaim(joinCode)]
}
