import type { TournamentId } from '@matchday/contracts'
import type { Decider, EventMeta } from '@matchday/kernel'
import { noDetails } from './details.ts'
import type { DataOf, TournamentEvent } from './event.ts'
import {
  anonymized,
  changedPlayer,
  entryDeclined,
  entryRequested,
  joined,
  labelOf,
  linked,
  removed,
  withPlayer,
} from './people-in-state.ts'
import type {
  DrawnTournament,
  ExistingTournament,
  FrozenEntrant,
  OpenTournament,
  SeatedPlayer,
  TournamentState,
} from './state.ts'

/** The state of one tournament, folded from its events; plain JSON, so that it can be a snapshot. */
export const tournament: Decider<TournamentState, TournamentEvent> = {
  name: 'tournament',
  snapshotSchema: 2,
  snapshotEvery: 100,
  initial: () => ({ status: 'missing' }),
  evolve,
}

/** Copies only what an event changes: with 256 players one event costs one list of 256 references. */
function evolve(state: TournamentState, event: TournamentEvent, meta: EventMeta): TournamentState {
  if (event.type === 'tournament-created') return created(event.data, meta)
  if (state.status === 'missing') throw new Error(`${event.type} before tournament-created in ${meta.stream}`)
  switch (event.type) {
    case 'tournament-renamed':
      return { ...state, name: event.data.name }
    case 'joining-changed':
      return { ...state, joining: event.data.open }
    case 'player-joined':
      return joined(state, event.data, meta)
    case 'entry-requested':
      return entryRequested(state, event.data, meta)
    case 'entry-declined':
      return entryDeclined(state, event.data.playerId)
    case 'player-removed':
      return removed(state, event.data.playerId)
    case 'seat-linked':
      return linked(state, event.data, meta)
    case 'player-anonymized':
      return anonymized(state, event.data)
    case 'pass-moved':
      return withPlayer(state, event.data.playerId, { pass: event.data.pass })
    case 'team-picked':
      return withPlayer(state, event.data.playerId, {
        pick: event.data.team,
        contribution: event.data.contribution,
      })
    case 'contribution-added':
      return withPlayer(state, event.data.playerId, { contribution: event.data.contribution })
    case 'teams-drawn':
      return drawn(state, event.data, meta)
    case 'draw-voided':
      return drawVoided(state, event.data, meta)
    case 'details-changed':
      return { ...state, details: event.data }
    case 'tournament-claimed':
      return { ...state, organizationId: event.data.organizationId }
    case 'organization-status-changed':
      return state
    case 'tournament-archived':
      return { ...state, status: 'archived' }
    default:
      event satisfies never
      // A newer release, which works on the same streams for a while, may tell of more.
      return state
  }
}

function created(data: DataOf<'tournament-created'>, meta: EventMeta): OpenTournament {
  return {
    status: 'open',
    // The stream of a tournament is named by its id.
    id: meta.stream as TournamentId,
    name: data.name,
    limit: data.limit,
    teams: data.teams,
    picks: data.picks,
    drawMode: data.drawMode,
    joinCode: data.joinCode,
    joining: true,
    createdAt: meta.at,
    organizationId: data.organizationId ?? null,
    // Of older releases, whose tournaments were found by their address alone.
    details: data.details ?? noDetails('unlisted'),
    players: [],
    requests: [],
    draw: { attempt: 1, commitment: data.commitment },
    voided: [],
  }
}

function drawn(state: ExistingTournament, data: DataOf<'teams-drawn'>, meta: EventMeta): DrawnTournament {
  const { attempt, commitment } = state.draw
  const { seed, assignments } = data
  const entrants = frozenEntrants(state.players)
  return {
    ...state,
    status: 'drawn',
    draw: { attempt, commitment, seed, entrants, assignments, version: meta.version },
  }
}

/** Seats and picks stay; what the devices add starts anew, for it must come after the new commitment. */
function drawVoided(state: ExistingTournament, data: DataOf<'draw-voided'>, meta: EventMeta): OpenTournament {
  if (state.status !== 'drawn') throw new Error(`draw-voided without a draw in ${meta.stream}`)
  return {
    ...state,
    status: 'open',
    players: state.players.map((player) => changedPlayer(player, { contribution: null })),
    voided: [...state.voided, { ...state.draw, voidReason: data.reason }],
    draw: { attempt: data.attempt + 1, commitment: data.nextCommitment },
  }
}

/** Those who have picked, in the order in which they joined: the list that is hashed and drawn from. */
export function frozenEntrants(players: readonly SeatedPlayer[]): readonly FrozenEntrant[] {
  return players.flatMap((player) => {
    const { id, pick, contribution } = player
    return pick === null ? [] : [{ playerId: id, name: labelOf(player), pick, contribution }]
  })
}
