import { tournamentOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { isRejected } from '../domain/decision.ts'
import { seatFor } from '../domain/seats.ts'
import { shownPlayer } from '../domain/shown-tournament.ts'
import { existingTournament } from './existing-tournament.ts'

export const getSeat = () =>
  read(tournamentOperations.getSeat, async ({ id, playerId }, caller, context) => {
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    const player = seatFor(found.state, playerId, caller)
    if (isRejected(player)) return player
    return { kind: 'ok', version: found.version, body: shownPlayer(found.state, player) }
  })
