import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { pickTeam as decide, type PickAnswer } from '../domain/pick-team.ts'
import { tournament } from '../domain/tournament.ts'

export const pickTeam = () =>
  command(tournamentOperations.pickTeam, {
    decider: tournament,
    prepare: () => null,
    stream: ({ id }) => id,
    decide: (state, { input, caller }) => decide(state, input, caller),
    present: ({ playerId, team }: PickAnswer, version) => ({ playerId, team, version }),
  })
