import { type Caller, newId, type Operation, type OperationName, operationList } from '@matchday/contracts'
import { type Reply, silentLog, systemClock } from '@matchday/kernel'
import { exampleObjectOf } from '../documents/example.ts'
import { type Target, takesBody } from './bad-requests/index.ts'
import { createHttpEdge } from './edge.ts'
import type { HttpEdge, HttpEdgeParts, RequestCall } from './ports.ts'

export const ids = {
  tournament: newId<'tournament'>(),
  otherTournament: newId<'tournament'>(),
  player: newId<'player'>(),
  otherPlayer: newId<'player'>(),
} as const

/** Tokens of the tests, and whom they name. */
const callers = {
  'organizer-token': { kind: 'organizer', tournamentId: ids.tournament },
  'other-organizer-token': { kind: 'organizer', tournamentId: ids.otherTournament },
  'player-token': { kind: 'player', tournamentId: ids.tournament, playerId: ids.player, pass: 1 },
  'other-player-token': { kind: 'player', tournamentId: ids.tournament, playerId: ids.otherPlayer, pass: 1 },
} as const satisfies Record<string, Caller>
export type Token = keyof typeof callers
const callerOfToken: ReadonlyMap<string, Caller> = new Map(Object.entries(callers))

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
    verifyToken: async (token) => callerOfToken.get(token) ?? null,
    log: silentLog,
    clock: systemClock,
    health: () => ({ ready: true, parts: [] }),
    ...parts,
    config: { version: '0.0.0-test', validateAnswers: true, ...parts.config },
  })
  return { edge, asked }
}

/** Every operation with a path that exists and a token that its policy allows. */
export const targets: readonly Target[] = operationList.map((operation) => ({
  operation,
  params:
    operation.name === 'findByJoinCode' ? { code: 'K7M2QX' } : { id: ids.tournament, playerId: ids.player },
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
      return undefined
    case 'organizer':
    case 'organizer-or-self':
      return 'organizer-token'
    case 'player':
    case 'self':
      return 'player-token'
    default:
      return operation.policy satisfies never
  }
}

export function inputFor({ operation, params }: Target): { path: string; body: string | undefined } {
  const path = operation.route[1].replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? name)
  return { path, body: takesBody(operation) ? JSON.stringify(exampleObjectOf(operation.body)) : undefined }
}
