import { type OrganizationId, organizationInternals } from '@matchday/contracts'
import { read } from '@matchday/kernel'

export const listSoleOwnerships = () =>
  read(organizationInternals.listSoleOwnerships, async ({ accountId }, _caller, context) => {
    // As many as an account may belong to. Not those that are blocked: he can neither delete them nor find somebody else
    // for them, and nobody must be kept for that; administrators look after them.
    const rows = await context.rows<{ organizationId: OrganizationId }>(
      `select organization_id as "organizationId" from members m
       join organizations using (organization_id)
       where account_id = $1 and role = 'owner' and status <> 'blocked' and not exists (
         select from members o
         where o.organization_id = m.organization_id and o.role = 'owner' and o.account_id <> $1
       )
       order by organization_id`,
      [accountId],
    )
    return { kind: 'ok', body: { organizationIds: rows.map(({ organizationId }) => organizationId) } }
  })
