import type { EventOf, OrganizationId, OrganizationStatus, organizationEvents } from '@matchday/contracts'
import type { ReadContext, RecordedEvent, Transaction, View } from '@matchday/kernel'

type OrganizationEvent = EventOf<typeof organizationEvents>
export type KnownOrganization = {
  readonly id: OrganizationId
  readonly name: string
  readonly status: OrganizationStatus | 'deleted'
}

/**
 * Names of organisations and whether they may be seen, from what has happened to them. Those that are gone stay here
 * without their names: what belonged to them must not come back.
 */
export const organizationsView: View = {
  name: 'organizations',
  source: 'organizations',
  schema: 1,
  async create(transaction) {
    await transaction.query(
      'create table known_organizations (id uuid primary key, name text not null, status text not null)',
    )
  },
  async drop(transaction) {
    await transaction.query('drop table known_organizations')
  },
  async apply(transaction, events) {
    for (const event of events) await applyOne(transaction, event)
  },
}

export const organizationStatement = 'select id, name, status from known_organizations where id = $1'

/** null: it was registered a moment ago, and not heard of yet. */
export async function knownOrganization(
  { rows }: Pick<ReadContext, 'rows'>,
  id: OrganizationId,
): Promise<KnownOrganization | null> {
  const [row] = await rows<KnownOrganization>(organizationStatement, [id])
  return row ?? null
}

async function applyOne(transaction: Transaction, { stream, type, data }: RecordedEvent): Promise<void> {
  // What the other service has decided is what its contract says.
  const event = { type, data } as OrganizationEvent
  switch (event.type) {
    case 'organization-registered': {
      const { name, status } = event.data
      const statement = `insert into known_organizations values ($1, $2, $3)
        on conflict (id) do update set name = excluded.name, status = excluded.status`
      await transaction.query(statement, [stream, name, status])
      return
    }
    case 'organization-changed':
      await transaction.query('update known_organizations set name = $2 where id = $1', [
        stream,
        event.data.name,
      ])
      return
    case 'organization-approved':
    case 'organization-blocked': {
      const status = event.type === 'organization-approved' ? 'approved' : 'blocked'
      await transaction.query('update known_organizations set status = $2 where id = $1', [stream, status])
      return
    }
    case 'organization-deleted':
      await transaction.query(`update known_organizations set status = 'deleted', name = '' where id = $1`, [
        stream,
      ])
      return
    case 'member-added':
    case 'member-changed':
    case 'member-removed':
      return
    default:
      // A newer release may tell of more.
      return event satisfies never
  }
}
