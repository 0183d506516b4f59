import { type PlayerId, tournamentInternals } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { accountIn } from '../account-mark.ts'
import { forgetPlayer as decide } from '../domain/forget-player.ts'
import { tournament } from '../domain/tournament.ts'

export const forgetPlayer = () =>
  command(tournamentInternals.forgetPlayer, {
    decider: tournament,
    prepare: ({ id, accountId }) => ({ account: accountIn(id, accountId) }),
    stream: ({ id }) => id,
    decide: (state, { facts }) => decide(state, facts.account),
    present: ({ playerId }: { readonly playerId: PlayerId | null }) => ({ playerId }),
  })
