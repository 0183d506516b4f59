import { commitmentOf, DRAW_LIMITS } from '@matchday/competition'
import { normalizeName, tournamentLimits } from '@matchday/contracts'
import { type Decided, isRejected, rejected } from './decision.ts'
import { drawSeedName } from './draw-seed.ts'
import { writable } from './phases.ts'
import type { TournamentState } from './state.ts'

/** A proof holds all earlier attempts, so its format bounds them too. */
export const drawAttemptsMax = Math.min(tournamentLimits.drawAttemptsMax, DRAW_LIMITS.attemptsMax)

export type VoidAnswer = { readonly attempt: number; readonly commitment: string }

/**
 * `nextSeed`: 32 random bytes in hexadecimal, for the next attempt. Its commitment is told with the reason.
 */
export function voidDraw(
  state: TournamentState,
  input: { readonly reason: string },
  nextSeed: string,
): Decided<VoidAnswer, 'not-found' | 'tournament-archived' | 'not-drawn' | 'draw-impossible'> {
  const tournament = writable(state)
  if (isRejected(tournament)) return tournament
  if (tournament.status === 'open') return rejected('not-drawn')
  const { attempt } = tournament.draw
  if (attempt >= drawAttemptsMax) {
    return rejected('draw-impossible', `This was attempt ${attempt}; there can be no more.`)
  }
  const nextCommitment = commitmentOf(nextSeed)
  return {
    kind: 'accepted',
    events: [{ type: 'draw-voided', data: { attempt, reason: normalizeName(input.reason), nextCommitment } }],
    answer: { attempt: attempt + 1, commitment: nextCommitment },
    secrets: [{ name: drawSeedName(attempt + 1), value: nextSeed }],
    essential: true,
  }
}
