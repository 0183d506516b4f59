import { newId, type OrganizationId, type OrganizationRole } from '@matchday/contracts'
import type { Lab } from './lab.ts'
import { type Staff, staff } from './people.ts'

/** An organisation, and people of each role who came into it as people do. */
export async function organizationIn(lab: Lab, name = `Club ${newId()}`) {
  const owner = staff()
  const { organizationId } = await lab.ok('registerOrganization', { name }, owner)
  const id: OrganizationId = organizationId
  return {
    organizationId: id,
    name,
    owner,
    in: { organizationId: id },
    manager: () => joined(lab, id, owner, 'manager'),
    support: () => joined(lab, id, owner, 'support'),
    /** Only administrators appoint one. */
    async anotherOwner(): Promise<Staff> {
      return joined(lab, id, await previewing(lab, id), 'owner')
    },
  }
}
export type World = Awaited<ReturnType<typeof organizationIn>>

export async function tokenOf(
  lab: Lab,
  organizationId: OrganizationId,
  by: Staff,
  role: OrganizationRole,
): Promise<string> {
  const { link } = await lab.ok('createInvitation', { organizationId, role }, by)
  return link.split('#')[1]
}

/** Invites somebody, who accepts. */
export async function joined(
  lab: Lab,
  organizationId: OrganizationId,
  by: Staff,
  role: OrganizationRole,
  who: Staff = staff(),
): Promise<Staff> {
  const token = await tokenOf(lab, organizationId, by, role)
  await lab.ok('acceptInvitation', { token }, who)
  return who
}

/** An administrator who looks into an organisation. */
export async function previewing(
  lab: Lab,
  organizationId: OrganizationId,
  admin = staff('admin'),
): Promise<Staff> {
  await lab.ok('enterPreview', { organizationId }, admin)
  return admin
}
