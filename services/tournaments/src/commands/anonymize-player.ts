import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { anonymizePlayer as decide } from '../domain/anonymize-player.ts'
import type { ShownName } from '../domain/names.ts'
import { tournament } from '../domain/tournament.ts'
import { accountReader } from './account-reader.ts'

export const anonymizePlayer = () =>
  command(tournamentOperations.anonymizePlayer, {
    decider: tournament,
    prepare: async ({ id }, context) => ({ secrets: await context.secrets(id) }),
    stream: ({ id }) => id,
    decide: (state, { input, caller, facts }) => decide(state, input, caller, accountReader(facts.secrets)),
    present: (name: ShownName, version) => ({ ...name, version }),
  })
