import { normalizeName, type OrganizationId, organizationOperations } from '@matchday/contracts'
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
      if (normalizeName(name) !== organization.name) return reject('confirmation-mismatch')
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

/** So many rows go in a statement that it ends well within the time that the database gives one. */
const rowsPerStatementMax = 10_000
/** What there may be very much of; all the rest goes with the organisation's row. In an order that leaves no orphans. */
const large = ['comments', 'incidents', 'contacts', 'changelog'] as const

async function deleteAll(transaction: Transaction, organizationId: OrganizationId): Promise<void> {
  for (const table of large) {
    let deleted: number
    do {
      const rows = await transaction.query(
        `with some as (select ctid from ${table} where organization_id = $1 limit ${rowsPerStatementMax}),
         gone as (delete from ${table} where ctid = any (array (select ctid from some)) returning 1)
         select count(*)::integer as count from gone`,
        [organizationId],
      )
      deleted = (rows[0] as { count: number }).count
    } while (deleted === rowsPerStatementMax)
  }
  await transaction.query('delete from organizations where organization_id = $1', [organizationId])
}
