import type { Operations, OutputOf } from '@matchday/contracts'
import type { OrganizationRole } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import { lazy } from 'preact-iso'
import { Dialog } from '../../components/Dialog.tsx'
import { ErrorText } from '../../components/ErrorText.tsx'
import { Field } from '../../components/Field.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { dateTime } from '../../people/dates.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { pointedError, restOfFailure } from '../../people/field-errors.ts'
import { MoreButton } from '../../people/Lists.tsx'
import { ShownOnce } from '../../people/ShownOnce.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import type { Organization } from '../office/office-context.ts'
import { rolesToGive } from '../office/rights.ts'
import { RoleChoice } from './MemberDialog.tsx'

const QrCode = lazy(async () => (await import('../../components/QrCode.tsx')).QrCode)

type Invitation = OutputOf<Operations['listInvitations']>['items'][number]
const noteLengthMax = 200

/** Who is invited and has not come yet, and the way to invite more. */
export function Invitations({ organization }: { organization: Organization }) {
  const { people } = officeTexts()
  const { organizationId } = organization
  const [isInviting, setInviting] = useState(false)
  const pages = usePages(`invitations of ${organizationId}`, (query) =>
    staff.call('listInvitations', { params: { organizationId }, query }),
  )
  return (
    <section class="card stack" aria-labelledby="invitations-title">
      <header class="card-head">
        <h2 id="invitations-title">{people.invitations}</h2>
        <button type="button" class="button primary" onClick={() => setInviting(true)}>
          {people.invite}
        </button>
      </header>
      {pages.items.length === 0 ? <p class="soft">{people.noInvitations}</p> : null}
      <ul class="lines" data-testid="invitations">
        {pages.items.map((invitation) => (
          <InvitationLine
            key={invitation.invitationId}
            organization={organization}
            invitation={invitation}
            onRevoked={pages.reload}
          />
        ))}
      </ul>
      <MoreButton pages={pages} />
      {isInviting ? (
        <InviteDialog
          organization={organization}
          onInvited={pages.reload}
          onClose={() => setInviting(false)}
        />
      ) : null}
    </section>
  )
}

type LineProps = { organization: Organization; invitation: Invitation; onRevoked: () => Promise<void> }

function InvitationLine({ organization, invitation, onRevoked }: LineProps) {
  const { people } = officeTexts()
  const { roles } = peopleTexts()
  const command = useStaffCommand('revokeInvitation')
  const { invitationId, role, note, expiresAt } = invitation
  const revoke = async () => {
    const params = { organizationId: organization.organizationId, invitationId }
    const sent = await command.send({ params })
    if (sent.status !== 'unknown') await onRevoked()
  }
  return (
    <li class="line">
      <span class="line-text">
        <strong>{note ?? people.noNote}</strong>
        <span class="hint">{people.until(dateTime(expiresAt))}</span>
        <ErrorText text={command.failure?.text} />
      </span>
      <span class="line-end">
        <span class="tag" data-kind="role">
          {roles[role]}
        </span>
        {rolesToGive(organization).includes(role) ? (
          <button type="button" class="button quiet" disabled={command.isBusy} onClick={() => void revoke()}>
            {people.revoke}
          </button>
        ) : null}
      </span>
    </li>
  )
}

type DialogProps = { organization: Organization; onInvited: () => Promise<void>; onClose: () => void }

function InviteDialog({ organization, onInvited, onClose }: DialogProps) {
  const { people } = officeTexts()
  const [made, setMade] = useState<{ link: string; expiresAt: string } | null>(null)
  return (
    <Dialog title={made === null ? people.invite : people.invited} onClose={onClose}>
      {made === null ? (
        <InviteForm
          organization={organization}
          onMade={(invitation) => {
            setMade(invitation)
            void onInvited()
          }}
        />
      ) : (
        <ShownOnce text={made.link} label={people.link} about={people.linkAbout(dateTime(made.expiresAt))}>
          <div class="once-qr">
            <QrCode url={made.link} label={people.linkQr} />
          </div>
        </ShownOnce>
      )}
    </Dialog>
  )
}

type FormProps = {
  organization: Organization
  onMade: (made: { link: string; expiresAt: string }) => void
}

function InviteForm({ organization, onMade }: FormProps) {
  const { people } = officeTexts()
  const roles = rolesToGive(organization)
  const command = useStaffCommand('createInvitation')
  const [role, setRole] = useState<OrganizationRole>(roles.at(-1) ?? 'support')
  const [note, setNote] = useState('')
  const invite = async () => {
    const { organizationId } = organization
    const body = { role, ...(note.trim() === '' ? {} : { note: note.trim() }) }
    const sent = await command.send({ params: { organizationId }, body })
    if (sent.status === 'done') onMade(sent.value)
  }
  return (
    <Form onSubmit={invite}>
      <p class="soft">{people.inviteAbout}</p>
      <RoleChoice roles={roles} role={role} onRole={setRole} />
      <Field
        label={people.note}
        value={note}
        onValue={setNote}
        autocomplete="off"
        maxLength={noteLengthMax}
        placeholder={people.notePlaceholder}
        error={pointedError(command.failure, '/body/note')}
      />
      <FormFoot
        error={restOfFailure(command.failure, ['/body/note'])}
        action={people.makeLink}
        isBusy={command.isBusy}
      />
    </Form>
  )
}
