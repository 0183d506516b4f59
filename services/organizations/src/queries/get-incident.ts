import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { authorOfRow } from '../domain/actor.ts'
import { memberRead } from '../guarded-read.ts'
import { type IncidentRow, incidentOf } from '../incident-rows.ts'
import { authorIn, type People, peopleAmong } from '../people.ts'

export const getIncident = () =>
  memberRead(organizationOperations.getIncident, async ({ organizationId, incidentId }, context) => {
    const incident = await incidentOf(context.rows, organizationId, incidentId)
    if (incident === undefined) return reject('not-found')
    const people = await peopleAmong(context.ask, [authorOfRow(incident)])
    return { kind: 'ok', body: shownIncident(incident, people) }
  })

export function shownIncident(row: IncidentRow, people: People) {
  const { authorKind: _kind, authorId: _id, createdAt, closedAt, ...shown } = row
  return {
    ...shown,
    author: authorIn(people, authorOfRow(row)),
    createdAt: createdAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  }
}
