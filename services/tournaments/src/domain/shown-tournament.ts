import type { DrawAttempt, Player, Tournament } from '@matchday/contracts'
import { readiness } from './readiness.ts'
import { seatsLeft } from './seats.ts'
import type { ExistingTournament, SeatedPlayer } from './state.ts'

/**
 * The tournament as everybody may see it: no seed before the draw, no seat numbers, passes or contributions.
 */
export function shownTournament(
  tournament: ExistingTournament,
): Omit<Tournament, 'joinUrl' | 'organization' | 'version'> {
  const { id, name, limit, status, joining, joinCode, drawMode, picks, teams, createdAt } = tournament
  return {
    id,
    name,
    limit,
    status,
    joining,
    joinCode,
    drawMode,
    picks,
    teams: [...teams],
    players: tournament.players.map(playerShower(tournament)),
    seatsLeft: seatsLeft(tournament),
    draws: shownDraws(tournament),
    readiness: readiness(tournament),
    createdAt,
    ...tournament.details,
  }
}

export function shownPlayer(tournament: ExistingTournament, player: SeatedPlayer): Player {
  return playerShower(tournament)(player)
}

function playerShower({ draw }: ExistingTournament): (player: SeatedPlayer) => Player {
  const assignments = 'assignments' in draw ? draw.assignments : []
  const teams = new Map(assignments.map(({ playerId, team }) => [playerId, team]))
  return ({ id, firstName, lastName, pick }) => ({
    id,
    firstName,
    lastName,
    pick,
    team: teams.get(id) ?? null,
  })
}

function shownDraws({ draw, voided }: ExistingTournament): DrawAttempt[] {
  const { attempt, commitment } = draw
  return [
    ...voided.map((earlier) => ({
      attempt: earlier.attempt,
      status: 'void' as const,
      commitment: earlier.commitment,
      voidReason: earlier.voidReason,
    })),
    { attempt, status: 'seed' in draw ? 'drawn' : 'committed', commitment },
  ]
}
