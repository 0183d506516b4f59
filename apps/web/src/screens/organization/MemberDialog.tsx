import type { OrganizationRole } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import { Dialog } from '../../components/Dialog.tsx'
import { ErrorText } from '../../components/ErrorText.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { Choice } from '../../people/fields.tsx'
import type { Organization } from '../office/office-context.ts'
import { rolesToGive } from '../office/rights.ts'
import { type Member, memberName } from './member.ts'

type Props = {
  organization: Organization
  member: Member
  onChanged: () => Promise<void>
  onClose: () => void
}

/** Another role for somebody, or none any more. */
export function MemberDialog(props: Props) {
  const [isRemoving, setRemoving] = useState(false)
  return (
    <Dialog title={memberName(props.member)} onClose={props.onClose}>
      {isRemoving ? (
        <RemoveForm {...props} onBack={() => setRemoving(false)} />
      ) : (
        <RoleForm {...props} onRemove={() => setRemoving(true)} />
      )}
    </Dialog>
  )
}

function RoleForm({ organization, member, onChanged, onClose, onRemove }: Props & { onRemove: () => void }) {
  const { people } = officeTexts()
  const { common } = peopleTexts()
  const command = useStaffCommand('changeMember')
  const [role, setRole] = useState(member.role)
  const save = async () => {
    if (role === member.role) return onClose()
    const params = { organizationId: organization.organizationId, accountId: member.accountId }
    const sent = await command.send({ params, body: { role } })
    if (sent.status !== 'done') return
    onClose()
    await onChanged()
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <RoleChoice roles={rolesToGive(organization)} role={role} onRole={setRole} />
      <ErrorText text={command.failure?.text} />
      <div class="dialog-actions">
        <button type="button" class="button quiet danger-text" onClick={onRemove}>
          {people.remove}
        </button>
        <button type="submit" class="button primary" disabled={command.isBusy}>
          {common.save}
        </button>
      </div>
    </form>
  )
}

type ChoiceProps = {
  roles: readonly OrganizationRole[]
  role: OrganizationRole
  onRole: (role: OrganizationRole) => void
}

export function RoleChoice({ roles, role, onRole }: ChoiceProps) {
  const { people } = officeTexts()
  const words = peopleTexts()
  return (
    <fieldset class="choice-lines">
      <legend>{people.role}</legend>
      {roles.map((candidate) => (
        <Choice
          key={candidate}
          type="radio"
          group="role"
          name={words.roles[candidate]}
          about={words.rolesAbout[candidate]}
          isChosen={candidate === role}
          onChange={() => onRole(candidate)}
        />
      ))}
    </fieldset>
  )
}

function RemoveForm({ organization, member, onChanged, onClose, onBack }: Props & { onBack: () => void }) {
  const { people } = officeTexts()
  const { common } = peopleTexts()
  const command = useStaffCommand('removeMember')
  const remove = async () => {
    const params = { organizationId: organization.organizationId, accountId: member.accountId }
    const sent = await command.send({ params })
    if (sent.status !== 'done') return
    onClose()
    await onChanged()
  }
  return (
    <div class="stack">
      <p>{people.removeAbout(organization.name)}</p>
      <ErrorText text={command.failure?.text} />
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onBack}>
          {common.back}
        </button>
        <button type="button" class="button danger" disabled={command.isBusy} onClick={() => void remove()}>
          {people.removeNow}
        </button>
      </div>
    </div>
  )
}
