import type { Tournament } from '@matchday/contracts'
import type { Publication, PublicationOf } from './publication.ts'
import { readinessOf } from './readiness.ts'

/** The tournament after one more publication, as a fresh snapshot of that version would show it. */
export function applyPublication(tournament: Tournament, publication: Publication): Tournament {
  const changed = { ...tournament, ...changesOf(tournament, publication), version: publication.version }
  const seatsLeft = changed.limit - changed.players.length
  return { ...changed, seatsLeft, readiness: readinessOf(changed) }
}

function changesOf(tournament: Tournament, publication: Publication): Partial<Tournament> {
  switch (publication.type) {
    case 'tournament-renamed':
      return { name: publication.name }
    case 'joining-changed':
      return { joining: publication.open }
    case 'player-joined':
      return playerJoined(tournament, publication)
    case 'player-removed':
      return { players: tournament.players.filter((player) => player.id !== publication.playerId) }
    case 'team-picked':
      return teamPicked(tournament, publication)
    case 'teams-drawn':
      return teamsDrawn(tournament, publication)
    case 'draw-voided':
      return drawVoided(tournament, publication)
    case 'tournament-archived':
      return { status: 'archived' }
    case 'player-anonymized':
      return playerAnonymized(tournament, publication)
    case 'details-changed':
      return detailsOf(publication)
    case 'tournament-claimed':
      // Events hold ids alone: what the organisation is called comes with the next snapshot (tournament-store.ts).
      return { organization: { id: publication.organizationId, name: '' } }
    case 'tournament-created':
    case 'pass-moved':
    case 'contribution-added':
    case 'seat-linked':
    case 'entry-requested':
    case 'entry-declined':
      return {}
    default:
      // A newer server may tell of things that this page doesn't know; only the version moves then.
      return publication satisfies never
  }
}

function playerJoined(tournament: Tournament, event: PublicationOf<'player-joined'>): Partial<Tournament> {
  const { playerId: id, firstName, lastName } = event
  return { players: [...tournament.players, { id, firstName, lastName, pick: null, team: null }] }
}

function playerAnonymized(
  tournament: Tournament,
  { playerId, firstName, lastName }: PublicationOf<'player-anonymized'>,
): Partial<Tournament> {
  const players = tournament.players.map((player) =>
    player.id === playerId ? { ...player, firstName, lastName } : player,
  )
  return { players }
}

function detailsOf(event: PublicationOf<'details-changed'>): Partial<Tournament> {
  const { description, address, latitude, longitude, startsAt, endsAt, visibility } = event
  return { description, address, latitude, longitude, startsAt, endsAt, visibility }
}

function teamPicked(tournament: Tournament, event: PublicationOf<'team-picked'>): Partial<Tournament> {
  const players = tournament.players.map((player) =>
    player.id === event.playerId ? { ...player, pick: event.team } : player,
  )
  return { players }
}

function teamsDrawn(tournament: Tournament, event: PublicationOf<'teams-drawn'>): Partial<Tournament> {
  const teams = new Map(event.assignments.map(({ playerId, team }) => [playerId, team]))
  return {
    status: 'drawn',
    players: tournament.players.map((player) => ({ ...player, team: teams.get(player.id) ?? null })),
    draws: tournament.draws.map((draw) =>
      draw.attempt === event.attempt ? { ...draw, status: 'drawn' } : draw,
    ),
  }
}

function drawVoided(tournament: Tournament, event: PublicationOf<'draw-voided'>): Partial<Tournament> {
  const draws = tournament.draws.map((draw) =>
    draw.attempt === event.attempt ? { ...draw, status: 'void' as const, voidReason: event.reason } : draw,
  )
  const next = { attempt: event.attempt + 1, status: 'committed' as const, commitment: event.nextCommitment }
  return {
    status: 'open',
    players: tournament.players.map((player) => ({ ...player, team: null })),
    draws: [...draws, next],
  }
}
