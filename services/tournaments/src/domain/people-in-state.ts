import type { PlayerId } from '@matchday/contracts'
import type { EventMeta } from '@matchday/kernel'
import type { DataOf } from './event.ts'
import { namelessName, playerKey, type ShownName, shownKey } from './names.ts'
import { lowestFreeSeat } from './seats.ts'
import type { EntryRequest, ExistingTournament, Person, SeatedPlayer, Trace } from './state.ts'

/** How what happens to people changes the state. */

export function joined(
  state: ExistingTournament,
  data: DataOf<'player-joined'>,
  meta: EventMeta,
): ExistingTournament {
  const request = state.requests.find(({ id }) => id === data.playerId)
  const traces = [...(request?.traces ?? []), { version: meta.version, type: 'player-joined' as const }]
  const place = { seat: lowestFreeSeat(state.players), pass: 1, pick: null, contribution: null }
  const player = seated(person(data, traces, meta), place)
  return { ...state, players: [...state.players, player], requests: without(state.requests, data.playerId) }
}

export function entryRequested(
  state: ExistingTournament,
  data: DataOf<'entry-requested'>,
  meta: EventMeta,
): ExistingTournament {
  const trace = { version: meta.version, type: 'entry-requested' as const }
  const request: EntryRequest = { ...person(data, [trace], meta), requestedAt: meta.at }
  return { ...state, requests: [...state.requests, request] }
}

export function entryDeclined(state: ExistingTournament, playerId: PlayerId): ExistingTournament {
  return { ...state, requests: without(state.requests, playerId) }
}

/** Whoever is gone is a number in what was drawn before. */
export function removed(state: ExistingTournament, playerId: PlayerId): ExistingTournament {
  const player = state.players.find(({ id }) => id === playerId)
  if (player === undefined) return state
  const name = player.key === null ? player : namelessName(player.seat)
  return { ...withLabel(state, playerId, name), players: without(state.players, playerId) }
}

/** Of a seat, or of somebody who waits for one. */
export function linked(
  state: ExistingTournament,
  { playerId, account }: DataOf<'seat-linked'>,
  { version }: EventMeta,
): ExistingTournament {
  const linkedTo = ({ traces }: Person) => ({
    account,
    traces: [...traces, { version, type: 'seat-linked' as const }],
  })
  return {
    ...state,
    players: state.players.map((one) => (one.id === playerId ? changedPlayer(one, linkedTo(one)) : one)),
    requests: state.requests.map((one) => (one.id === playerId ? { ...one, ...linkedTo(one) } : one)),
  }
}

export function anonymized(
  state: ExistingTournament,
  { playerId, firstName, lastName }: DataOf<'player-anonymized'>,
): ExistingTournament {
  const name = { firstName, lastName }
  const nameless = {
    ...name,
    shownKey: shownKey(name),
    key: null,
    account: null,
    traces: [],
  }
  return withPlayer(withLabel(state, playerId, name), playerId, nameless)
}

/** Who he is, where he sits and since when never changes. */
type PlayerChanges = Partial<Omit<SeatedPlayer, 'id' | 'since' | 'seat'>>

export function withPlayer(
  state: ExistingTournament,
  playerId: PlayerId,
  changes: PlayerChanges,
): ExistingTournament {
  const index = state.players.findIndex(({ id }) => id === playerId)
  const player = state.players[index]
  if (player === undefined) throw new Error(`player ${playerId} is not in tournament ${state.id}`)
  return { ...state, players: state.players.with(index, changedPlayer(player, changes)) }
}

/**
 * Lists of players are read for every decision, so all players are objects of one shape, made here. A spread that
 * changes what it spreads can give each of them a dictionary of its own in V8, which is several times slower to read.
 */
function seated(
  { id, firstName, lastName, shownKey, key, account, traces, since }: Person,
  { seat, pass, pick, contribution }: Omit<SeatedPlayer, keyof Person>,
): SeatedPlayer {
  return {
    id,
    firstName,
    lastName,
    shownKey,
    key,
    account,
    traces,
    since,
    seat,
    pass,
    pick,
    contribution,
  }
}

/** What is not among the changes stays. */
export function changedPlayer(player: SeatedPlayer, changes: PlayerChanges): SeatedPlayer {
  const {
    firstName = player.firstName,
    lastName = player.lastName,
    shownKey = player.shownKey,
    key = player.key,
    account = player.account,
    traces = player.traces,
    pass = player.pass,
    pick = player.pick,
    contribution = player.contribution,
  } = changes
  const { id, since, seat } = player
  const person = { id, firstName, lastName, shownKey, key, account, traces, since }
  return seated(person, { seat, pass, pick, contribution })
}

function person(
  data: DataOf<'player-joined'> | DataOf<'entry-requested'>,
  traces: readonly Trace[],
  { version }: EventMeta,
): Person {
  const { playerId: id, firstName, lastName, nameKey, account = null } = data
  return {
    id,
    firstName,
    lastName,
    shownKey: shownKey({ firstName, lastName }),
    // Older releases told the whole name.
    key: nameKey ?? playerKey(firstName, lastName),
    account,
    traces,
    since: version,
  }
}

/** The names in a draw are labels, which prove nothing; they change with the player's. */
function withLabel<State extends ExistingTournament>(
  state: State,
  playerId: PlayerId,
  { firstName, lastName }: ShownName,
): State {
  const name = labelOf({ firstName, lastName })
  const relabelled = <Draw extends State['draw'] | State['voided'][number]>(draw: Draw): Draw =>
    'entrants' in draw
      ? {
          ...draw,
          entrants: draw.entrants.map((one) => (one.playerId === playerId ? { ...one, name } : one)),
        }
      : draw
  return { ...state, draw: relabelled(state.draw), voided: state.voided.map(relabelled) }
}

/** A player's name as a proof shows it. */
export function labelOf({ firstName, lastName }: ShownName): string {
  return `${firstName} ${lastName}`
}

function without<P extends Person>(people: readonly P[], playerId: PlayerId): readonly P[] {
  return people.some(({ id }) => id === playerId) ? people.filter(({ id }) => id !== playerId) : people
}
