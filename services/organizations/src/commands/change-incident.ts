import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { changedIncident, isSameIncident } from '../domain/incident.ts'
import { incidentOf } from '../incident-rows.ts'
import { memberCommand } from '../member-command.ts'
import { rowsOf } from '../rows.ts'

export const changeIncident = () =>
  memberCommand(organizationOperations.changeIncident, {
    async run(transaction, { input: { organizationId, incidentId, ...typed }, now }) {
      const row = await incidentOf(rowsOf(transaction), organizationId, incidentId)
      if (row === undefined) return reject('not-found')
      const before = { ...row, closedAt: row.closedAt?.toISOString() ?? null }
      const incident = changedIncident(before, typed, now)
      if (isSameIncident(incident, before)) return { kind: 'accepted', answer: {}, changes: [] }
      const { name, description, status, priority, closedAt } = incident
      await transaction.query(
        `update incidents set name = $2, description = $3, status = $4, priority = $5, closed_at = $6
         where incident_id = $1`,
        [incidentId, name, description, status, priority, closedAt],
      )
      const after = { tournamentId: row.tournamentId, ...incident }
      return {
        kind: 'accepted',
        answer: {},
        changes: [{ organizationId, thing: 'incident', thingId: incidentId, action: 'changed', after }],
      }
    },
    present: () => undefined,
  })
