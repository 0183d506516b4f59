import {
  type Caller,
  newId,
  type Operation,
  type OperationName,
  operationList,
  type PlatformRole,
  scopes,
} from '@matchday/contracts'
import { type Reply, type RequestCall, silentLog, systemClock } from '@matchday/kernel'
import { exampleObjectOf } from '../documents/example.ts'
import { AddressBudget } from '../limits/address-budget.ts'
import type { SharedBudgets } from '../limits/shared-budgets.ts'
import type { Credential } from '../sessions/credential.ts'
import { goodBody, type Target, takesBody } from './bad-requests/index.ts'
import { createHttpEdge } from './edge.ts'
import type { HttpEdge, HttpEdgeParts } from './ports.ts'

export const ids = {
  tournament: newId<'tournament'>(),
  otherTournament: newId<'tournament'>(),
  player: newId<'player'>(),
  otherPlayer: newId<'player'>(),
  organization: newId<'organization'>(),
  otherOrganization: newId<'organization'>(),
  staff: newId<'staff'>(),
  playerAccount: newId<'player-account'>(),
  session: newId<'session'>(),
  key: newId<'api-key'>(),
} as const

const staff = (platformRole?: PlatformRole): Caller => ({
  kind: 'staff',
  accountId: ids.staff,
  sessionId: ids.session,
  ...(platformRole === undefined ? {} : { platformRole }),
})
const key = { kind: 'key', keyId: ids.key, organizationId: ids.organization } as const

/** Tokens of the tests, and whom they name. */
const callers = {
  'organizer-token': { kind: 'organizer', tournamentId: ids.tournament },
  'other-organizer-token': { kind: 'organizer', tournamentId: ids.otherTournament },
  'player-token': { kind: 'player', tournamentId: ids.tournament, playerId: ids.player, pass: 1 },
  'other-player-token': { kind: 'player', tournamentId: ids.tournament, playerId: ids.otherPlayer, pass: 1 },
  'staff-token': staff(),
  'admin-token': staff('admin'),
  'superadmin-token': staff('superadmin'),
  'player-account-token': { kind: 'player-account', accountId: ids.playerAccount, sessionId: ids.session },
  /** May do all that a key can be good for … */
  'key-token': { ...key, scopes },
  /** … in another organisation … */
  'other-key-token': { ...key, organizationId: ids.otherOrganization, scopes },
  /** … and nothing at all. */
  'bare-key-token': { ...key, scopes: [] },
} as const satisfies Record<string, Caller>
export type Token = keyof typeof callers
export const tokens: readonly Token[] = Object.keys(callers).filter((name): name is Token => name in callers)
const callerOfToken: ReadonlyMap<string, Caller> = new Map(Object.entries(callers))

/** What the tests' tokens are worth; those of accounts as if they had been signed. */
export function credentialOf(token: string): Credential | null {
  const caller = callerOfToken.get(token)
  if (caller === undefined) return null
  if (caller.kind === 'key') return { kind: 'key', caller, hash: '', endsAtMs: null }
  if (caller.kind !== 'staff' && caller.kind !== 'player-account') return { kind: 'pass', caller }
  const realm = caller.kind === 'staff' ? 'staff' : 'players'
  const times = { issuedAtMs: 0, expiresAtMs: Number.MAX_SAFE_INTEGER }
  return { kind: 'access', caller, token: { realm, caller, generation: 1, ...times } }
}

export type Asked = { operation: OperationName; call: RequestCall }
export type Fixture = { edge: HttpEdge; asked: Asked[] }
export type Respond = (operation: Operation, call: RequestCall) => Reply | Promise<Reply>

/** What a service would say when all is well: an example of the contract's output. */
export function goodReply(operation: Operation, _call?: RequestCall): Reply {
  const body = operation.output === undefined ? null : exampleObjectOf(operation.output)
  return { kind: 'ok', body, version: 7 }
}

/** An edge with a service that answers as told, and what it was asked. */
export async function createFixture(
  respond: Respond = goodReply,
  parts: Partial<Omit<HttpEdgeParts, 'config'>> & { config?: Partial<HttpEdgeParts['config']> } = {},
): Promise<Fixture> {
  const asked: Asked[] = []
  const edge = await createHttpEdge({
    requester: {
      request: async (operation, call) => {
        asked.push({ operation: operation.name, call })
        return respond(operation, call)
      },
      isSaturated: () => false,
    },
    verifyToken: async (token) => credentialOf(token),
    log: silentLog,
    clock: systemClock,
    health: () => ({ ready: true, parts: [] }),
    ...parts,
    config: { version: '0.0.0-test', validateAnswers: true, localCallers: 'allowed', ...parts.config },
  })
  return { edge, asked }
}

/** For tests that ask more often than anybody may. */
export const boundlessBudgets: SharedBudgets = {
  budget: () => new AddressBudget({ perAddress: 1e9, total: 1e9 }, systemClock),
  close() {},
}

/** What stands for each parameter of a path; any id will do for the others. */
const knownParams: Readonly<Record<string, string>> = {
  id: ids.tournament,
  playerId: ids.player,
  organizationId: ids.organization,
  code: 'K7M2QX',
}

/** Every operation with a path that exists and a token that its policy allows. */
export const targets: readonly Target[] = operationList.map((operation) => ({
  operation,
  params: Object.fromEntries(
    Object.keys(operation.params?.properties ?? {}).map((name) => [name, knownParams[name] ?? newId()]),
  ),
  token: tokenFor(operation),
}))

export function targetOf(name: OperationName): Target {
  const target = targets.find(({ operation }) => operation.name === name)
  if (target === undefined) throw new Error(`no operation ${name}`)
  return target
}

function tokenFor(operation: Operation): Token | undefined {
  switch (operation.policy) {
    case 'anyone':
    case 'local':
      return undefined
    case 'organizer':
    case 'organizer-or-self':
      return 'organizer-token'
    case 'player':
    case 'self':
      return 'player-token'
    case 'player-account':
      return 'player-account-token'
    case 'staff':
    case 'support':
    case 'manager':
    case 'owner':
      return 'staff-token'
    case 'admin':
      return 'admin-token'
    case 'superadmin':
      return 'superadmin-token'
    default:
      return operation.policy satisfies never
  }
}

export function inputFor({ operation, params }: Target): { path: string; body: string | undefined } {
  const path = operation.route[1].replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? name)
  return { path, body: takesBody(operation) ? JSON.stringify(goodBody(operation)) : undefined }
}
