import type { IncidentId, OrganizationId, TournamentId } from '@matchday/contracts'
import type { Incident } from './domain/incident.ts'
import type { Rows } from './rows.ts'

export type IncidentRow = Omit<Incident, 'closedAt'> & {
  readonly incidentId: IncidentId
  readonly tournamentId: TournamentId
  readonly authorKind: string
  readonly authorId: string
  readonly createdAt: Date
  readonly closedAt: Date | null
  readonly comments: number
}

/** Of `incidents i`. */
export const incidentColumns = `i.incident_id as "incidentId", i.tournament_id as "tournamentId",
  i.name, i.description, i.status, i.priority, i.author_kind as "authorKind", i.author_id as "authorId",
  i.created_at as "createdAt", i.closed_at as "closedAt",
  (select count(*) from comments c where c.incident_id = i.incident_id)::integer as comments`

export async function incidentOf(
  rows: Rows,
  organizationId: OrganizationId,
  incidentId: IncidentId,
): Promise<IncidentRow | undefined> {
  const [row] = await rows<IncidentRow>(
    `select ${incidentColumns} from incidents i where organization_id = $1 and incident_id = $2`,
    [organizationId, incidentId],
  )
  return row
}
