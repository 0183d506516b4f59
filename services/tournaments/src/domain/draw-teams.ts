import { type DrawInput, draw, entrantsHashOf } from '@matchday/competition'
import type { PlayerId } from '@matchday/contracts'
import { type Decided, isRejected, rejected } from './decision.ts'
import { type DrawObstacle, drawObstacle } from './draw-obstacle.ts'
import { writable } from './phases.ts'
import type { OpenTournament, TournamentState } from './state.ts'
import { frozenEntrants } from './tournament.ts'

export type DrawAnswer = {
  readonly attempt: number
  readonly assignments: readonly { readonly playerId: PlayerId; readonly team: string }[]
  /** Of the tournament right after the draw, so that drawing again answers the very same. */
  readonly version: number
}

/**
 * `seedOf` gives the secret seed of an attempt; it is asked only when the draw takes place. Decided on the
 * exact version, so that the draw's own version is known: it is the next.
 */
export function drawTeams(
  state: TournamentState,
  version: number,
  seedOf: (attempt: number) => string,
): Decided<
  DrawAnswer,
  'not-found' | 'tournament-archived' | 'not-full' | 'not-all-picked' | 'draw-impossible'
> {
  const tournament = writable(state)
  if (isRejected(tournament)) return tournament
  if (tournament.status === 'drawn') {
    const { attempt, assignments, version: drawnVersion } = tournament.draw
    return { kind: 'accepted', events: [], answer: { attempt, assignments, version: drawnVersion } }
  }
  const obstacle = drawObstacle(tournament)
  if (obstacle !== null) return rejected(obstacle.reason, detailOf(obstacle))
  const { attempt } = tournament.draw
  const input = drawInput(tournament, seedOf(attempt))
  const assignments = assignmentsOf(tournament, input)
  return {
    kind: 'accepted',
    events: [
      {
        type: 'teams-drawn',
        data: { attempt, seed: input.seed, entrantsHash: entrantsHashOf(input.entrants), assignments },
      },
    ],
    answer: { attempt, assignments, version: version + 1 },
    essential: true,
  }
}

function drawInput(tournament: OpenTournament, seed: string): DrawInput {
  const { id, drawMode, players, draw: committed } = tournament
  const { attempt } = committed
  return { tournamentId: id, attempt, mode: drawMode, seed, entrants: frozenEntrants(players) }
}

/**
 * The maths knows ids as texts only; it answers in the order of the entrants, which is the players' order.
 */
function assignmentsOf({ players }: OpenTournament, input: DrawInput) {
  const drawn = draw(input)
  return players.map(({ id }, index) => {
    const assignment = drawn[index]
    if (assignment?.playerId !== id) throw new Error(`the draw has left player ${id} out`)
    return { playerId: id, team: assignment.team }
  })
}

function detailOf(obstacle: DrawObstacle): string | undefined {
  if (obstacle.reason !== 'draw-impossible') return undefined
  const teams = obstacle.blocking.map(({ team, count, atMost }) => `${team} (${count}, at most ${atMost})`)
  return `Picked by too many: ${teams.join(', ')}.`
}
