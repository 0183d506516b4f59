import { type Caller, normalizeName, type PlayerId } from '@matchday/contracts'
import { type Decided, isRejected, rejected } from './decision.ts'
import type { TournamentEvent } from './event.ts'
import { beforeDraw } from './phases.ts'
import { seatFor } from './seats.ts'
import type { OpenTournament, SeatedPlayer, TournamentState } from './state.ts'
import { contributionTake, pickTake, teamTake } from './takes.ts'

export type PickAnswer = { readonly playerId: PlayerId; readonly team: string }
type Input = { readonly playerId: PlayerId; readonly team: string; readonly contribution?: string }

export function pickTeam(
  state: TournamentState,
  input: Input,
  caller: Caller,
): Decided<
  PickAnswer,
  | 'not-found'
  | 'tournament-archived'
  | 'already-drawn'
  | 'not-a-player'
  | 'pass-moved'
  | 'unknown-team'
  | 'already-picked'
  | 'team-taken'
> {
  const tournament = beforeDraw(state)
  if (isRejected(tournament)) return tournament
  const { teams, picks, players } = tournament
  const player = seatFor(tournament, input.playerId, caller)
  if (isRejected(player)) return player
  const team = normalizeName(input.team)
  const teamIndex = teams.indexOf(team)
  if (teamIndex < 0) return rejected('unknown-team')
  if (player.pick !== null && player.pick !== team) return rejected('already-picked')
  const answer = { playerId: player.id, team }
  if (player.pick === team) {
    return {
      kind: 'accepted',
      answer,
      basis: 'fence',
      ...contributed(tournament, player, input.contribution),
    }
  }
  if (picks === 'unique' && players.some(({ pick }) => pick === team)) return rejected('team-taken')
  const contribution = input.contribution ?? null
  return {
    kind: 'accepted',
    events: [{ type: 'team-picked', data: { playerId: player.id, team, contribution } }],
    answer,
    takes: picks === 'unique' ? [pickTake(player.id), teamTake(teamIndex)] : [pickTake(player.id)],
    basis: 'fence',
  }
}

/**
 * Picking the same again adds a contribution to an attempt that has none of this player; the first one
 * counts.
 */
function contributed(
  { draw }: OpenTournament,
  player: SeatedPlayer,
  contribution: string | undefined,
): { readonly events: readonly TournamentEvent[]; readonly takes?: readonly string[] } {
  if (contribution === undefined || player.contribution !== null) return { events: [] }
  return {
    events: [{ type: 'contribution-added', data: { playerId: player.id, contribution } }],
    takes: [contributionTake(draw.attempt, player.id)],
  }
}
