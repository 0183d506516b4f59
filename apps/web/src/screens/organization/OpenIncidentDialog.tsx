import type { OrganizationId, TournamentId } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Dialog } from '../../components/Dialog.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { restOfFailure } from '../../people/field-errors.ts'
import { SelectField } from '../../people/fields.tsx'
import { Waiting } from '../../people/Lists.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import type { ListedEvent } from '../office/EventList.tsx'
import { inOrder } from '../office/event-order.ts'
import { incidentPath } from '../office/place.ts'
import { IncidentFields } from './IncidentFields.tsx'
import { blankIncident, incidentErrors, incidentPointers, incidentRequest } from './incident-form.ts'

type Props = {
  organizationId: OrganizationId
  /** The tournament that it is about, when that is known already. */
  tournamentId?: TournamentId
  onClose: () => void
}

/** As many as somebody would look for one in a list. */
const eventsAtLeast = 200

export function OpenIncidentDialog({ organizationId, tournamentId, onClose }: Props) {
  const { incidents, events } = officeTexts()
  const pages = usePages(
    tournamentId === undefined ? organizationId : null,
    (query) => staff.call('listOrganizationTournaments', { params: { organizationId }, query }),
    eventsAtLeast,
  )
  const choices = inOrder(pages.items, Date.now())
  return (
    <Dialog title={incidents.open} onClose={onClose}>
      {tournamentId !== undefined ? (
        <IncidentFormFor organizationId={organizationId} choices={[]} tournamentId={tournamentId} />
      ) : pages.status !== 'ready' ? (
        <Waiting pages={pages} />
      ) : choices.length === 0 ? (
        <p>{`${events.none} ${incidents.needsEvent}`}</p>
      ) : (
        <IncidentFormFor organizationId={organizationId} choices={choices} tournamentId={choices[0]!.id} />
      )}
    </Dialog>
  )
}

type FormProps = {
  organizationId: OrganizationId
  choices: readonly ListedEvent[]
  tournamentId: TournamentId
}

function IncidentFormFor({ organizationId, choices, tournamentId: first }: FormProps) {
  const { incidents } = officeTexts()
  const { route } = useLocation()
  const command = useStaffCommand('openIncident')
  const [tournamentId, setTournamentId] = useState<TournamentId>(first)
  const [form, setForm] = useState(blankIncident)
  const [wasSubmitted, setSubmitted] = useState(false)
  const own = incidentErrors(form)
  const open = async () => {
    setSubmitted(true)
    if (own.name || own.description) return
    const body = { tournamentId, ...incidentRequest(form) }
    const sent = await command.send({ params: { organizationId }, body })
    if (sent.status === 'done') route(incidentPath(organizationId, sent.value.incidentId))
  }
  return (
    <Form onSubmit={open}>
      {choices.length > 0 ? (
        <SelectField
          label={incidents.event}
          value={tournamentId}
          onValue={setTournamentId}
          options={choices.map(({ id, name }) => [id, name] as const)}
        />
      ) : null}
      <IncidentFields
        form={form}
        onChange={(part) => setForm({ ...form, ...part })}
        isChecked={wasSubmitted}
        failure={command.failure}
      />
      <FormFoot
        error={restOfFailure(command.failure, incidentPointers)}
        action={incidents.submit}
        isBusy={command.isBusy}
      />
    </Form>
  )
}
