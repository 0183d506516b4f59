import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { changeDetails as decide } from '../domain/change-details.ts'
import { tournament } from '../domain/tournament.ts'

export const changeDetails = () =>
  command(tournamentOperations.changeDetails, {
    decider: tournament,
    prepare: () => null,
    stream: ({ id }) => id,
    decide: (state, { input, expectedVersion }, { version }) =>
      decide(state, input, { version, expectedVersion }),
    present: (_answer, version) => ({ version }),
  })
