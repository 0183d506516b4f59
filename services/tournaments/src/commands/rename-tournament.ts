import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { renameTournament as decide, type RenameAnswer } from '../domain/rename-tournament.ts'
import { tournament } from '../domain/tournament.ts'

export const renameTournament = () =>
  command(tournamentOperations.renameTournament, {
    decider: tournament,
    prepare: () => null,
    stream: ({ id }) => id,
    decide: (state, { input, expectedVersion }, { version }) =>
      decide(state, input, { version, expectedVersion }),
    present: (answer: RenameAnswer, version) => ({ ...answer, version }),
  })
