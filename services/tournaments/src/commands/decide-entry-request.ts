import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { decideEntryRequest as decide } from '../domain/decide-entry-request.ts'
import { tournament } from '../domain/tournament.ts'
import { accountReader } from './account-reader.ts'

export const decideEntryRequest = () =>
  command(tournamentOperations.decideEntryRequest, {
    decider: tournament,
    prepare: async ({ id }, context) => ({ secrets: await context.secrets(id) }),
    stream: ({ id }) => id,
    decide: (state, { input, facts }) => decide(state, input, accountReader(facts.secrets)),
    present: (_answer, version) => ({ version }),
  })
