import type { PlayerId } from '@matchday/contracts'
import { anonymizing } from './anonymize-player.ts'
import { accountClaim } from './claims.ts'
import { type Decided, isRejected } from './decision.ts'
import type { Account } from './person-secrets.ts'
import { existing } from './phases.ts'
import { declining } from './remove-player.ts'
import { seatOfAccount } from './seats.ts'
import type { TournamentState } from './state.ts'

/** The account is gone: whoever had it is nobody in particular from now on, and whoever waits with it waits no more. */
export function forgetPlayer(
  state: TournamentState,
  account: Account,
): Decided<{ readonly playerId: PlayerId | null }, 'not-found'> {
  const tournament = existing(state)
  if (isRejected(tournament)) return tournament
  const player = seatOfAccount(tournament, account.mark)
  if (player !== undefined) {
    return { ...anonymizing(tournament, player, account.id), answer: { playerId: player.id } }
  }
  const request = tournament.requests.find((one) => one.account === account.mark)
  if (request !== undefined) return declining(tournament, request, account.id)
  const releases = [accountClaim(account.id, tournament.id)]
  return { kind: 'accepted', events: [], answer: { playerId: null }, releases }
}
