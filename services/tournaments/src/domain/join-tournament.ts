import {
  type BodyOf,
  initialOf,
  normalizeName,
  type PlayerId,
  type TournamentId,
  tournamentLimits,
  type tournamentOperations,
} from '@matchday/contracts'
import { accountClaim } from './claims.ts'
import { type Decided, isRejected, rejected } from './decision.ts'
import { everybody, freeNumber, numbered, type ShownName } from './names.ts'
import { type Account, personSecrets } from './person-secrets.ts'
import { beforeDraw } from './phases.ts'
import { lowestFreeSeat, seatsLeft } from './seats.ts'
import type { OpenTournament, TournamentState } from './state.ts'
import { nameTake, seatTake } from './takes.ts'

type Input = BodyOf<typeof tournamentOperations.joinTournament>
export type JoinFacts = {
  readonly playerId: PlayerId
  /** Of the whole name: a keyed hash … */
  readonly nameKey: string
  /** … and what older releases have kept. */
  readonly plainKey: string
  /** That of whoever joins, if he has one. */
  readonly account: Account | null
}
/** No names: they are in the request, and whoever is forgotten must not be found in an answer. */
export type JoinAnswer = {
  readonly tournamentId: TournamentId
  readonly playerId: PlayerId
  readonly isWaiting: boolean
  /** Tells him from others who look alike. */
  readonly number: number
}
type Code =
  | 'not-found'
  | 'tournament-archived'
  | 'already-drawn'
  | 'joining-closed'
  | 'player-exists'
  | 'tournament-full'
  | 'limit-reached'

/**
 * Takes the lowest free seat. In a private tournament it only asks for one; that rests on the exact version, for how
 * many may wait is counted.
 */
export function joinTournament(
  state: TournamentState,
  input: Input,
  facts: JoinFacts,
): Decided<JoinAnswer, Code> {
  const tournament = beforeDraw(state)
  if (isRejected(tournament)) return tournament
  if (!tournament.joining) return rejected('joining-closed')
  if (isKnown(tournament, facts)) return rejected('player-exists')
  if (seatsLeft(tournament) <= 0) return rejected('tournament-full')
  const isWaiting = tournament.details.visibility === 'private'
  if (isWaiting && tournament.requests.length >= tournamentLimits.entryRequestsMax) {
    return rejected('limit-reached')
  }
  const { playerId, nameKey, account } = facts
  const number = freeNumber(everybody(tournament), joiningName(input))
  const name = numbered(joiningName(input), number)
  const data = { playerId, ...name, nameKey, ...(account !== null && { account: account.mark }) }
  const isWhole = name.lastName === normalizeName(input.lastName)
  return {
    kind: 'accepted',
    events: [{ type: isWaiting ? 'entry-requested' : 'player-joined', data }],
    answer: { tournamentId: tournament.id, playerId, isWaiting, number },
    takes: isWaiting
      ? [nameTake(nameKey)]
      : [nameTake(nameKey), seatTake(lowestFreeSeat(tournament.players))],
    ...(account !== null && {
      claims: [{ key: accountClaim(account.id, tournament.id), otherwise: 'player-exists' as const }],
    }),
    secrets: personSecrets(playerId, isWhole ? null : normalizeName(input.lastName), account),
    basis: isWaiting ? 'version' : 'fence',
  }
}

/** As others see who joins: of the last name one letter, unless he shows it whole. */
export function joiningName({ firstName, lastName, showsFullName = false }: Input): ShownName {
  return {
    firstName: normalizeName(firstName),
    lastName: showsFullName ? normalizeName(lastName) : initialOf(lastName),
  }
}

function isKnown(tournament: OpenTournament, { nameKey, plainKey, account }: JoinFacts): boolean {
  return everybody(tournament).some(
    ({ key, account: mark }) =>
      key === nameKey || key === plainKey || (account !== null && mark === account.mark),
  )
}
