import type { Caller, OrganizationId, OrganizationStatus, Policy } from '@matchday/contracts'
import { type Rejected, rejected } from './decision.ts'
import { isAdministrator, type Standing, type StandingCode, standingRefusal } from './standing.ts'
import type { ExistingTournament } from './state.ts'

/** What was found out about the caller and the tournament's organisation, for the decision to judge by. */
export type Access = {
  /** The organisation that all this is about; null: the tournament is nobody's. */
  readonly organizationId: OrganizationId | null
  /** As far as it is known here; null: there is none, or it was registered a moment ago. */
  readonly organization: OrganizationStatus | 'deleted' | null
  /** Of the caller in it; null: he has none, or nobody asked, for it makes no difference. */
  readonly standing: Standing | null
  /** Hash of the caller's account and the tournament. */
  readonly account: string | null
}
/** Nothing to find out: a tournament of nobody's, and a caller without an account. */
export const noAccess: Access = { organizationId: null, organization: null, standing: null, account: null }

export type Target = { readonly id?: unknown; readonly playerId?: unknown }
type Asked = {
  readonly caller: Caller
  readonly target: Target
  readonly access: Access
  /** Somebody from outside may come in: he joins, or asks to be let in. */
  readonly isEntrance: boolean
}

/**
 * Why a caller may not do what an operation's policy protects, in a tournament that exists; null: he may, as far as the
 * policy goes. What is not his to know is not there.
 */
export function refusal(
  policy: Policy,
  tournament: ExistingTournament,
  asked: Asked,
): Rejected<StandingCode> | null {
  switch (policy) {
    case 'anyone':
      if (asked.isEntrance) return isHidden(asked.access) ? rejected('not-found') : null
      return sees(tournament, asked) ? null : rejected('not-found')
    case 'staff':
    case 'player-account':
      // Whether they have anything to do with it is looked at by the operation itself.
      if (asked.caller.kind !== policy) return outsider(tournament, asked)
      return isHidden(asked.access) ? rejected('not-found') : null
    case 'player':
    case 'self':
      if (isHidden(asked.access)) return rejected('not-found')
      return isPlayer(policy, asked) ? null : outsider(tournament, asked)
    case 'organizer-or-self':
      // Whoever wants to leave, or to be forgotten, may do so whatever has become of the organisation.
      return isPlayer('self', asked) ? null : organizerRefusal(tournament, asked)
    case 'organizer':
      return organizerRefusal(tournament, asked)
    default:
      // Of no tournament.
      return rejected('not-allowed')
  }
}

/** Of nobody's tournament whoever has the organiser's token; of an organisation's whoever manages that. */
function organizerRefusal(tournament: ExistingTournament, asked: Asked): Rejected<StandingCode> | null {
  const { caller, access } = asked
  if (isOrganizer(tournament, asked)) return null
  if (tournament.organizationId === null || access.standing === null) return outsider(tournament, asked)
  if (access.standing.role === null && !isAdministrator(caller)) return outsider(tournament, asked)
  return standingRefusal(access.standing, caller, 'manager')
}

/** Whoever sees it is told that it is not for him; for others it is not there. */
function outsider(tournament: ExistingTournament, asked: Asked): Rejected<'not-allowed' | 'not-found'> {
  return rejected(sees(tournament, asked) ? 'not-allowed' : 'not-found')
}

function sees(tournament: ExistingTournament, asked: Asked): boolean {
  const { caller, access } = asked
  const standing = access.standing
  if (standing !== null && standingRefusal(standing, caller, 'support') === null) return true
  if (isHidden(access)) return false
  if (tournament.details.visibility !== 'private' || isOrganizer(tournament, asked)) return true
  return caller.kind === 'service' || isInside(tournament, asked)
}

/** With the latest pass, or with an account that has a seat. */
function isInside({ id, players }: ExistingTournament, { caller, access }: Asked): boolean {
  if (caller.kind === 'player-account') {
    return access.account !== null && players.some(({ account }) => account === access.account)
  }
  if (caller.kind !== 'player' || caller.tournamentId !== id) return false
  return players.some((player) => player.id === caller.playerId && player.pass === caller.pass)
}

/** Of blocked and deleted organisations nothing is to be seen. */
export function isHidden({ organization }: Pick<Access, 'organization'>): boolean {
  return organization === 'blocked' || organization === 'deleted'
}

/**
 * With an organisation the token is worth nothing: whoever leaves it would go on running its tournaments, and nobody could
 * take that from him.
 */
function isOrganizer({ organizationId }: ExistingTournament, { caller, target }: Asked): boolean {
  if (organizationId !== null) return false
  return caller.kind === 'organizer' && caller.tournamentId === target.id
}

function isPlayer(policy: 'player' | 'self', { caller, target }: Asked): boolean {
  if (caller.kind !== 'player' || caller.tournamentId !== target.id) return false
  return policy === 'player' || caller.playerId === target.playerId
}
