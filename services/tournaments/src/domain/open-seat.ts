import { type Decided, isRejected, rejected } from './decision.ts'
import { notInside } from './link-seat.ts'
import { type MovePassAnswer, movingPass } from './move-pass.ts'
import { existing } from './phases.ts'
import { seatOfAccount } from './seats.ts'
import type { TournamentState } from './state.ts'

/** The account's seat moves to the calling device, as with the pass itself. */
export function openSeat(
  state: TournamentState,
  account: string,
): Decided<MovePassAnswer, 'not-found' | 'not-a-player'> {
  const tournament = existing(state)
  if (isRejected(tournament)) return tournament
  const player = seatOfAccount(tournament, account)
  if (player !== undefined) return movingPass(tournament, player)
  const isWaiting = tournament.requests.some((request) => request.account === account)
  return isWaiting ? rejected('not-a-player') : notInside(tournament)
}
