import { tournamentOperations } from '@matchday/contracts'
import { read, reject } from '@matchday/kernel'
import { isRejected } from '../domain/decision.ts'
import { seatFor } from '../domain/seats.ts'
import { shownPlayer } from '../domain/shown-tournament.ts'
import { existingTournament } from './existing-tournament.ts'

export const getSeat = () =>
  read(tournamentOperations.getSeat, async ({ id, playerId }, caller, context) => {
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    const { state, version } = found
    if (state.requests.some((request) => request.id === playerId)) return reject('waiting-for-approval')
    const player = seatFor(state, playerId, caller)
    if (isRejected(player)) return player
    return { kind: 'ok', version, body: shownPlayer(state, player) }
  })
