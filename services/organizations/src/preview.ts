import { type Caller, newId, type OrganizationId, type StaffId } from '@matchday/contracts'
import type { Transaction } from '@matchday/kernel'
import type { Change } from './domain/change.ts'

/** An administrator's previews take turns; whoever is none is refused in a turn of his own. */
export function turnOf(caller: Caller): string {
  return caller.kind === 'staff' ? caller.accountId : newId<'staff'>()
}

/** `after` is null when he has left. */
export function previewChange(organizationId: OrganizationId, after: { until: string } | null): Change {
  const action = after === null ? 'preview-left' : 'preview-entered'
  return { organizationId, thing: 'organization', thingId: organizationId, action, after }
}

/** Ends the preview of an account, unless it is of the organisation named. What was over already was left by nobody. */
export async function leavePreviews(
  transaction: Transaction,
  accountId: StaffId,
  butOf: OrganizationId | null,
): Promise<readonly Change[]> {
  // As whoever deletes an organisation does: its row first, then what hangs on it. So nobody waits in a circle.
  await transaction.query(
    `select from previews join organizations o using (organization_id) where account_id = $1 for key share of o`,
    [accountId],
  )
  const left = await transaction.query<{ organizationId: OrganizationId; isOver: boolean }>(
    `delete from previews where account_id = $1 and organization_id is distinct from $2
     returning organization_id as "organizationId", until <= now() as "isOver"`,
    [accountId, butOf],
  )
  return left.filter(({ isOver }) => !isOver).map(({ organizationId }) => previewChange(organizationId, null))
}
