import { newId, type OperationName, routes } from '@matchday/contracts'

/** One tournament of this size for each so many players: an evening in a bar. */
export const playersPerTournament = 32

export type Created = { readonly id: string; readonly organizerToken: string }
export type Joined = { readonly tournament: string; readonly playerId: string; readonly playerToken: string }

type Call = {
  readonly path?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly token?: string
  /** Where the phone is, as a proxy in front of the server says: each venue may ask so often, and no more. */
  readonly venue?: string
}

/** A whole request, as a phone's browser would send it (but for the fields that nobody reads). */
function requestText(name: OperationName, { path = {}, body, token, venue }: Call): string {
  const [method, template] = routes[name]
  const text = body === undefined ? '' : JSON.stringify(body)
  return [
    `${method} ${template.replace(/\{(\w+)\}/g, (_, key: string) => path[key] ?? '')} HTTP/1.1`,
    'host: 127.0.0.1',
    'accept: application/json',
    ...(body === undefined
      ? []
      : [
          'content-type: application/json',
          `content-length: ${Buffer.byteLength(text)}`,
          `idempotency-key: ${newId()}`,
        ]),
    ...(venue === undefined ? [] : [`x-forwarded-for: ${venue}`]),
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    `\r\n${text}`,
  ].join('\r\n')
}

export function createRequests(count: number): string[] {
  return Array.from({ length: count }, () =>
    requestText('createTournament', {
      body: { name: `Cup ${newId()}`, limit: playersPerTournament, teams: { preset: 'nations' } },
    }),
  )
}

/** All over the place, as they come: a neighbour in the list is in another tournament. */
export function joinRequests(
  tournaments: readonly Created[],
  count: number,
): { tournament: string; text: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const { id } = tournaments[index % tournaments.length]!
    const seat = Math.floor(index / tournaments.length)
    const text = requestText('joinTournament', {
      path: { id },
      body: { firstName: 'Player', lastName: `No ${seat}` },
      venue: addressOf(id),
    })
    return { tournament: id, text }
  })
}

/** A private address of its own for each tournament: all its players are in one room. */
function addressOf(id: string): string {
  const hex = `fd${id.replaceAll('-', '').slice(-30)}`
  return hex.replace(/(.{4})(?!$)/g, '$1:')
}

/** Each player picks a team of his own, and sends a contribution to the draw as the app does. */
export function pickRequests(players: readonly Joined[], teams: readonly string[]): string[] {
  const seats = new Map<string, number>()
  return players.map(({ tournament, playerId, playerToken }) => {
    const seat = seats.get(tournament) ?? 0
    seats.set(tournament, seat + 1)
    return requestText('pickTeam', {
      path: { id: tournament, playerId },
      token: playerToken,
      body: { team: teams[seat], contribution: `${newId()}${newId()}`.replaceAll('-', '') },
    })
  })
}

/** Each player shows his pass, as his phone does when it opens the page. */
export function seatRequests(players: readonly Joined[]): string[] {
  return players.map(({ tournament, playerId, playerToken }) =>
    requestText('getSeat', { path: { id: tournament, playerId }, token: playerToken }),
  )
}
