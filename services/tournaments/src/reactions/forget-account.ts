import { type PlayerAccountId, tournamentInternals } from '@matchday/contracts'
import type { Reaction } from '@matchday/kernel'
import { claimedTournaments } from '../claimed-tournaments.ts'
import { accountClaims } from '../domain/claims.ts'
import { commandIdOf, mustBeDone } from './command-of-event.ts'

/** Somebody has deleted his account: his name goes from every tournament that he was in. */
export const forgetAccount: Reaction = {
  name: 'forget-account',
  source: 'identity-players',
  types: ['account-deleted'],
  async react(event, context) {
    // Streams of the other service are its accounts.
    const accountId = event.stream as PlayerAccountId
    for await (const id of claimedTournaments(context, accountClaims(accountId))) {
      const input = { id, accountId }
      mustBeDone(await context.run(commandIdOf(event, id), tournamentInternals.forgetPlayer, input))
    }
  },
}
