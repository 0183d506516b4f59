import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import type { CompleteTournamentsConfig } from '../config.ts'
import { joinTournament as decide, type JoinAnswer } from '../domain/join-tournament.ts'
import { tournament } from '../domain/tournament.ts'

export const joinTournament = ({ signPass, newId }: Pick<CompleteTournamentsConfig, 'signPass' | 'newId'>) =>
  command(tournamentOperations.joinTournament, {
    decider: tournament,
    prepare: () => ({ playerId: newId<'player'>() }),
    stream: ({ id }) => id,
    decide: (state, { input, facts }) => decide(state, input, facts.playerId),
    // The pass of an answer that is told again is the first one, even if the seat has moved on since.
    present: async ({ tournamentId, playerId }: JoinAnswer, version) => ({
      playerId,
      playerToken: await signPass({ kind: 'player', tournamentId, playerId, pass: 1 }),
      version,
    }),
  })
