import type { DrawMode, PickRule, PlayerId, TournamentId } from '@matchday/contracts'
import type { TournamentEvent } from './event.ts'
import { lowestFreeSeat, playerKey } from './seats.ts'

/** Somebody who is in. Players stand in the order in which they joined. */
export type SeatedPlayer = {
  readonly id: PlayerId
  readonly firstName: string
  readonly lastName: string
  /** Two players with the same key are the same person. */
  readonly key: string
  /** 1 to the limit; the seat is claimed, so that two instances never give more seats than there are. */
  readonly seat: number
  /** Grows each time that the seat moves to another device; older passes are no longer good. */
  readonly pass: number
  readonly pick: string | null
  /** What his device added to the attempt that is under way. */
  readonly contribution: string | null
}

/** A player as he stood in the list when it was frozen. */
export type FrozenEntrant = {
  readonly playerId: PlayerId
  readonly name: string
  readonly pick: string
  readonly contribution: string | null
}

export type CommittedDraw = { readonly attempt: number; readonly commitment: string }
export type DrawnDraw = CommittedDraw & {
  readonly seed: string
  readonly entrants: readonly FrozenEntrant[]
  readonly assignments: readonly { readonly playerId: PlayerId; readonly team: string }[]
  /** Version of the tournament right after the draw. */
  readonly version: number
}
export type VoidedDraw = DrawnDraw & { readonly voidReason: string }

type Details = {
  readonly id: TournamentId
  readonly name: string
  readonly limit: number
  readonly teams: readonly string[]
  readonly picks: PickRule
  readonly drawMode: DrawMode
  readonly joinCode: string
  /** As the organiser has set it; it is looked at only while the tournament is open. */
  readonly joining: boolean
  readonly createdAt: string
  readonly players: readonly SeatedPlayer[]
  /** Earlier attempts, first one first. */
  readonly voided: readonly VoidedDraw[]
}
export type MissingTournament = { readonly status: 'missing' }
export type OpenTournament = Details & { readonly status: 'open'; readonly draw: CommittedDraw }
export type DrawnTournament = Details & { readonly status: 'drawn'; readonly draw: DrawnDraw }
export type ArchivedTournament = Details & {
  readonly status: 'archived'
  readonly draw: CommittedDraw | DrawnDraw
}
export type ExistingTournament = OpenTournament | DrawnTournament | ArchivedTournament
export type TournamentState = MissingTournament | ExistingTournament

type EventMeta = { readonly stream: string; readonly version: number; readonly at: string }
type DataOf<Type extends TournamentEvent['type']> = Extract<TournamentEvent, { type: Type }>['data']

/** The state of one tournament, folded from its events; plain JSON, so that it can be a snapshot. */
export const tournament = {
  name: 'tournament',
  snapshotSchema: 1,
  snapshotEvery: 100,
  initial: (): TournamentState => ({ status: 'missing' }),
  evolve,
} as const

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
      return { ...state, players: [...state.players, seated(state, event.data)] }
    case 'player-removed':
      return { ...state, players: state.players.filter(({ id }) => id !== event.data.playerId) }
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
    case 'tournament-archived':
      return { ...state, status: 'archived' }
    default:
      return event satisfies never
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
    players: [],
    draw: { attempt: 1, commitment: data.commitment },
    voided: [],
  }
}

function seated(state: ExistingTournament, data: DataOf<'player-joined'>): SeatedPlayer {
  return {
    id: data.playerId,
    firstName: data.firstName,
    lastName: data.lastName,
    key: playerKey(data.firstName, data.lastName),
    seat: lowestFreeSeat(state.players),
    pass: 1,
    pick: null,
    contribution: null,
  }
}

function withPlayer(
  state: ExistingTournament,
  playerId: PlayerId,
  changes: Partial<SeatedPlayer>,
): ExistingTournament {
  const index = state.players.findIndex(({ id }) => id === playerId)
  const player = state.players[index]
  if (player === undefined) throw new Error(`player ${playerId} is not in tournament ${state.id}`)
  return { ...state, players: state.players.with(index, { ...player, ...changes }) }
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
    players: state.players.map((player) => ({ ...player, contribution: null })),
    voided: [...state.voided, { ...state.draw, voidReason: data.reason }],
    draw: { attempt: data.attempt + 1, commitment: data.nextCommitment },
  }
}

/** Those who have picked, in the order in which they joined: the list that is hashed and drawn from. */
export function frozenEntrants(players: readonly SeatedPlayer[]): readonly FrozenEntrant[] {
  return players.flatMap(({ id, firstName, lastName, pick, contribution }) =>
    pick === null ? [] : [{ playerId: id, name: `${firstName} ${lastName}`, pick, contribution }],
  )
}
