import {
  newId,
  type OperationName,
  type Operations,
  type OutputOf,
  type Problem,
  routes,
} from '@matchday/contracts'
import { breaches } from './contract.ts'

export type Answer<Name extends OperationName> = {
  status: number
  headers: Headers
  body: OutputOf<Operations[Name]>
  /** The same body when it is a problem document. */
  problem: Problem
  /** The body as it came over the wire. */
  text: string
}

export type Call = {
  path?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string | number>>
  body?: unknown
  token?: string
  id?: string
  headers?: Readonly<Record<string, string>>
}

const answerTimeoutMs = 20_000

/**
 * Calls an operation over real HTTP, the way any client would. Throws when the answer is not as the contract says, so
 * every test that calls anything checks the contract too.
 */
export async function call<Name extends OperationName>(
  url: string,
  name: Name,
  call: Call = {},
): Promise<Answer<Name>> {
  const [method] = routes[name]
  const query = new URLSearchParams(
    Object.entries(call.query ?? {}).map(([key, value]) => [key, String(value)]),
  )
  const response = await fetch(`${url}${pathOf(name, call.path)}${query.size > 0 ? `?${query}` : ''}`, {
    method,
    headers: {
      ...(method === 'GET' ? {} : { 'idempotency-key': call.id ?? newId() }),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.token ? { authorization: `Bearer ${call.token}` } : {}),
      // Each tournament is a venue with an address of its own, where the server trusts a proxy to tell it.
      ...(name === 'joinTournament' ? { 'x-forwarded-for': call.path?.id ?? '' } : {}),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    signal: AbortSignal.timeout(answerTimeoutMs),
  })
  const { status, headers } = response
  const text = await response.text()
  const found = breaches(name, { status, headers, text })
  if (found.length > 0) throw new Error(`an answer breaks the contract: ${found.join('; ')}`)
  const body = text === '' ? undefined : JSON.parse(text)
  return { status, headers, body, problem: body, text }
}

export function pathOf(name: OperationName, parameters: Readonly<Record<string, string>> = {}): string {
  return routes[name][1].replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(parameters[key] ?? ''))
}

/** What a call must have done; throws, with the problem, when it did not. */
export async function must<Name extends OperationName>(
  url: string,
  name: Name,
  what: Call = {},
): Promise<Answer<Name>> {
  const answer = await call(url, name, what)
  if (answer.status >= 400) throw new Error(`${name}: ${answer.status} ${answer.text}`)
  return answer
}

export type Joined = { id: string; token: string }
export type TournamentMade = {
  id: string
  joinCode: string
  joinUrl: string
  organizer: string
  players: Joined[]
}

/** A tournament with so many players in it; each with his pass. */
export async function tournamentWith(
  url: string,
  players: number,
  body: Readonly<Record<string, unknown>> = {},
): Promise<TournamentMade> {
  const { body: created } = await must(url, 'createTournament', {
    body: { name: `Cup ${newId()}`, limit: Math.max(2, players), teams: { preset: 'nations' }, ...body },
  })
  const { id, joinCode, joinUrl, organizerToken } = created
  if (organizerToken === null) throw new Error('made for an organisation')
  const joined: Joined[] = []
  for (let index = 0; index < players; index++) joined.push(await join(url, id, `No ${index + 1}`))
  return { id, joinCode, joinUrl, organizer: organizerToken, players: joined }
}

/** Shown by the whole name, so that it is found again in what everybody sees. */
export async function join(url: string, id: string, lastName: string, firstName = 'Player'): Promise<Joined> {
  const names = { firstName, lastName, showsFullName: true }
  const { body } = await must(url, 'joinTournament', { path: { id }, body: names })
  return { id: body.playerId, token: body.playerToken }
}

/** Picks the n-th team of the list. */
export async function pick(
  url: string,
  id: string,
  player: Joined,
  team: string,
  contribution?: string,
): Promise<void> {
  await must(url, 'pickTeam', {
    path: { id, playerId: player.id },
    token: player.token,
    body: { team, ...(contribution === undefined ? {} : { contribution }) },
  })
}

/** The whole log, page by page. */
export async function wholeLog(url: string, id: string, pageSize = 100) {
  const items: OutputOf<Operations['listLog']>['items'] = []
  for (let after: number | null = 0; after !== null; ) {
    const { body }: Answer<'listLog'> = await must(url, 'listLog', {
      path: { id },
      query: { after, limit: pageSize },
    })
    items.push(...body.items)
    after = body.next
  }
  return items
}
