import type { DrawReadiness } from '@matchday/contracts'
import { drawObstacle } from './draw-obstacle.ts'
import type { ExistingTournament } from './state.ts'

/** Whether the draw would take place now and, if not, the very code that it would be refused with. */
export function readiness(tournament: ExistingTournament): DrawReadiness {
  switch (tournament.status) {
    case 'archived':
      return { ready: false, reason: 'tournament-archived' }
    case 'drawn':
      return { ready: false, reason: 'already-drawn' }
    case 'open': {
      const obstacle = drawObstacle(tournament)
      if (obstacle === null) return { ready: true }
      return obstacle.reason === 'draw-impossible'
        ? { ready: false, reason: obstacle.reason, blocking: [...obstacle.blocking] }
        : { ready: false, reason: obstacle.reason }
    }
    default:
      return tournament satisfies never
  }
}
