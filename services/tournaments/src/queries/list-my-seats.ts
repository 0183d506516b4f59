import {
  type Caller,
  type PlayerAccountId,
  type TournamentId,
  tournamentOperations,
} from '@matchday/contracts'
import { type ReadContext, read } from '@matchday/kernel'
import { accountIn } from '../account-mark.ts'
import { seatOfAccount } from '../domain/seats.ts'
import { shownPlayer } from '../domain/shown-tournament.ts'
import { existingTournament } from './existing-tournament.ts'
import { pageOf, pageSize } from './page.ts'
import { tournamentsOfAccount } from './seats-of-account.ts'

export const listMySeats = () =>
  read(tournamentOperations.listMySeats, async ({ after, limit }, caller, context) => {
    // The operation's policy lets nobody else come here.
    const { accountId } = caller as Extract<Caller, { kind: 'player-account' }>
    const ids = (await tournamentsOfAccount(context, accountId)).toReversed()
    const rest = after === undefined ? ids : ids.filter((id) => id < after)
    const page = pageOf(rest, pageSize(limit), (id) => id)
    // All at once, so that their states are looked up together.
    const seats = await Promise.all(page.items.map((id) => seatIn(context, id, accountId)))
    return { kind: 'ok', body: { items: seats.flat(), next: page.next } }
  })

async function seatIn(context: ReadContext, id: TournamentId, accountId: PlayerAccountId) {
  const found = await existingTournament(context, id)
  // What was linked was there; what is forgotten in this very moment is left out.
  if ('kind' in found) return []
  const { state } = found
  const { mark } = accountIn(id, accountId)
  const player = seatOfAccount(state, mark)
  const isWaiting = state.requests.some(({ account }) => account === mark)
  if (player === undefined && !isWaiting) return []
  return [
    {
      tournamentId: id,
      tournament: state.name,
      status: state.status,
      player: player === undefined ? null : shownPlayer(state, player),
      isWaiting,
      createdAt: state.createdAt,
      startsAt: state.details.startsAt,
    },
  ]
}
