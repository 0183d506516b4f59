import type { PlayerId } from '@matchday/contracts'
import type { AccountOf } from './anonymize-player.ts'
import { type Decided, isRejected, rejected } from './decision.ts'
import { beforeDraw } from './phases.ts'
import { declining } from './remove-player.ts'
import { lowestFreeSeat, seatsLeft } from './seats.ts'
import type { EntryRequest, OpenTournament, TournamentState } from './state.ts'
import { seatTake } from './takes.ts'

type Answer = { readonly playerId: PlayerId }

/** Lets a player in, who then sits down like any other, or declines, which frees his name. */
export function decideEntryRequest(
  state: TournamentState,
  { playerId, accepted }: { readonly playerId: PlayerId; readonly accepted: boolean },
  accountOf: AccountOf,
): Decided<
  Answer,
  'not-found' | 'tournament-archived' | 'already-drawn' | 'already-decided' | 'tournament-full'
> {
  const tournament = beforeDraw(state)
  if (isRejected(tournament)) return tournament
  const request = tournament.requests.find(({ id }) => id === playerId)
  if (request === undefined) return rejected('already-decided')
  return accepted ? accepting(tournament, request) : declining(tournament, request, accountOf(request))
}

/** The name is taken already, and the account claimed. */
function accepting(tournament: OpenTournament, request: EntryRequest): Decided<Answer, 'tournament-full'> {
  if (seatsLeft(tournament) <= 0) return rejected('tournament-full')
  const { id: playerId, firstName, lastName, key, account } = request
  return {
    kind: 'accepted',
    events: [
      {
        type: 'player-joined',
        data: {
          playerId,
          firstName,
          lastName,
          ...(key !== null && { nameKey: key }),
          ...(account !== null && { account }),
        },
      },
    ],
    answer: { playerId },
    takes: [seatTake(lowestFreeSeat(tournament.players))],
  }
}
