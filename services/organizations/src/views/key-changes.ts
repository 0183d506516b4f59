import { staffIdentityEvents } from '@matchday/contracts'
import type { View } from '@matchday/kernel'
import { recordForeignChange } from './foreign-change.ts'

const actions = new Map<string, 'created' | 'deleted'>([
  ['key-created', 'created'],
  ['key-revoked', 'deleted'],
])

/** Keys that were made for an organisation, and taken back: part of its changelog. It has no tables of its own. */
export const keyChanges: View = {
  name: 'key-changes',
  source: staffIdentityEvents.service,
  schema: 1,
  types: [...actions.keys()],
  async create() {},
  async drop(transaction) {
    await transaction.query(`delete from changelog where thing = 'key'`)
  },
  async apply(transaction, events) {
    for (const event of events) {
      const action = actions.get(event.type)
      if (action === undefined) continue
      const [organization] = await transaction.query<{ organizationId: string }>(
        `select organization_id as "organizationId" from organizations
         where organization_id = $1 for key share`,
        [event.data.organizationId],
      )
      if (organization === undefined) continue
      await recordForeignChange(transaction, event, {
        source: staffIdentityEvents.service,
        organizationId: organization.organizationId,
        thing: 'key',
        action,
        after: action === 'created' ? {} : null,
      })
    }
  },
}
