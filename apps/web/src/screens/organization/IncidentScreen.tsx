import type { IncidentId, IncidentPriority, IncidentStatus } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Dialog } from '../../components/Dialog.tsx'
import { ErrorText } from '../../components/ErrorText.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { ConfirmCommand } from '../../people/ConfirmCommand.tsx'
import { useStaffCommand } from '../../people/commands.ts'
import { dateTime } from '../../people/dates.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { restOfFailure } from '../../people/field-errors.ts'
import { SelectField } from '../../people/fields.tsx'
import { Waiting } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { useQuery } from '../../people/use-query.ts'
import { staff } from '../../session/sessions.ts'
import { eventPath, organizationPath } from '../office/place.ts'
import { Comments } from './Comments.tsx'
import { IncidentFields } from './IncidentFields.tsx'
import { type IncidentForm, incidentErrors, incidentPointers, incidentRequest } from './incident-form.ts'
import { type Incident, incidentPriorities, incidentStatuses } from './incident-words.ts'
import type { PartProps } from './part-props.ts'

type Props = PartProps & { incidentId: IncidentId }

/** One incident: what it is, where it stands, and what was said about it. */
export function IncidentScreen({ organization, incidentId }: Props) {
  const { organizationId } = organization
  const asked = useQuery(incidentId, () =>
    staff.call('getIncident', { params: { organizationId, incidentId } }),
  )
  if (asked.status !== 'ready') return <Waiting pages={asked} lines={6} />
  return <Shown incident={asked.value} organization={organization} changed={asked.reload} />
}

type ShownProps = PartProps & { incident: Incident }

function Shown({ incident, organization, changed }: ShownProps) {
  const { incidents } = officeTexts()
  const { common } = peopleTexts()
  const { route } = useLocation()
  const [opened, setOpened] = useState<'edit' | 'delete' | null>(null)
  const { organizationId } = organization
  const { name, description, author, createdAt, closedAt, tournamentId } = incident
  const close = () => setOpened(null)
  return (
    <>
      <PartHead
        title={name}
        about={[
          incidents.by(author.name ?? common.nobody, dateTime(createdAt)),
          closedAt === null ? '' : incidents.closedAt(dateTime(closedAt)),
        ]
          .join(' ')
          .trim()}
      >
        <button type="button" class="button" onClick={() => setOpened('edit')}>
          {common.edit}
        </button>
        <button type="button" class="button quiet" onClick={() => setOpened('delete')}>
          {common.delete}
        </button>
      </PartHead>
      <div class="split">
        <section class="card stack" aria-label={incidents.description}>
          <p class="lines-of-text">{description}</p>
          <p>
            <a href={eventPath(organizationId, tournamentId)}>{incidents.toEvent}</a>
          </p>
        </section>
        <StateCard incident={incident} organization={organization} changed={changed} />
      </div>
      <Comments organizationId={organizationId} incidentId={incident.incidentId} />
      {opened === 'edit' ? (
        <EditDialog incident={incident} organization={organization} changed={changed} onClose={close} />
      ) : null}
      {opened === 'delete' ? (
        <ConfirmCommand
          command="deleteIncident"
          input={{ params: { organizationId, incidentId: incident.incidentId } }}
          title={incidents.deleteAsk}
          about={incidents.deleteAbout}
          action={common.delete}
          onDone={() => route(organizationPath(organizationId, 'incidents'), true)}
          onClose={close}
        />
      ) : null}
    </>
  )
}

/** Changed with one tap, for that is what is done most often. */
function StateCard({ incident, organization, changed }: ShownProps) {
  const { incidents } = officeTexts()
  const command = useStaffCommand('changeIncident')
  const { incidentId, status, priority } = incident
  const { organizationId } = organization
  const change = async (body: { status?: IncidentStatus; priority?: IncidentPriority }) => {
    const sent = await command.send({ params: { organizationId, incidentId }, body })
    if (sent.status === 'done') await changed()
  }
  return (
    <section class="card stack" aria-label={incidents.state}>
      <SelectField
        label={incidents.status}
        value={status}
        onValue={(next) => void change({ status: next })}
        options={incidentStatuses.map((one) => [one, incidents.statuses[one]] as const)}
        disabled={command.isBusy}
      />
      <SelectField
        label={incidents.priority}
        value={priority}
        onValue={(next) => void change({ priority: next })}
        options={incidentPriorities.map((one) => [one, incidents.priorities[one]] as const)}
        disabled={command.isBusy}
      />
      <ErrorText text={command.failure?.text} />
    </section>
  )
}

function EditDialog({ incident, organization, changed, onClose }: ShownProps & { onClose: () => void }) {
  const { incidents } = officeTexts()
  const { common } = peopleTexts()
  const command = useStaffCommand('changeIncident')
  const { incidentId } = incident
  const [form, setForm] = useState<IncidentForm>(incident)
  const own = incidentErrors(form)
  const save = async () => {
    if (own.name || own.description) return
    const { organizationId } = organization
    const sent = await command.send({ params: { organizationId, incidentId }, body: incidentRequest(form) })
    if (sent.status !== 'done') return
    onClose()
    await changed()
  }
  return (
    <Dialog title={incidents.edit} onClose={onClose}>
      <Form onSubmit={save}>
        <IncidentFields
          form={form}
          onChange={(part) => setForm({ ...form, ...part })}
          isChecked
          failure={command.failure}
        />
        <FormFoot
          error={restOfFailure(command.failure, incidentPointers)}
          action={common.save}
          isBusy={command.isBusy}
        />
      </Form>
    </Dialog>
  )
}
