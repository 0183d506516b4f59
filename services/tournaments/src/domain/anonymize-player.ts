import type { Caller, PlayerAccountId, PlayerId } from '@matchday/contracts'
import { type Accepted, type Decided, isRejected } from './decision.ts'
import { forgetting } from './forgetting.ts'
import { everybody, freeNumber, namelessName, numbered, type ShownName } from './names.ts'
import { existing } from './phases.ts'
import { seatFor } from './seats.ts'
import type { ExistingTournament, Person, SeatedPlayer, TournamentState } from './state.ts'

/** Gives the account of somebody who has one; asked only when it has to be let go. */
export type AccountOf = (person: Person) => PlayerAccountId | null

/**
 * Takes a player's name out of all that happened, at any time, also in the archive: the seat stays, and with it what
 * was picked and drawn. Essential, for a join that was decided before might be shown under the very name that it gives.
 */
export function anonymizePlayer(
  state: TournamentState,
  input: { readonly playerId: PlayerId },
  caller: Caller,
  accountOf: AccountOf,
): Decided<ShownName, 'not-found' | 'not-a-player' | 'pass-moved'> {
  const tournament = existing(state)
  if (isRejected(tournament)) return tournament
  const player = seatFor(tournament, input.playerId, caller)
  if (isRejected(player)) return player
  return anonymizing(tournament, player, accountOf(player))
}

export function anonymizing(
  tournament: ExistingTournament,
  player: SeatedPlayer,
  accountId: PlayerAccountId | null,
): Accepted<ShownName> {
  if (player.key === null && player.account === null) {
    const { firstName, lastName } = player
    return { kind: 'accepted', events: [], answer: { firstName, lastName } }
  }
  const name = nameForNobody(tournament, player)
  return {
    kind: 'accepted',
    events: [{ type: 'player-anonymized', data: { playerId: player.id, ...name } }],
    answer: name,
    ...forgetting(tournament, player, name, accountId),
    essential: true,
  }
}

/** That of his seat, unless somebody is really called so. */
function nameForNobody(tournament: ExistingTournament, player: SeatedPlayer): ShownName {
  const name = namelessName(player.seat)
  const others = everybody(tournament).filter(({ id }) => id !== player.id)
  return numbered(name, freeNumber(others, name))
}
