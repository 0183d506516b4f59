import type { OrganizationId, PlayerAccountId, PlayerId, TournamentId } from '@matchday/contracts'
import { identityOf } from './identity-of-name.ts'
import type { ExistingTournament, SeatedPlayer } from './state.ts'

/**
 * Keys that a tournament holds while it is not archived. They let joins and picks be decided on a state that
 * lacks the latest joins and picks: whatever two of them must not share is a row under a unique key. See
 * README.md.
 */
export const nameClaim = (name: string) => `name:${identityOf(name)}`
export const joinCodeClaim = (code: string) => `join-code:${code}`
export const playerClaim = (id: TournamentId, key: string) => `player:${id}:${key}`
export const seatClaim = (id: TournamentId, seat: number) => `seat:${id}:${seat}`
/** The team by its place in the list, which never changes. */
export const teamClaim = (id: TournamentId, teamIndex: number) => `team:${id}:${teamIndex}`
/** A player picks once, also from two tabs that reach two instances. */
export const pickClaim = (id: TournamentId, playerId: PlayerId) => `pick:${id}:${playerId}`
/** A player's device adds one contribution to an attempt. */
export const contributionClaim = (id: TournamentId, attempt: number, playerId: PlayerId) =>
  `contribution:${id}:${attempt}:${playerId}`

/**
 * An account has one seat in a tournament. Unlike the others it is held in the archive too: it is how the seats of an
 * account are found.
 */
export const accountClaim = (accountId: PlayerAccountId, id: TournamentId) =>
  `${accountClaims(accountId)}${id}`
export const accountClaims = (accountId: PlayerAccountId) => `account:${accountId}:`
/** So are the tournaments of an organisation, by what happened before this very moment. */
export const organizationClaim = (organizationId: OrganizationId, id: TournamentId) =>
  `${organizationClaims(organizationId)}${id}`
export const organizationClaims = (organizationId: OrganizationId) => `organization:${organizationId}:`

/** All that is claimed for a player, in this attempt. Some of it may not be: releasing that does nothing. */
export function claimsOfPlayer(tournament: ExistingTournament, player: SeatedPlayer): readonly string[] {
  const { id, draw, picks, teams } = tournament
  const claims = [seatClaim(id, player.seat)]
  if (player.key !== null) claims.push(playerClaim(id, player.key))
  if (player.pick === null) return claims
  claims.push(pickClaim(id, player.id))
  if (picks === 'unique') claims.push(teamClaim(id, teams.indexOf(player.pick)))
  if (player.contribution !== null) claims.push(contributionClaim(id, draw.attempt, player.id))
  return claims
}

/** All that archiving makes free. */
export function claimsOfTournament(tournament: ExistingTournament): readonly string[] {
  const { id, name, joinCode, players, requests } = tournament
  return [
    nameClaim(name),
    joinCodeClaim(joinCode),
    ...players.flatMap((player) => claimsOfPlayer(tournament, player)),
    ...requests.flatMap(({ key }) => (key === null ? [] : [playerClaim(id, key)])),
  ]
}
