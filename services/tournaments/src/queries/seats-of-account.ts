import type { PlayerAccountId, TournamentId } from '@matchday/contracts'
import type { ReadContext } from '@matchday/kernel'
import { claimedTournaments } from '../claimed-tournaments.ts'
import { accountClaims } from '../domain/claims.ts'

/** Seats of one account that are told, which bounds what one request reads. */
const seatsMax = 10_000

/** Tournaments in which an account has a seat or waits for one, oldest first. */
export async function tournamentsOfAccount(
  context: Pick<ReadContext, 'claims'>,
  accountId: PlayerAccountId,
): Promise<readonly TournamentId[]> {
  const found: TournamentId[] = []
  for await (const id of claimedTournaments(context, accountClaims(accountId))) {
    if (found.push(id) >= seatsMax) break
  }
  return found
}
