import { commitmentOf, draw, type Entrant, entrantsHashOf } from '@matchday/competition'
import type { RecordedEvent } from '@matchday/kernel'
import type { TournamentEvent } from '../domain/event.ts'
import { asTournamentEvent } from './model-system.ts'
import { detailsBreaches, guestBreaches, listingBreaches, type Told } from './people-history.ts'

/**
 * Reads a tournament's events as a referee who knows the rules, but not how they are kept, and names every
 * breach. It shares no code with the service, so that it can disagree with it.
 */
export function breaches(events: readonly RecordedEvent[]): readonly string[] {
  const told: Told = {
    created: null,
    status: 'open',
    joining: true,
    attempt: 1,
    commitment: '',
    visibility: 'unlisted',
    owner: null,
    name: '',
    players: new Map(),
    waiting: new Map(),
  }
  const found: string[] = []
  for (const [index, record] of events.entries()) {
    if (record.version !== index + 1) found.push(`version ${record.version} at place ${index + 1}`)
    for (const breach of breachesOf(told, record.stream, asTournamentEvent(record))) {
      found.push(`${record.version} ${record.type}: ${breach}`)
    }
  }
  return found
}

const mayComeInArchive = ['pass-moved', 'seat-linked', 'player-anonymized', 'entry-declined']
const mayComeAfterDraw = [
  ...mayComeInArchive,
  'tournament-renamed',
  'details-changed',
  'tournament-claimed',
  'draw-voided',
  'tournament-archived',
]

function* breachesOf(told: Told, stream: string, event: TournamentEvent): Generator<string> {
  if (event.type === 'tournament-created') {
    if (told.created !== null) yield 'twice'
    const { commitment, name, organizationId: owner = null, details } = event.data
    Object.assign(told, { created: event.data, commitment, name, owner })
    if (details !== undefined) yield* detailsBreaches(told, details)
    return
  }
  if (told.created === null) return yield 'before it was created'
  if (told.status !== 'open' && !mayComeAfterDraw.includes(event.type)) yield `while ${told.status}`
  if (told.status === 'archived' && !mayComeInArchive.includes(event.type)) yield 'in the archive'
  switch (event.type) {
    case 'tournament-renamed':
      told.name = event.data.name
      return
    case 'joining-changed':
      told.joining = event.data.open
      return
    case 'tournament-archived':
      told.status = 'archived'
      return
    case 'details-changed':
      return yield* detailsBreaches(told, event.data)
    case 'tournament-claimed':
      return yield* listingBreaches(told, event.data)
    case 'player-joined':
      return yield* joinBreaches(told, event.data)
    case 'entry-requested':
    case 'entry-declined':
    case 'seat-linked':
    case 'player-anonymized':
      return yield* guestBreaches(told, event)
    case 'player-removed':
    case 'pass-moved':
    case 'team-picked':
    case 'contribution-added':
      return yield* playerBreaches(told, event)
    case 'teams-drawn':
      return yield* drawBreaches(told, stream, event.data)
    case 'draw-voided':
      return yield* voidBreaches(told, event.data)
  }
}

type Joined = Extract<TournamentEvent, { type: 'player-joined' }>['data']
function* joinBreaches(told: Told, data: Joined) {
  const { playerId, firstName, lastName, nameKey, account = null } = data
  const waited = told.waiting.get(playerId)
  told.waiting.delete(playerId)
  // Whom the organiser lets in comes in, whether the others may or not.
  if (waited === undefined && !told.joining) yield 'joining is closed'
  if (waited === undefined && told.visibility === 'private') yield 'nobody has let him in'
  if (told.players.size >= (told.created?.limit ?? 0)) yield 'more players than seats'
  const guest = { shown: `${firstName} ${lastName}`, name: nameKey ?? null, account }
  if (waited !== undefined && waited.shown !== guest.shown) yield 'under another name than he asked with'
  if (waited !== undefined && waited.account !== account) yield 'with another account than he asked with'
  for (const other of [...told.players.values(), ...told.waiting.values()]) {
    if (other.shown === guest.shown) yield `${guest.shown} twice`
    if (other.name !== null && other.name === guest.name) yield `one person twice, as ${guest.shown}`
    if (other.account !== null && other.account === account) yield 'two seats of one account'
  }
  told.players.set(playerId, { ...guest, pass: 1, pick: null, contribution: null })
}

function* voidBreaches(told: Told, data: Extract<TournamentEvent, { type: 'draw-voided' }>['data']) {
  if (told.status !== 'drawn' || data.attempt !== told.attempt) yield 'nothing to void'
  for (const player of told.players.values()) player.contribution = null
  Object.assign(told, { status: 'open', attempt: told.attempt + 1, commitment: data.nextCommitment })
}

type PlayerEvent = Extract<
  TournamentEvent,
  { type: 'player-removed' | 'pass-moved' | 'team-picked' | 'contribution-added' }
>
function* playerBreaches(told: Told, event: PlayerEvent): Generator<string> {
  const player = told.players.get(event.data.playerId)
  if (player === undefined) return yield 'the player is not in'
  switch (event.type) {
    case 'player-removed':
      told.players.delete(event.data.playerId)
      return
    case 'pass-moved':
      if (event.data.pass !== player.pass + 1) yield `pass ${event.data.pass} after ${player.pass}`
      player.pass = event.data.pass
      return
    case 'contribution-added':
      if (player.contribution !== null) yield 'a second contribution to one attempt'
      if (player.pick === null) yield 'a contribution without a pick'
      player.contribution = event.data.contribution
      return
    case 'team-picked': {
      const { team, contribution } = event.data
      if (!told.created?.teams.includes(team)) yield 'a team that is not in the list'
      if (player.pick !== null) yield 'a second pick'
      const others = [...told.players.values()].some(({ pick }) => pick === team)
      if (told.created?.picks === 'unique' && others) yield `${team} has two players`
      Object.assign(player, { pick: team, contribution })
    }
  }
}

type Drawn = Extract<TournamentEvent, { type: 'teams-drawn' }>['data']
function* drawBreaches(told: Told, tournamentId: string, data: Drawn): Generator<string> {
  const { created, attempt, commitment, players, joining } = told
  if (created === null) return
  told.status = 'drawn'
  if (players.size < 2 || (players.size < created.limit && joining)) yield 'seats are free'
  if ([...players.values()].some(({ pick }) => pick === null)) return yield 'somebody has not picked'
  if (data.attempt !== attempt) yield `attempt ${data.attempt}, not ${attempt}`
  if (commitmentOf(data.seed) !== commitment) yield 'the seed is not the one that was committed to'
  const entrants: Entrant[] = [...players].map(([playerId, { pick, contribution }]) => ({
    playerId,
    pick: pick ?? '',
    contribution,
  }))
  if (data.entrantsHash !== entrantsHashOf(entrants)) yield 'another list of entrants'
  const given = data.assignments.map(({ team }) => team).sort()
  const picked = entrants.map(({ pick }) => pick).sort()
  if (JSON.stringify(given) !== JSON.stringify(picked)) yield 'the teams given are not the teams picked'
  const again = draw({ tournamentId, attempt, mode: created.drawMode, seed: data.seed, entrants })
  if (JSON.stringify(again) !== JSON.stringify(data.assignments)) yield 'drawing again gives other teams'
}
