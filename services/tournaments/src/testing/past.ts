import { commitmentOf, draw, entrantsHashOf } from '@matchday/competition'
import { type DrawMode, initialOf, type OrganizationId, type PickRule } from '@matchday/contracts'
import { noDetails } from '../domain/details.ts'
import type { TournamentEvent } from '../domain/event.ts'
import { playerKey } from '../domain/names.ts'
import type { TournamentDetails } from '../domain/state.ts'
import { accountOf, contribution, type FirstName, numberedHex256, playerId, tournamentId } from './people.ts'
import { testPasses } from './test-passes.ts'

/** Events as a test's past: `created()`, `joined('Ann')`, `picked('Ann', 'Bayern')` … */
export const seedOfAttempt = (attempt: number) => numberedHex256(0xabc000 + attempt)
export const teams = ['Bayern', 'PSG', 'Liverpool', 'Chelsea']

type Options = {
  name?: string
  limit?: number
  picks?: PickRule
  drawMode?: DrawMode
  teamNames?: string[]
  organizationId?: OrganizationId
  details?: Partial<TournamentDetails>
}

export function created({
  name = 'Cup',
  limit = 2,
  picks = 'unique',
  drawMode = 'any',
  teamNames = teams,
  organizationId,
  details = {},
}: Options = {}): TournamentEvent {
  const commitment = commitmentOf(seedOfAttempt(1))
  return {
    type: 'tournament-created',
    data: {
      name,
      limit,
      teams: teamNames,
      picks,
      drawMode,
      joinCode: 'BCDFGH',
      commitment,
      ...(organizationId !== undefined && { organizationId }),
      details: { ...noDetails('unlisted'), ...details },
    },
  }
}

export const renamed = (name: string): TournamentEvent => ({ type: 'tournament-renamed', data: { name } })
export const joiningSet = (open: boolean): TournamentEvent => ({ type: 'joining-changed', data: { open } })
export const archived: TournamentEvent = { type: 'tournament-archived', data: {} }

/** Whole name → its key, as the service makes it in tests. */
export function nameKeyOf(firstName: string, lastName: string): string {
  return testPasses.nameKeyOf(tournamentId, playerKey(firstName, lastName))
}

type Named = { lastName?: string; hasAccount?: boolean }
function named(name: FirstName, { lastName = 'Smith', hasAccount = false }: Named) {
  return {
    playerId: playerId(name),
    firstName: name,
    lastName: initialOf(lastName),
    nameKey: nameKeyOf(name, lastName),
    ...(hasAccount && { account: accountOf(name).mark }),
  }
}

export function joined(name: FirstName, options: Named = {}): TournamentEvent {
  return { type: 'player-joined', data: named(name, options) }
}

/** As it was written before names could be forgotten. */
export function joinedLongAgo(name: FirstName): TournamentEvent {
  return { type: 'player-joined', data: { playerId: playerId(name), firstName: name, lastName: 'Smith' } }
}

export function requested(name: FirstName, options: Named = {}): TournamentEvent {
  return { type: 'entry-requested', data: named(name, options) }
}

export const declined = (name: FirstName): TournamentEvent => ({
  type: 'entry-declined',
  data: { playerId: playerId(name) },
})

export const linked = (name: FirstName, account: FirstName = name): TournamentEvent => ({
  type: 'seat-linked',
  data: { playerId: playerId(name), account: accountOf(account).mark },
})

export const anonymized = (name: FirstName, seat: number): TournamentEvent => ({
  type: 'player-anonymized',
  data: { playerId: playerId(name), firstName: 'Player', lastName: String(seat) },
})

export const detailsChanged = (details: Partial<TournamentDetails>): TournamentEvent => ({
  type: 'details-changed',
  data: { ...noDetails('unlisted'), ...details },
})

export const claimed = (organizationId: OrganizationId): TournamentEvent => ({
  type: 'tournament-claimed',
  data: {
    organizationId,
    name: 'Cup',
    limit: 2,
    joinCode: 'BCDFGH',
    status: 'open',
    joining: true,
    players: 0,
    createdAt: '2025-06-01T12:00:00.000Z',
    details: noDetails('unlisted'),
  },
})

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
