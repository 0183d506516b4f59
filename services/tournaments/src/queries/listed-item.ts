import type { Tournament } from '@matchday/contracts'
import type { ListedRow } from '../views/listed-row.ts'

/** A row as it was joined with its organisation. Times come as texts, for the database counts further than we do. */
export type FoundRow = Omit<ListedRow, 'begins_ms' | 'over_ms' | 'searched_text' | 'is_public'> & {
  readonly begins_ms: string
  readonly organization_name: string
}
export const foundColumns = /* sql */ `
  t.id, t.organization_id, t.name, t.seats, t.players, t.status, t.joining, t.join_code, t.details, t.begins_ms,
  coalesce(o.name, '') as organization_name`

/** As lists show it. */
export function listedItem(row: FoundRow) {
  const { status, joining, details } = row
  return {
    // Written by the view from ids that were checked.
    id: row.id as Tournament['id'],
    name: row.name,
    status,
    joining: status === 'open' && joining,
    joinCode: row.join_code,
    seatsLeft: row.seats - row.players,
    limit: row.seats,
    organization: {
      id: row.organization_id as NonNullable<Tournament['organization']>['id'],
      name: row.organization_name,
    },
    ...details,
  }
}
