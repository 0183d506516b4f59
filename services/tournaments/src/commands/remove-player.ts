import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { removePlayer as decide } from '../domain/remove-player.ts'
import { tournament } from '../domain/tournament.ts'
import { accountReader } from './account-reader.ts'

export const removePlayer = () =>
  command(tournamentOperations.removePlayer, {
    decider: tournament,
    prepare: async ({ id }, context) => ({ secrets: await context.secrets(id) }),
    stream: ({ id }) => id,
    decide: (state, { input, caller, facts }) => decide(state, input, caller, accountReader(facts.secrets)),
    present: () => undefined,
  })
