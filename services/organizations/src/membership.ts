import {
  newId,
  type OrganizationId,
  type OrganizationRole,
  organizationLimits,
  type StaffId,
} from '@matchday/contracts'
import type { Transaction } from '@matchday/kernel'
import type { Change } from './domain/change.ts'
import type { Managed } from './domain/managing.ts'

type Membership = { readonly organizationId: OrganizationId; readonly accountId: StaffId }

/**
 * What concerns an account in several organisations takes turns from here to the end of the transaction. It comes
 * after the turn of the organisation, never before it: so nobody waits in a circle.
 */
export async function lockAccount(transaction: Transaction, accountId: StaffId): Promise<void> {
  await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`account:${accountId}`])
}

/** Whether the account is gone, although somebody still holds a token of it. */
export async function hasDeparted(transaction: Transaction, accountId: StaffId): Promise<boolean> {
  const found = await transaction.query('select from departed_accounts where account_id = $1', [accountId])
  return found.length > 0
}

/** Whether an account is in as many organisations as there may be. Only to be trusted under its lock. */
export async function isInTooMany(transaction: Transaction, accountId: StaffId): Promise<boolean> {
  const [row] = await transaction.query<{ count: number }>(
    'select count(*)::integer as count from members where account_id = $1',
    [accountId],
  )
  return row!.count >= organizationLimits.organizationsPerAccountMax
}

export async function addMember(
  transaction: Transaction,
  { organizationId, accountId }: Membership,
  role: OrganizationRole,
  since: string,
): Promise<Change> {
  await transaction.query(
    'insert into members (member_id, organization_id, account_id, role, since) values ($1, $2, $3, $4, $5)',
    [newId<'member'>(Date.parse(since)), organizationId, accountId, role, since],
  )
  return memberChange({ organizationId, accountId }, 'created', role)
}

export async function deleteMember(transaction: Transaction, membership: Membership): Promise<Change> {
  const { organizationId, accountId } = membership
  await transaction.query('delete from members where organization_id = $1 and account_id = $2', [
    organizationId,
    accountId,
  ])
  return memberChange(membership, 'deleted', null)
}

export function memberChange(
  { organizationId, accountId }: Membership,
  action: Change['action'],
  role: OrganizationRole | null,
): Change {
  const after = role === null ? null : { accountId, role }
  return { organizationId, thing: 'member', thingId: accountId, action, after }
}

/** What rules about managing need to know of a member; undefined: he is none. */
export async function managedMember(
  transaction: Transaction,
  { organizationId, accountId }: Membership,
  by: string | null,
): Promise<Managed | undefined> {
  const [member] = await transaction.query<{ role: OrganizationRole; isLastOwner: boolean }>(
    `select role, role = 'owner' and not exists (
       select from members o
       where o.organization_id = $1 and o.role = 'owner' and o.account_id <> $2
     ) as "isLastOwner"
     from members where organization_id = $1 and account_id = $2`,
    [organizationId, accountId],
  )
  return member && { ...member, isSelf: accountId === by }
}

/**
 * Takes back the open invitations of somebody who could no longer write them: otherwise he could come back by one, or
 * let others in.
 */
export async function revokeInvitationsOf(
  transaction: Transaction,
  { organizationId, accountId }: Membership,
  stillGiven: readonly OrganizationRole[],
): Promise<readonly Change[]> {
  const revoked = await transaction.query<{ id: string }>(
    `delete from invitations where organization_id = $1 and created_by = $2 and not role = any ($3)
     returning invitation_id as id`,
    [organizationId, accountId, stillGiven],
  )
  return revoked.map(({ id }) => ({
    organizationId,
    thing: 'invitation',
    thingId: id,
    action: 'deleted',
    after: null,
  }))
}
