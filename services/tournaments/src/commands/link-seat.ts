import { type PlayerId, tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import type { CompleteTournamentsConfig } from '../config.ts'
import { linkSeat as decide } from '../domain/link-seat.ts'
import { tournament } from '../domain/tournament.ts'
import { callersAccount } from './callers-account.ts'

export const linkSeat = ({ verifyPass }: Pick<CompleteTournamentsConfig, 'verifyPass'>) =>
  command(tournamentOperations.linkSeat, {
    decider: tournament,
    prepare: async ({ id, playerToken }, { caller }) => ({
      holder: await verifyPass(playerToken),
      account: callersAccount(caller, id),
    }),
    stream: ({ id }) => id,
    decide: (state, { facts }) => decide(state, facts.holder, facts.account),
    present: ({ playerId }: { readonly playerId: PlayerId }, version) => ({ playerId, version }),
  })
