import { nameKey } from '@matchday/contracts'
import type { RecordedEvent } from '@matchday/kernel'
import { noDetails } from '../domain/details.ts'
import type { DataOf, TournamentEvent } from '../domain/event.ts'
import type { TournamentDetails } from '../domain/state.ts'

/** A tournament of an organisation, as it is listed and found. Named like the columns of its table. */
export type ListedRow = {
  readonly id: string
  readonly organization_id: string
  readonly name: string
  readonly seats: number
  readonly players: number
  readonly status: 'open' | 'drawn' | 'archived'
  readonly joining: boolean
  readonly join_code: string
  readonly details: TournamentDetails
  /** Public ones are found. */
  readonly is_public: boolean
  /** When it begins, and when it is over, in milliseconds since 1970. */
  readonly begins_ms: number
  readonly over_ms: number
  /** Name, description and address without case and accents. */
  readonly searched_text: string
}

/** Without a beginning it comes last, and is never over. */
export const neverMs = Number.MAX_SAFE_INTEGER
/** Without an end it is over after a day. */
const lastsMs = 24 * 60 * 60 * 1_000

/** What changes how a tournament is listed. */
export const listedEventTypes = [
  'tournament-created',
  'tournament-claimed',
  'tournament-renamed',
  'details-changed',
  'joining-changed',
  'player-joined',
  'player-removed',
  'teams-drawn',
  'draw-voided',
  'tournament-archived',
] as const satisfies readonly TournamentEvent['type'][]
type ListedEvent = Extract<TournamentEvent, { type: (typeof listedEventTypes)[number] }>

/** What is listed after one more of these events; null: nothing, for the tournament belongs to no organisation. */
export function listedAfter(row: ListedRow | null, record: RecordedEvent): ListedRow | null {
  // Records of this service hold what it has decided.
  const event = { type: record.type, data: record.data } as ListedEvent
  if (event.type === 'tournament-created') return created(record.stream, event.data)
  if (event.type === 'tournament-claimed') return claimed(record.stream, event.data)
  return row === null ? null : changed(row, event)
}

type Change = Exclude<ListedEvent, { type: 'tournament-created' | 'tournament-claimed' }>
function changed(row: ListedRow, event: Change): ListedRow {
  switch (event.type) {
    case 'tournament-renamed':
      return withText({ ...row, name: event.data.name })
    case 'details-changed':
      return withText(withDetails(row, event.data))
    case 'joining-changed':
      return { ...row, joining: event.data.open }
    case 'player-joined':
      return { ...row, players: row.players + 1 }
    case 'player-removed':
      return { ...row, players: row.players - 1 }
    case 'teams-drawn':
      return { ...row, status: 'drawn' }
    case 'draw-voided':
      return { ...row, status: 'open' }
    case 'tournament-archived':
      return { ...row, status: 'archived' }
    default:
      return event satisfies never
  }
}

function created(id: string, data: DataOf<'tournament-created'>): ListedRow | null {
  const { organizationId, name, limit, joinCode, details = noDetails('unlisted') } = data
  if (organizationId === undefined) return null
  const now = { players: 0, status: 'open', joining: true } as const
  return listed(
    { id, organization_id: organizationId, name, seats: limit, join_code: joinCode, ...now },
    details,
  )
}

function claimed(id: string, data: DataOf<'tournament-claimed'>): ListedRow {
  const { organizationId, name, limit, joinCode, status, joining, players, details } = data
  const now = { players, status, joining }
  return listed(
    { id, organization_id: organizationId, name, seats: limit, join_code: joinCode, ...now },
    details,
  )
}

type Bare = Omit<ListedRow, 'details' | 'is_public' | 'begins_ms' | 'over_ms' | 'searched_text'>
function listed(bare: Bare, details: TournamentDetails): ListedRow {
  return withText(withDetails(bare, details))
}

function withDetails<Row extends Bare>(row: Row, details: TournamentDetails) {
  const begins = details.startsAt === null ? neverMs : Date.parse(details.startsAt)
  const over = details.endsAt === null ? Math.min(begins + lastsMs, neverMs) : Date.parse(details.endsAt)
  return {
    ...row,
    details,
    is_public: details.visibility === 'public',
    begins_ms: begins,
    over_ms: over,
  }
}

function withText<Row extends Bare & { readonly details: TournamentDetails }>(row: Row) {
  const { name, details } = row
  const searched_text = [name, details.description ?? '', details.address ?? ''].map(nameKey).join('\n')
  return { ...row, searched_text }
}
