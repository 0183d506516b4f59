import { tournamentOperations } from '@matchday/contracts'
import { command, Fault } from '@matchday/kernel'
import type { CompleteTournamentsConfig } from '../config.ts'
import type { MovePassAnswer } from '../domain/move-pass.ts'
import { namelessName } from '../domain/names.ts'
import { openSeat as decide } from '../domain/open-seat.ts'
import { seatOfAccount } from '../domain/seats.ts'
import { tournament } from '../domain/tournament.ts'
import { callersAccount } from './callers-account.ts'

export const openSeat = ({ signPass }: Pick<CompleteTournamentsConfig, 'signPass'>) =>
  command(tournamentOperations.openSeat, {
    decider: tournament,
    prepare: async ({ id }, { caller, state }) => {
      const account = callersAccount(caller, id)
      const found = await state(tournament, id)
      const player =
        found === null || found.state.status === 'missing'
          ? undefined
          : seatOfAccount(found.state, account.mark)
      return { account, name: player ? { firstName: player.firstName, lastName: player.lastName } : null }
    },
    stream: ({ id }) => id,
    decide: (state, { facts }) => {
      const decision = decide(state, facts.account.mark)
      if (decision.kind === 'accepted' && facts.name === null) {
        throw new Fault('unavailable', 'the seat was linked a moment ago', { retryable: true })
      }
      return decision
    },
    // The name is not kept with the answer, so that it can be forgotten.
    present: async ({ tournamentId, playerId, pass }: MovePassAnswer, version, { facts }) => ({
      playerId,
      playerToken: await signPass({ kind: 'player', tournamentId, playerId, pass }),
      version,
      ...(facts.name ?? namelessName(null)),
    }),
  })
