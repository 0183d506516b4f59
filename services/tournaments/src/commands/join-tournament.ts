import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { accountIn } from '../account-mark.ts'
import type { CompleteTournamentsConfig } from '../config.ts'
import {
  joinTournament as decide,
  type JoinAnswer,
  type JoinFacts,
  joiningName,
} from '../domain/join-tournament.ts'
import { numbered, playerKey } from '../domain/names.ts'
import { tournament } from '../domain/tournament.ts'

type Config = Pick<CompleteTournamentsConfig, 'signPass' | 'newId' | 'nameKeyOf'>

export const joinTournament = ({ signPass, newId, nameKeyOf }: Config) =>
  command(tournamentOperations.joinTournament, {
    decider: tournament,
    prepare: ({ id, firstName, lastName }, { caller }): JoinFacts => {
      const plainKey = playerKey(firstName, lastName)
      return {
        playerId: newId<'player'>(),
        nameKey: nameKeyOf(id, plainKey),
        plainKey,
        account: caller.kind === 'player-account' ? accountIn(id, caller.accountId) : null,
      }
    },
    stream: ({ id }) => id,
    decide: (state, { input, facts }) => decide(state, input, facts),
    // The pass of an answer that is told again is the first one, even if the seat has moved on since. Answers that
    // older releases kept say only who and where.
    present: async (
      { tournamentId, playerId, isWaiting = false, number = 1 }: JoinAnswer,
      version,
      { input },
    ) => ({
      playerId,
      playerToken: await signPass({ kind: 'player', tournamentId, playerId, pass: 1 }),
      version,
      ...numbered(joiningName(input), number),
      isWaiting,
    }),
  })
