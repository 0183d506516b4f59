import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { memberCommand } from '../member-command.ts'

export const deleteContact = () =>
  memberCommand(organizationOperations.deleteContact, {
    async run(transaction, { input: { organizationId, contactId } }) {
      const deleted = await transaction.query(
        'delete from contacts where organization_id = $1 and contact_id = $2 returning contact_id',
        [organizationId, contactId],
      )
      if (deleted.length === 0) return reject('not-found')
      // That something was changed stays, but not what somebody's name and number were.
      await transaction.query(
        `update changelog set after = null
         where organization_id = $1 and thing = 'contact' and thing_id = $2`,
        [organizationId, contactId],
      )
      return {
        kind: 'accepted',
        answer: {},
        changes: [{ organizationId, thing: 'contact', thingId: contactId, action: 'deleted', after: null }],
      }
    },
    present: () => undefined,
  })
