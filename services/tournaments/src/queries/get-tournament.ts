import { tournamentOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import type { CompleteTournamentsConfig } from '../config.ts'
import { shownTournament } from '../domain/shown-tournament.ts'
import { knownOrganization } from '../views/organizations.ts'
import { existingTournament } from './existing-tournament.ts'

export const getTournament = ({ joinUrl }: Pick<CompleteTournamentsConfig, 'joinUrl'>) =>
  read(tournamentOperations.getTournament, async ({ id }, _caller, context) => {
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    const { state, version } = found
    const { organizationId } = state
    const known = organizationId === null ? null : await knownOrganization(context, organizationId)
    const organization = known && { id: known.id, name: known.name }
    return {
      kind: 'ok',
      version,
      body: { ...shownTournament(state), organization, joinUrl: joinUrl(state.joinCode), version },
    }
  })
