import type { OrganizationId, OrganizationStatus } from '@matchday/contracts'
import type { Profile } from './domain/profile.ts'
import type { Rows } from './rows.ts'

export type OrganizationRow = Profile & {
  readonly organizationId: OrganizationId
  readonly status: OrganizationStatus
  readonly version: number
  readonly createdAt: Date
}

export const organizationColumns =
  'organization_id as "organizationId", name, address, website, status, version, created_at as "createdAt"'

/** The constraint that keeps names apart, also when two are registered at once. */
export const nameConflict = { organizations_name_key: 'name-taken' } as const

export async function organizationOf(
  rows: Rows,
  organizationId: OrganizationId,
): Promise<OrganizationRow | undefined> {
  const [row] = await rows<OrganizationRow>(
    `select ${organizationColumns} from organizations where organization_id = $1`,
    [organizationId],
  )
  return row
}

/** Whether another organisation has a name. Who is quicker than this is found by the constraint. */
export async function isNameTaken(rows: Rows, key: string, by: OrganizationId): Promise<boolean> {
  const found = await rows('select from organizations where name_key = $1 and organization_id <> $2', [
    key,
    by,
  ])
  return found.length > 0
}
