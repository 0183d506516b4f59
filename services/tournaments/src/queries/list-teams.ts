import { tournamentOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { pickableTeams } from '../domain/pickable-teams.ts'
import { existingTournament } from './existing-tournament.ts'

export const listTeams = () =>
  read(tournamentOperations.listTeams, async ({ id }, _caller, context) => {
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    return { kind: 'ok', version: found.version, body: { items: pickableTeams(found.state) } }
  })
