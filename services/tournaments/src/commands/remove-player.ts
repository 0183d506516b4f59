import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { removePlayer as decide } from '../domain/remove-player.ts'
import { tournament } from '../domain/tournament.ts'

export const removePlayer = () =>
  command(tournamentOperations.removePlayer, {
    decider: tournament,
    prepare: () => null,
    stream: ({ id }) => id,
    decide: (state, { input, caller }) => decide(state, input, caller),
    present: () => undefined,
  })
