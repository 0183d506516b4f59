import type { Visibility } from '@matchday/contracts'
import type { TournamentEvent } from '../domain/event.ts'

/** Somebody as the referee knows him: as he is shown, by a mark of his whole name, and by a mark of his account. */
export type Guest = { shown: string; name: string | null; account: string | null }
type Somebody = Guest & { pass: number; pick: string | null; contribution: string | null }
/** What the referee has heard so far. */
export type Told = {
  created: Extract<TournamentEvent, { type: 'tournament-created' }>['data'] | null
  status: 'open' | 'drawn' | 'archived'
  joining: boolean
  attempt: number
  commitment: string
  visibility: Visibility
  owner: string | null
  name: string
  players: Map<string, Somebody>
  waiting: Map<string, Guest>
}
type DataOf<Type extends TournamentEvent['type']> = Extract<TournamentEvent, { type: Type }>['data']
type GuestEvent = Extract<
  TournamentEvent,
  { type: 'entry-requested' | 'entry-declined' | 'seat-linked' | 'player-anonymized' }
>

export function* guestBreaches(told: Told, event: GuestEvent): Generator<string> {
  switch (event.type) {
    case 'entry-requested':
      return yield* requestBreaches(told, event.data)
    case 'entry-declined':
      if (!told.waiting.delete(event.data.playerId)) yield 'nobody waits'
      return
    case 'seat-linked':
      return yield* linkBreaches(told, event.data)
    case 'player-anonymized':
      return yield* forgetBreaches(told, event.data)
  }
}

function* requestBreaches(told: Told, data: DataOf<'entry-requested'>): Generator<string> {
  const { playerId, firstName, lastName, nameKey = null, account = null } = data
  const guest = { shown: `${firstName} ${lastName}`, name: nameKey, account }
  if (told.visibility !== 'private') yield 'he could have come in'
  if (!told.joining) yield 'joining is closed'
  for (const other of everybody(told)) {
    if (other.shown === guest.shown) yield `${guest.shown} twice`
    if (other.name !== null && other.name === nameKey) yield `one person twice, as ${guest.shown}`
    if (other.account !== null && other.account === account) yield 'two seats of one account'
  }
  told.waiting.set(playerId, guest)
}

function* linkBreaches(told: Told, { playerId, account }: DataOf<'seat-linked'>): Generator<string> {
  const guest = told.players.get(playerId) ?? told.waiting.get(playerId)
  if (guest === undefined) return yield 'nobody is there'
  if (guest.account !== null) yield 'the seat of another account'
  if (everybody(told).some((other) => other.account === account)) yield 'two seats of one account'
  guest.account = account
}

function* forgetBreaches(told: Told, data: DataOf<'player-anonymized'>): Generator<string> {
  const player = told.players.get(data.playerId)
  if (player === undefined) return yield 'the player is not in'
  const shown = `${data.firstName} ${data.lastName}`
  if (data.firstName !== 'Player' || !/^\d+( \d+)?$/.test(data.lastName)) yield 'that is still a name'
  if (everybody(told).some((other) => other !== player && other.shown === shown)) yield `${shown} twice`
  Object.assign(player, { shown, name: null, account: null })
}

export function* detailsBreaches(told: Told, details: DataOf<'details-changed'>): Generator<string> {
  const { latitude, longitude, startsAt, endsAt, visibility } = details
  if ((latitude === null) !== (longitude === null)) yield 'half a place'
  if (endsAt !== null && (startsAt === null || Date.parse(endsAt) <= Date.parse(startsAt))) yield 'no time'
  told.visibility = visibility
}

export function* listingBreaches(told: Told, data: DataOf<'tournament-claimed'>): Generator<string> {
  if (told.owner !== null) yield 'it had an owner'
  told.owner = data.organizationId
  const listed = { name: data.name, players: data.players, status: data.status, joining: data.joining }
  const { name, players, status, joining } = told
  const known = { name, players: players.size, status, joining }
  if (JSON.stringify(listed) !== JSON.stringify(known)) yield 'what is listed is not what is known'
}

function everybody(told: Told): readonly Guest[] {
  return [...told.players.values(), ...told.waiting.values()]
}
