import { type OrganizationId, organizationInternals } from '@matchday/contracts'
import { read } from '@matchday/kernel'

export const listSoleOwnerships = () =>
  read(organizationInternals.listSoleOwnerships, async ({ accountId }, _caller, context) => {
    // As many as an account may belong to.
    const rows = await context.rows<{ organizationId: OrganizationId }>(
      `select organization_id as "organizationId" from members m
       where account_id = $1 and role = 'owner' and not exists (
         select from members o
         where o.organization_id = m.organization_id and o.role = 'owner' and o.account_id <> $1
       )
       order by organization_id`,
      [accountId],
    )
    return { kind: 'ok', body: { organizationIds: rows.map(({ organizationId }) => organizationId) } }
  })
