import type { Caller, PlayerAccountId, PlayerId } from '@matchday/contracts'
import type { AccountOf } from './anonymize-player.ts'
import { type Accepted, type Decided, isRejected } from './decision.ts'
import { forgetting } from './forgetting.ts'
import { namelessName } from './names.ts'
import { beforeDraw, existing } from './phases.ts'
import { seatFor } from './seats.ts'
import type { EntryRequest, ExistingTournament, TournamentState } from './state.ts'

type Removed = { readonly playerId: PlayerId }

/**
 * The organiser removes a player, or the player leaves; his name goes with him, out of what happened too. Who only waits
 * can take it back at any time.
 */
export function removePlayer(
  state: TournamentState,
  input: { readonly playerId: PlayerId },
  caller: Caller,
  accountOf: AccountOf,
): Decided<Removed, 'not-found' | 'tournament-archived' | 'already-drawn' | 'not-a-player' | 'pass-moved'> {
  const waiting = requestIn(state, input.playerId)
  if (waiting !== undefined) {
    return { ...declining(waiting.tournament, waiting.request, accountOf(waiting.request)), answer: input }
  }
  const tournament = beforeDraw(state)
  if (isRejected(tournament)) return tournament
  const player = seatFor(tournament, input.playerId, caller)
  if (isRejected(player)) return player
  const by = caller.kind === 'player' ? 'player' : 'organizer'
  return {
    kind: 'accepted',
    events: [{ type: 'player-removed', data: { playerId: player.id, by } }],
    answer: { playerId: player.id },
    ...forgetting(tournament, player, namelessName(player.seat), accountOf(player)),
    essential: true,
  }
}

function requestIn(
  state: TournamentState,
  playerId: PlayerId,
): { tournament: ExistingTournament; request: EntryRequest } | undefined {
  const tournament = existing(state)
  if (isRejected(tournament)) return undefined
  const request = tournament.requests.find(({ id }) => id === playerId)
  return request && { tournament, request }
}

/** Whoever is not let in leaves nothing behind. */
export function declining(
  tournament: ExistingTournament,
  request: EntryRequest,
  accountId: PlayerAccountId | null,
): Accepted<Removed> {
  return {
    kind: 'accepted',
    events: [{ type: 'entry-declined', data: { playerId: request.id } }],
    answer: { playerId: request.id },
    ...forgetting(tournament, request, namelessName(null), accountId),
  }
}
