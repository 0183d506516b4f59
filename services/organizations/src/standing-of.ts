import type { Caller, OrganizationId, OrganizationRole, OrganizationStatus } from '@matchday/contracts'
import type { Standing } from './domain/standing.ts'
import type { Rows } from './rows.ts'

/** What an account is in an organisation now; null: there is no such organisation. */
export async function standingOfAccount(
  rows: Rows,
  organizationId: OrganizationId,
  accountId: string | null,
): Promise<Standing | null> {
  const [standing] = await rows<{
    status: OrganizationStatus
    role: OrganizationRole | null
    isPreview: boolean
  }>(
    `select status,
       (select role from members m where m.organization_id = o.organization_id and m.account_id = $2) as role,
       exists (
         select from previews p
         where p.account_id = $2 and p.organization_id = o.organization_id and p.until > now()
       ) as "isPreview"
     from organizations o where organization_id = $1`,
    [organizationId, accountId],
  )
  return standing ?? null
}

export function standingOf(
  rows: Rows,
  organizationId: OrganizationId,
  caller: Caller,
): Promise<Standing | null> {
  return standingOfAccount(rows, organizationId, caller.kind === 'staff' ? caller.accountId : null)
}
