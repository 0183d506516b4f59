import { type InvitationId, type OrganizationRole, organizationOperations } from '@matchday/contracts'
import { memberRead } from '../guarded-read.ts'
import { pageOf, shownPage } from '../pages.ts'

type Invitation = {
  readonly invitationId: InvitationId
  readonly role: OrganizationRole
  readonly note: string | null
  readonly createdAt: Date
  readonly expiresAt: Date
}

export const listInvitations = () =>
  memberRead(organizationOperations.listInvitations, async (input, context) => {
    const { after, rowsMax } = pageOf(input)
    const rows = await context.rows<Invitation>(
      `select invitation_id as "invitationId", role, note, created_at as "createdAt", expires_at as "expiresAt"
       from invitations
       where organization_id = $1 and expires_at > now() and ($2::uuid is null or invitation_id < $2)
       order by invitation_id desc limit $3`,
      [input.organizationId, after, rowsMax],
    )
    return { kind: 'ok', body: shownPage(rows, rowsMax, ({ invitationId }) => invitationId, shown) }
  })

const shown = (row: Invitation) => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
})
