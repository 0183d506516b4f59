import { type TournamentId, tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import type { CompleteTournamentsConfig } from '../config.ts'
import { claimTournament as decide } from '../domain/claim-tournament.ts'
import { rejected } from '../domain/decision.ts'
import { standingRefusal } from '../domain/standing.ts'
import type { TournamentState } from '../domain/state.ts'
import { tournament } from '../domain/tournament.ts'
import { standingOf } from '../standings.ts'

export const claimTournament = ({ verifyPass }: Pick<CompleteTournamentsConfig, 'verifyPass'>) =>
  command(tournamentOperations.claimTournament, {
    decider: tournament,
    prepare: async ({ id, organizationId, organizerToken }, { caller, ask }) => {
      const [holder, standing] = await Promise.all([
        verifyPass(organizerToken),
        standingOf(ask, caller, organizationId, undefined),
      ])
      const isOrganizer = holder?.kind === 'organizer' && holder.tournamentId === id
      return { isOrganizer, refused: standingRefusal(standing, caller, 'manager') }
    },
    stream: ({ id }) => id,
    decide: (state, { input, facts }) => {
      if (!facts.isOrganizer) return rejected(isPrivate(state) ? 'not-found' : 'not-allowed')
      return facts.refused ?? decide(state, input.organizationId)
    },
    present: (_answer: { readonly id: TournamentId }, version) => ({ version }),
  })

function isPrivate(state: TournamentState): boolean {
  return state.status === 'missing' || state.details.visibility === 'private'
}
