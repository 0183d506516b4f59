import { organizationInternals, type StaffId } from '@matchday/contracts'
import type { PrepareContext } from '@matchday/kernel'

/** Whether an organisation would be without an owner if this account were gone. */
export async function isSoleOwner(
  { ask }: Pick<PrepareContext, 'ask'>,
  accountId: StaffId,
): Promise<boolean> {
  const owned = await ask(organizationInternals.listSoleOwnerships, { accountId })
  return owned.kind === 'ok' && owned.body.organizationIds.length > 0
}
