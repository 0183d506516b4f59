import { commitmentOf, draw, type Entrant, entrantsHashOf } from '@matchday/competition'
import { nameKey } from '@matchday/contracts'
import type { RecordedEvent } from '@matchday/kernel'
import type { TournamentEvent } from '../domain/event.ts'
import { asTournamentEvent } from './model-system.ts'

type Somebody = { name: string; pass: number; pick: string | null; contribution: string | null }
type Told = {
  created: Extract<TournamentEvent, { type: 'tournament-created' }>['data'] | null
  status: 'open' | 'drawn' | 'archived'
  joining: boolean
  attempt: number
  commitment: string
  players: Map<string, Somebody>
}

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
    players: new Map(),
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

function* breachesOf(told: Told, stream: string, event: TournamentEvent): Generator<string> {
  if (event.type === 'tournament-created') {
    if (told.created !== null) yield 'twice'
    Object.assign(told, { created: event.data, commitment: event.data.commitment })
    return
  }
  if (told.created === null) return yield 'before it was created'
  const mayComeLater = ['tournament-renamed', 'pass-moved', 'draw-voided', 'tournament-archived']
  if (told.status !== 'open' && !mayComeLater.includes(event.type)) yield `while ${told.status}`
  if (told.status === 'archived' && event.type !== 'pass-moved') yield 'in the archive'
  switch (event.type) {
    case 'tournament-renamed':
      return
    case 'joining-changed':
      told.joining = event.data.open
      return
    case 'tournament-archived':
      told.status = 'archived'
      return
    case 'player-joined':
      return yield* joinBreaches(told, event.data)
    case 'player-removed':
    case 'pass-moved':
    case 'team-picked':
    case 'contribution-added':
      return yield* playerBreaches(told, event)
    case 'teams-drawn':
      return yield* drawBreaches(told, stream, event.data)
    case 'draw-voided':
      if (told.status !== 'drawn' || event.data.attempt !== told.attempt) yield 'nothing to void'
      for (const player of told.players.values()) player.contribution = null
      Object.assign(told, {
        status: 'open',
        attempt: told.attempt + 1,
        commitment: event.data.nextCommitment,
      })
  }
}

function* joinBreaches(told: Told, data: { playerId: string; firstName: string; lastName: string }) {
  const name = `${nameKey(data.firstName)}, ${nameKey(data.lastName)}`
  if (!told.joining) yield 'joining is closed'
  if (told.players.size >= (told.created?.limit ?? 0)) yield 'more players than seats'
  if ([...told.players.values()].some((other) => other.name === name)) yield `${name} twice`
  told.players.set(data.playerId, { name, pass: 1, pick: null, contribution: null })
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
