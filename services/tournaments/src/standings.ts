import { type Caller, type OrganizationId, organizationInternals, type Scope } from '@matchday/contracts'
import type { ReadContext } from '@matchday/kernel'
import type { Standing } from './domain/standing.ts'

/**
 * What the caller is in an organisation at this moment; null: nothing that would matter, or there is no such one. A key
 * that is good for the operation is as good as a manager, as long as its organisation may do anything at all.
 * Throws Fault `unavailable` when organisations can't be asked: nothing is decided without.
 */
export async function standingOf(
  ask: ReadContext['ask'],
  caller: Caller,
  organizationId: OrganizationId,
  scope: Scope | undefined,
): Promise<Standing | null> {
  if (caller.kind === 'staff') {
    const { accountId, platformRole } = caller
    const input = { organizationId, accountId, isAdministrator: platformRole !== undefined }
    const told = await ask(organizationInternals.getStanding, input)
    return told.kind === 'ok' ? told.body : null
  }
  if (caller.kind !== 'key' || caller.organizationId !== organizationId) return null
  if (scope === undefined || !caller.scopes.includes(scope)) return null
  // A key is nobody's account; in its place it gets the organisation's status told.
  const input = { organizationId, accountId: caller.keyId as never, isAdministrator: false }
  const told = await ask(organizationInternals.getStanding, input)
  return told.kind === 'ok' ? { status: told.body.status, role: 'manager', isPreview: false } : null
}
