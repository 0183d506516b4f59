import { nameKey, type OrganizationId, organizationOperations } from '@matchday/contracts'
import { reject, type Transaction } from '@matchday/kernel'
import { memberCommand } from '../member-command.ts'

export const deleteOrganization = () =>
  memberCommand(organizationOperations.deleteOrganization, {
    async run(transaction, { input: { organizationId, name } }) {
      // From here on nothing can be added to it any more.
      const [organization] = await transaction.query<{ name: string }>(
        'select name from organizations where organization_id = $1 for update',
        [organizationId],
      )
      if (organization === undefined) return reject('not-found')
      // As the page compares it: who types the name means it, whatever its letters' case.
      if (nameKey(name) !== nameKey(organization.name)) return reject('confirmation-mismatch')
      await deleteAll(transaction, organizationId)
      return {
        kind: 'accepted',
        answer: {},
        events: [{ type: 'organization-deleted', data: {} }],
        changes: [
          {
            organizationId: null,
            thing: 'organization',
            thingId: organizationId,
            action: 'deleted',
            after: null,
          },
        ],
      }
    },
    present: () => undefined,
  })

/** So many rows go in a statement that it ends well within the time that a busy database gives one. */
const rowsPerStatementMax = 1_000
/** What there may be very much of, in an order that leaves no orphans. All the rest goes with the organisation's row. */
const large = [
  ['comments', 'comment_id'],
  ['incidents', 'incident_id'],
  ['contacts', 'contact_id'],
  ['changelog', 'change_id'],
] as const

async function deleteAll(transaction: Transaction, organizationId: OrganizationId): Promise<void> {
  for (const [table, key] of large) {
    let deleted: number
    do {
      const [gone] = await transaction.query<{ count: number }>(
        `with gone as (
           delete from ${table}
           where ${key} in (select ${key} from ${table} where organization_id = $1 limit ${rowsPerStatementMax})
           returning 1
         )
         select count(*)::integer as count from gone`,
        [organizationId],
      )
      deleted = gone!.count
    } while (deleted === rowsPerStatementMax)
  }
  await transaction.query('delete from organizations where organization_id = $1', [organizationId])
}
