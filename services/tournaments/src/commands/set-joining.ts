import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { setJoining as decide } from '../domain/set-joining.ts'
import { tournament } from '../domain/tournament.ts'

export const setJoining = () =>
  command(tournamentOperations.setJoining, {
    decider: tournament,
    prepare: () => null,
    stream: ({ id }) => id,
    decide: (state, { input }) => decide(state, input),
    present: ({ open }: { readonly open: boolean }, version) => ({ open, version }),
  })
