import { newId } from '@matchday/contracts'
import { must } from './client.ts'

/** An organisation that nobody has to approve, or that waits for it. */
export async function registerOrganization(
  url: string,
  token: string,
  name = `Club ${newId()}`,
): Promise<string> {
  const { body } = await must(url, 'registerOrganization', { token, body: { name } })
  return body.organizationId
}

export type MemberRole = 'owner' | 'manager' | 'support'

/** By an invitation of somebody who may give one. Both show their tokens. */
export async function joinOrganization(
  url: string,
  organizationId: string,
  by: string,
  joining: string,
  role: MemberRole,
): Promise<void> {
  const token = await invitationTo(url, organizationId, by, role)
  await must(url, 'acceptInvitation', { token: joining, body: { token } })
}

/** The token of an invitation. */
export async function invitationTo(
  url: string,
  organizationId: string,
  by: string,
  role: MemberRole,
): Promise<string> {
  const invited = await must(url, 'createInvitation', { path: { organizationId }, token: by, body: { role } })
  return invited.body.link.split('#')[1] ?? ''
}
