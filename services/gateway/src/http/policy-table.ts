import { type Caller, isAtLeast, type Operation, type PlatformRole, type Policy } from '@matchday/contracts'

/** Path parameters, still text. */
export type PathParams = Readonly<Record<string, string>>
export type Allows = (caller: Caller, params: PathParams) => boolean

type Rule = {
  needsToken: boolean
  /** The path parameters that the rule compares; a route without them can't have this policy. */
  params: readonly string[]
  /** Whether an organisation's key may come in question, for operations that name a scope. */
  takesKeys: boolean
  /** Only from the computer that Matchday runs on. */
  isLocal?: true
  /** Of callers other than keys. */
  allows: Allows
}

const isOrganizer: Allows = (caller, params) =>
  caller.kind === 'organizer' && caller.tournamentId === params.id
const isPlayer: Allows = (caller, params) => caller.kind === 'player' && caller.tournamentId === params.id
const isSelf: Allows = (caller, params) =>
  caller.kind === 'player' && caller.tournamentId === params.id && caller.playerId === params.playerId
const isStaff: Allows = (caller) => caller.kind === 'staff'
const isAdministrator =
  (wanted: PlatformRole): Allows =>
  (caller) =>
    caller.kind === 'staff' && caller.platformRole !== undefined && isAtLeast(caller.platformRole, wanted)
/** What somebody is in an organisation isn't in his token: the service that owns the data finds out. */
const ofOrganization: Rule = {
  needsToken: true,
  params: ['organizationId'],
  takesKeys: true,
  allows: isStaff,
}

/**
 * What the caller must be. Only token and path are compared, never the data: the answer is the same whether or not
 * the thing in the path exists.
 */
export const policyTable: Record<Policy, Rule> = {
  anyone: { needsToken: false, params: [], takesKeys: true, allows: () => true },
  organizer: {
    needsToken: true,
    params: ['id'],
    takesKeys: true,
    allows: (caller, params) => isOrganizer(caller, params) || isStaff(caller, params),
  },
  player: { needsToken: true, params: ['id'], takesKeys: false, allows: isPlayer },
  self: { needsToken: true, params: ['id', 'playerId'], takesKeys: false, allows: isSelf },
  'organizer-or-self': {
    needsToken: true,
    params: ['id', 'playerId'],
    takesKeys: true,
    allows: (caller, params) =>
      isOrganizer(caller, params) || isSelf(caller, params) || isStaff(caller, params),
  },
  staff: { needsToken: true, params: [], takesKeys: false, allows: isStaff },
  'player-account': {
    needsToken: true,
    params: [],
    takesKeys: false,
    allows: (caller) => caller.kind === 'player-account',
  },
  support: ofOrganization,
  manager: ofOrganization,
  owner: ofOrganization,
  admin: { needsToken: true, params: [], takesKeys: false, allows: isAdministrator('admin') },
  superadmin: { needsToken: true, params: [], takesKeys: false, allows: isAdministrator('superadmin') },
  local: { needsToken: false, params: [], takesKeys: false, isLocal: true, allows: () => true },
}

/** Who may call an operation, as far as token and path tell. Keys only what names a scope that they have. */
export function allowsOf({ policy, scope }: Pick<Operation, 'policy' | 'scope'>): Allows {
  const rule = policyTable[policy]
  return (caller, params) => {
    if (caller.kind === 'service') return false
    if (caller.kind !== 'key') return rule.allows(caller, params)
    const { organizationId = caller.organizationId } = params
    const hasScope = scope !== undefined && caller.scopes.includes(scope)
    return rule.takesKeys && hasScope && organizationId === caller.organizationId
  }
}
