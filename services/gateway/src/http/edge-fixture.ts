import { type Caller, type Operation, type OperationName, operationList } from '@matchday/contracts'
import { type JsonObject, type Reply, silentLog, systemClock } from '@matchday/kernel'
import { exampleOf } from '../documents/example.ts'
import { type Target, takesBody } from './bad-requests/index.ts'
import { createHttpEdge } from './edge.ts'
import type { HttpEdge, HttpEdgeParts, RequestCall } from './ports.ts'

export const ids = {
  tournament: '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a15',
  otherTournament: '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a16',
  player: '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a17',
  otherPlayer: '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a18',
} as const

/** Tokens of the tests, and whom they name. */
const callers = {
  'organizer-token': { kind: 'organizer', tournamentId: ids.tournament },
  'other-organizer-token': { kind: 'organizer', tournamentId: ids.otherTournament },
  'player-token': { kind: 'player', tournamentId: ids.tournament, playerId: ids.player, pass: 1 },
  'other-player-token': { kind: 'player', tournamentId: ids.tournament, playerId: ids.otherPlayer, pass: 1 },
} as const
export type Token = keyof typeof callers

export type Asked = { operation: OperationName; call: RequestCall }
export type Fixture = { edge: HttpEdge; asked: Asked[] }
export type Respond = (operation: Operation, call: RequestCall) => Reply | Promise<Reply>

/** What a service would say when all is well: an example of the contract's output. */
export function goodReply(operation: Operation, _call?: RequestCall): Reply {
  const body = operation.output === undefined ? null : (exampleOf(operation.output) as JsonObject)
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
    },
    verifyToken: async (token) => callerOf(token),
    log: silentLog,
    clock: systemClock,
    health: () => ({ ready: true, parts: [] }),
    ...parts,
    config: { version: '0.0.0-test', validateAnswers: true, ...parts.config },
  })
  return { edge, asked }
}

function callerOf(token: string): Caller | null {
  // Branded ids exist only for the type checker; these are valid ones.
  return Object.hasOwn(callers, token) ? (callers[token as Token] as Caller) : null
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
  return { path, body: takesBody(operation) ? JSON.stringify(exampleOf(operation.body) ?? {}) : undefined }
}
