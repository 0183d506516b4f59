import { tournamentInternals } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { existingTournament } from '../queries/existing-tournament.ts'

export const getOwner = () =>
  read(tournamentInternals.getOwner, async ({ id }, _caller, context) => {
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    const { organizationId, name } = found.state
    return { kind: 'ok', body: { organizationId, name } }
  })
