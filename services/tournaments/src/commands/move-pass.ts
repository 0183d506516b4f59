import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import type { CompleteTournamentsConfig } from '../config.ts'
import { movePass as decide, type MovePassAnswer } from '../domain/move-pass.ts'
import { tournament } from '../domain/tournament.ts'

export const movePass = ({ signPass }: Pick<CompleteTournamentsConfig, 'signPass'>) =>
  command(tournamentOperations.movePass, {
    decider: tournament,
    prepare: () => null,
    stream: ({ id }) => id,
    decide: (state, { input, caller }) => decide(state, input, caller),
    present: async ({ tournamentId, playerId, pass }: MovePassAnswer, version) => ({
      playerId,
      playerToken: await signPass({ kind: 'player', tournamentId, playerId, pass }),
      version,
    }),
  })
