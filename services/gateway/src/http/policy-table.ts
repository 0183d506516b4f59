import type { Caller, Policy } from '@matchday/contracts'

/** Path parameters, still text. */
export type PathParams = Readonly<Record<string, string>>

type Rule = {
  needsToken: boolean
  /** The path parameters that the rule compares; a route without them can't have this policy. */
  params: readonly string[]
  allows(caller: Caller, params: PathParams): boolean
}

const isOrganizer = (caller: Caller, params: PathParams) =>
  caller.kind === 'organizer' && caller.tournamentId === params.id
const isPlayer = (caller: Caller, params: PathParams) =>
  caller.kind === 'player' && caller.tournamentId === params.id
const isSelf = (caller: Caller, params: PathParams) =>
  caller.kind === 'player' && caller.tournamentId === params.id && caller.playerId === params.playerId

/**
 * What a token's scope must be. Only the token and the path are compared, never the data: the answer is the
 * same whether or not the tournament exists.
 */
export const policyTable: Record<Policy, Rule> = {
  anyone: { needsToken: false, params: [], allows: () => true },
  organizer: { needsToken: true, params: ['id'], allows: isOrganizer },
  player: { needsToken: true, params: ['id'], allows: isPlayer },
  self: { needsToken: true, params: ['id', 'playerId'], allows: isSelf },
  'organizer-or-self': {
    needsToken: true,
    params: ['id', 'playerId'],
    allows: (caller, params) => isOrganizer(caller, params) || isSelf(caller, params),
  },
}
