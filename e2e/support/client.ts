import { newId, type OperationName, type Operations, type OutputOf, routes } from '@matchday/contracts'

export type Answer<Name extends OperationName> = {
  status: number
  headers: Headers
  body: OutputOf<Operations[Name]>
  /** The same body when it is a problem document. */
  problem: { code: string; requestId: string; fields?: { path: string; code: string }[] }
}

type Call = {
  path?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string | number>>
  body?: unknown
  token?: string
  id?: string
  headers?: Readonly<Record<string, string>>
}

const answerTimeoutMs = 20_000

/** Calls an operation over real HTTP, the way any client would. */
export async function call<Name extends OperationName>(
  url: string,
  name: Name,
  call: Call = {},
): Promise<Answer<Name>> {
  const [method, template] = routes[name]
  const path = template.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(call.path?.[key] ?? ''))
  const query = new URLSearchParams(
    Object.entries(call.query ?? {}).map(([key, value]) => [key, String(value)]),
  )
  const response = await fetch(`${url}${path}${query.size > 0 ? `?${query}` : ''}`, {
    method,
    headers: {
      ...(method === 'GET' ? {} : { 'idempotency-key': call.id ?? newId() }),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.token ? { authorization: `Bearer ${call.token}` } : {}),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    signal: AbortSignal.timeout(answerTimeoutMs),
  })
  const text = await response.text()
  const body = text === '' ? undefined : JSON.parse(text)
  return { status: response.status, headers: response.headers, body, problem: body }
}

/** A tournament with so many players in it; each with his pass. */
export async function tournamentWith(
  url: string,
  players: number,
  body: Readonly<Record<string, unknown>> = {},
): Promise<{
  id: string
  joinCode: string
  joinUrl: string
  organizer: string
  players: { id: string; token: string }[]
}> {
  const created = await call(url, 'createTournament', {
    body: { name: `Cup ${newId()}`, limit: Math.max(2, players), teams: { preset: 'nations' }, ...body },
  })
  if (created.status !== 201) throw new Error(`create: ${created.status} ${JSON.stringify(created.problem)}`)
  const { id, joinCode, joinUrl, organizerToken } = created.body
  const joined = []
  for (let index = 0; index < players; index++) {
    const answer = await call(url, 'joinTournament', {
      path: { id },
      body: { firstName: 'Player', lastName: `No ${index + 1}` },
    })
    if (answer.status !== 201) throw new Error(`join: ${answer.status} ${JSON.stringify(answer.problem)}`)
    joined.push({ id: answer.body.playerId, token: answer.body.playerToken })
  }
  return { id, joinCode, joinUrl, organizer: organizerToken, players: joined }
}
