import type { InvitationId, OrganizationId, OrganizationRole, OrganizationStatus } from '@matchday/contracts'
import type { Rows } from './rows.ts'

type OpenInvitation = {
  readonly invitationId: InvitationId
  readonly organizationId: OrganizationId
  readonly role: OrganizationRole
  readonly expiresAt: Date
  readonly name: string
  readonly status: OrganizationStatus
}

/** The invitation that a token leads to, while it is good by the clock of the database. */
export async function openInvitation(rows: Rows, hash: string): Promise<OpenInvitation | undefined> {
  const [invitation] = await rows<OpenInvitation>(
    `select invitation_id as "invitationId", organization_id as "organizationId", role,
       expires_at as "expiresAt", name, status
     from invitations join organizations using (organization_id)
     where token_hash = $1 and expires_at > now()`,
    [hash],
  )
  return invitation
}
