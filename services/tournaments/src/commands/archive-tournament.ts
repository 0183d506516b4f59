import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { archiveTournament as decide } from '../domain/archive-tournament.ts'
import { tournament } from '../domain/tournament.ts'

export const archiveTournament = () =>
  command(tournamentOperations.archiveTournament, {
    decider: tournament,
    prepare: () => null,
    stream: ({ id }) => id,
    decide: (state) => decide(state),
    present: (_answer, version) => ({ version }),
  })
