import { type PlayerAccountId, tournamentInternals } from '@matchday/contracts'
import type { Reaction } from '@matchday/kernel'
import { claimedTournaments } from '../claimed-tournaments.ts'
import { accountClaims } from '../domain/claims.ts'
import { twice } from './twice.ts'

/** Somebody has deleted his account: his name goes from every tournament that he was in. */
export const forgetAccount: readonly Reaction[] = twice({
  name: 'forget-account',
  source: 'identity-players',
  types: ['account-deleted'],
  // Streams of the other service are its accounts.
  tournaments: (event, context) =>
    claimedTournaments(context, accountClaims(event.stream as PlayerAccountId)),
  run: (commandId, event, id, context) => {
    const input = { id, accountId: event.stream as PlayerAccountId }
    return context.run(commandId, tournamentInternals.forgetPlayer, input)
  },
})
