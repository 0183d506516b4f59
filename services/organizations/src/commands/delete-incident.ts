import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { memberCommand } from '../member-command.ts'

export const deleteIncident = () =>
  memberCommand(organizationOperations.deleteIncident, {
    async run(transaction, { input: { organizationId, incidentId } }) {
      // Its comments go with it.
      const deleted = await transaction.query(
        'delete from incidents where organization_id = $1 and incident_id = $2 returning incident_id',
        [organizationId, incidentId],
      )
      if (deleted.length === 0) return reject('not-found')
      return {
        kind: 'accepted',
        answer: {},
        changes: [{ organizationId, thing: 'incident', thingId: incidentId, action: 'deleted', after: null }],
      }
    },
    present: () => undefined,
  })
