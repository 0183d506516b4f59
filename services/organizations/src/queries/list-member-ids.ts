import { organizationInternals, organizationLimits, type StaffId } from '@matchday/contracts'
import { read } from '@matchday/kernel'

export const listMemberIds = () =>
  read(organizationInternals.listMemberIds, async ({ organizationId }, _caller, context) => {
    const rows = await context.rows<{ accountId: StaffId }>(
      `select account_id as "accountId" from members where organization_id = $1 order by member_id limit $2`,
      [organizationId, organizationLimits.membersMax],
    )
    return { kind: 'ok', body: { accountIds: rows.map(({ accountId }) => accountId) } }
  })
