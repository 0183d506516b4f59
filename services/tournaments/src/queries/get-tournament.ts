import { tournamentOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import type { CompleteTournamentsConfig } from '../config.ts'
import { shownTournament } from '../domain/shown-tournament.ts'
import { existingTournament } from './existing-tournament.ts'

export const getTournament = ({ joinUrl }: Pick<CompleteTournamentsConfig, 'joinUrl'>) =>
  read(tournamentOperations.getTournament, async ({ id }, _caller, context) => {
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    const { state, version } = found
    return {
      kind: 'ok',
      version,
      body: { ...shownTournament(state), joinUrl: joinUrl(state.joinCode), version },
    }
  })
