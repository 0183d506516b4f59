import { isStrictlyJunior, type OrganizationRole, organizationRoles } from '@matchday/contracts'
import { type Rejected, rejected } from './rejected.ts'
import type { Authority } from './standing.ts'

/** Rules about people who manage people. */

type Manager = Pick<Authority, 'seniority'>

export function mayManage({ seniority }: Manager, role: OrganizationRole): boolean {
  return isStrictlyJunior(role, seniority)
}

/** Roles that somebody of this role can give. */
export function rolesBelow(role: OrganizationRole): readonly OrganizationRole[] {
  return organizationRoles.filter((other) => isStrictlyJunior(other, role))
}

/** Somebody who is to get another role, or to go. */
export type Managed = {
  readonly role: OrganizationRole
  readonly isSelf: boolean
  /** He is an owner, and there is no other. */
  readonly isLastOwner: boolean
}

/** Nobody changes his own role, and nobody gives one that is not strictly junior to his own. */
export function changeRole(
  by: Manager,
  member: Managed,
  role: OrganizationRole,
): null | Rejected<'not-junior' | 'last-owner'> {
  if (member.isSelf || !mayManage(by, member.role) || !mayManage(by, role)) return rejected('not-junior')
  return member.isLastOwner && role !== 'owner' ? rejected('last-owner') : null
}

/** Everybody may leave. */
export function removeMember(by: Manager, member: Managed): null | Rejected<'not-junior' | 'last-owner'> {
  if (!member.isSelf && !mayManage(by, member.role)) return rejected('not-junior')
  return member.isLastOwner ? rejected('last-owner') : null
}
