import type { LoadReport } from './load-generator.ts'
import {
  type Created,
  createRequests,
  type Joined,
  joinRequests,
  pickRequests,
  playersPerTournament,
  seatRequests,
} from './requests.ts'

export const operations = ['create', 'join', 'pick'] as const
export type OperationName = (typeof operations)[number]
export type Counts = Readonly<Record<OperationName, number>>

/** Sends all requests and measures it. Throws unless every answer has this status. */
export type Load<Measured> = (requests: readonly string[], status: string) => Promise<Measured>

/** Tournaments are created, players join some of them, show their passes (if they are to be known), and pick. */
export async function playOut<Measured extends { readonly report: LoadReport }>(
  port: number,
  many: Counts,
  load: Load<Measured>,
  { passesKnown = false } = {},
): Promise<Readonly<Record<OperationName, Measured>>> {
  const create = await load(createRequests(many.create), '201')
  const tournaments = create.report.bodies
    .slice(0, Math.ceil(many.join / playersPerTournament))
    .map((body): Created => JSON.parse(body))
  const joining = joinRequests(tournaments, many.join)
  const join = await load(
    joining.map(({ text }) => text),
    '201',
  )
  const players = join.report.bodies.map(
    (body, index): Joined => ({ ...JSON.parse(body), tournament: joining[index]!.tournament }),
  )
  if (passesKnown) await load(seatRequests(players.slice(0, many.pick)), '200')
  const shown = await fetch(`http://127.0.0.1:${port}/api/tournaments/${tournaments[0]!.id}`)
  const { teams }: { teams: string[] } = JSON.parse(await shown.text())
  const pick = await load(pickRequests(players.slice(0, many.pick), teams), '200')
  return { create, join, pick }
}

/** A player's pass. */
const passLength = 414

/** The same requests as Matchday gets, so that reading them costs as much; that they name nobody is of no account to an echo. */
export function echoRequests(operation: OperationName, count: number): string[] {
  const id = '0199d3c4-7d63-7c8c-9d3e-5b0f1f3a2b4c'
  if (operation === 'create') return createRequests(count)
  if (operation === 'join') {
    return joinRequests([{ id, organizerToken: '' }], count).map(({ text }) => text)
  }
  const playerToken = 't'.repeat(passLength)
  const player: Joined = { tournament: id, playerId: id, playerToken }
  return pickRequests(
    Array.from({ length: count }, () => player),
    Array.from({ length: count }, () => 'Switzerland'),
  )
}
