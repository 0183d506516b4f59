import type { EventOf, OrganizationId, OrganizationStatus, organizationEvents } from '@matchday/contracts'
import type { ReadContext, RecordedEvent, Transaction, View } from '@matchday/kernel'

type OrganizationEvent = EventOf<typeof organizationEvents>
export type KnownOrganization = {
  readonly id: OrganizationId
  readonly name: string
  readonly status: OrganizationStatus | 'deleted'
  /** Of the organisation: up to here it is known what has happened to it. */
  readonly version: number
}

/**
 * Names of organisations and whether they may be seen, from what has happened to them. Those that are gone stay here
 * without their names: what belonged to them must not come back.
 */
export const organizationsView: View = {
  name: 'organizations',
  source: 'organizations',
  schema: 2,
  async create(transaction) {
    await transaction.query(
      `create table known_organizations (
        id uuid primary key, name text not null, status text not null, version integer not null
      )`,
    )
  },
  async drop(transaction) {
    await transaction.query('drop table known_organizations')
  },
  async apply(transaction, events) {
    for (const event of events) await applyOne(transaction, event)
  },
}

export const organizationStatement = 'select id, name, status, version from known_organizations where id = $1'

/** null: it was registered a moment ago, and not heard of yet. */
export async function knownOrganization(
  { rows }: Pick<ReadContext, 'rows'>,
  id: OrganizationId,
): Promise<KnownOrganization | null> {
  const [row] = await rows<KnownOrganization>(organizationStatement, [id])
  return row ?? null
}

async function applyOne(transaction: Transaction, record: RecordedEvent): Promise<void> {
  const { stream, version, type, data } = record
  // What the other service has decided is what its contract says.
  const event = { type, data } as OrganizationEvent
  const change = (to: Partial<Pick<KnownOrganization, 'name' | 'status'>>) =>
    transaction.query(changeStatement, [stream, version, to.name ?? null, to.status ?? null])
  switch (event.type) {
    case 'organization-registered': {
      const { name, status } = event.data
      await transaction.query(insertStatement, [stream, name, status, version])
      return
    }
    case 'organization-changed':
      await change({ name: event.data.name })
      return
    case 'organization-approved':
      await change({ status: 'approved' })
      return
    case 'organization-blocked':
      await change({ status: 'blocked' })
      return
    case 'organization-deleted':
      await change({ name: '', status: 'deleted' })
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

const insertStatement = `
  insert into known_organizations (id, name, status, version) values ($1, $2, $3, $4)
  on conflict (id) do update set name = excluded.name, status = excluded.status, version = excluded.version`
const changeStatement = `
  update known_organizations set version = $2, name = coalesce($3, name), status = coalesce($4, status)
  where id = $1`
