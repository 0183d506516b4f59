import type { Operations, OutputOf } from '@matchday/contracts'
import { useLocation } from 'preact-iso'
import { ErrorText } from '../../components/ErrorText.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { dateTime } from '../../people/dates.ts'
import { useOffice } from './office-context.ts'
import { forgetInvitation } from './pending-invitation.ts'
import { organizationPath } from './place.ts'

export type Invitation = OutputOf<Operations['lookAtInvitation']>

/** What an invitation leads to. */
export function InvitationWords({ invitation }: { invitation: Invitation }) {
  const { invite } = officeTexts()
  const { roles, rolesAbout } = peopleTexts()
  const { name, role, expiresAt } = invitation
  return (
    <div class="invitation-words">
      <p class="kicker">{invite.to}</p>
      <p class="invitation-name">{name}</p>
      <p>
        <span class="tag" data-kind="role">
          {roles[role]}
        </span>
      </p>
      <p class="soft">{rolesAbout[role]}</p>
      <p class="hint">{invite.until(dateTime(expiresAt))}</p>
    </div>
  )
}

type Props = { invitation: Invitation; token: string }

/** For somebody who is signed in. */
export function AcceptInvitation({ invitation, token }: Props) {
  const { invite } = officeTexts()
  const { profile, memberships, reload } = useOffice()
  const { route } = useLocation()
  const command = useStaffCommand('acceptInvitation')
  const isMember = memberships.some(
    ({ organizationId, isPreview }) => organizationId === invitation.organizationId && !isPreview,
  )
  const go = () => route(organizationPath(invitation.organizationId), true)
  const accept = async () => {
    const sent = await command.send({ body: { token } })
    if (sent.status === 'unknown') return
    if (sent.status === 'rejected') {
      if (sent.code === 'link-expired') forgetInvitation()
      return
    }
    forgetInvitation()
    await reload()
    go()
  }
  const decline = () => {
    forgetInvitation()
    route('/office', true)
  }
  if (isMember) {
    return (
      <div class="form-actions">
        <p class="note">{invite.already}</p>
        <button
          type="button"
          class="button primary"
          onClick={() => {
            forgetInvitation()
            go()
          }}
        >
          {invite.open}
        </button>
      </div>
    )
  }
  return (
    <div class="stack">
      <p class="soft">{invite.as(profile.email)}</p>
      <ErrorText text={command.failure?.text} />
      <div class="form-actions">
        <button
          type="button"
          class="button primary large"
          disabled={command.isBusy}
          onClick={() => void accept()}
        >
          {invite.accept}
        </button>
        <button type="button" class="button quiet" onClick={decline}>
          {invite.decline}
        </button>
      </div>
    </div>
  )
}
