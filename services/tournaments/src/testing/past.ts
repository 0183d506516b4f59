import { commitmentOf, draw, entrantsHashOf } from '@matchday/competition'
import type { DrawMode, PickRule } from '@matchday/contracts'
import type { TournamentEvent } from '../domain/event.ts'
import { contribution, type FirstName, numberedHex256, playerId, tournamentId } from './people.ts'

/** Events as a test's past: `created()`, `joined('Ann')`, `picked('Ann', 'Bayern')` … */
export const seedOfAttempt = (attempt: number) => numberedHex256(0xabc000 + attempt)
export const teams = ['Bayern', 'PSG', 'Liverpool', 'Chelsea']

type Options = {
  name?: string
  limit?: number
  picks?: PickRule
  drawMode?: DrawMode
  teamNames?: string[]
}

export function created({
  name = 'Cup',
  limit = 2,
  picks = 'unique',
  drawMode = 'any',
  teamNames = teams,
}: Options = {}): TournamentEvent {
  const commitment = commitmentOf(seedOfAttempt(1))
  return {
    type: 'tournament-created',
    data: { name, limit, teams: teamNames, picks, drawMode, joinCode: 'BCDFGH', commitment },
  }
}

export const renamed = (name: string): TournamentEvent => ({ type: 'tournament-renamed', data: { name } })
export const joiningSet = (open: boolean): TournamentEvent => ({ type: 'joining-changed', data: { open } })
export const archived: TournamentEvent = { type: 'tournament-archived', data: {} }

export function joined(name: FirstName): TournamentEvent {
  return {
    type: 'player-joined',
    data: { playerId: playerId(name), firstName: name, lastName: 'Smith' },
  }
}

export function removed(name: FirstName): TournamentEvent {
  return { type: 'player-removed', data: { playerId: playerId(name), by: 'organizer' } }
}

export function passMoved(name: FirstName, pass = 2): TournamentEvent {
  return { type: 'pass-moved', data: { playerId: playerId(name), pass } }
}

export function picked(name: FirstName, team: string): TournamentEvent {
  return {
    type: 'team-picked',
    data: { playerId: playerId(name), team, contribution: contribution(name) },
  }
}

export function drawn(
  picks: readonly (readonly [FirstName, string])[],
  {
    attempt = 1,
    mode = 'any',
    contributed = true,
  }: { attempt?: number; mode?: DrawMode; contributed?: boolean } = {},
): TournamentEvent {
  const seed = seedOfAttempt(attempt)
  const entrants = picks.map(([name, pick]) => ({
    playerId: playerId(name),
    pick,
    contribution: contributed ? contribution(name) : null,
  }))
  const given = draw({ tournamentId, attempt, mode, seed, entrants })
  const assignments = picks.map(([name], index) => ({ playerId: playerId(name), team: given[index]!.team }))
  const entrantsHash = entrantsHashOf(entrants)
  return { type: 'teams-drawn', data: { attempt, seed, entrantsHash, assignments } }
}

export function voided(attempt = 1): TournamentEvent {
  const nextCommitment = commitmentOf(seedOfAttempt(attempt + 1))
  return { type: 'draw-voided', data: { attempt, reason: 'Ben was not there', nextCommitment } }
}
