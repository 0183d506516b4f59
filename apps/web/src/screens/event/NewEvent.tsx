import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Field } from '../../components/Field.tsx'
import { texts } from '../../i18n/language.ts'
import { officeTexts } from '../../i18n/office.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { pointedError, restOfFailure } from '../../people/field-errors.ts'
import { PartHead } from '../../people/PartHead.tsx'
import { ownTimeZone } from '../../people/time-zone.ts'
import { type CreateForm, emptyForm, requestOf } from '../create/create-form.ts'
import { createProblems } from '../create/create-problems.ts'
import { MoreOptions } from '../create/MoreOptions.tsx'
import { SeatsStepper } from '../create/SeatsStepper.tsx'
import { TeamsChoice } from '../create/TeamsChoice.tsx'
import { eventPath } from '../office/place.ts'
import type { PartProps } from '../organization/part-props.ts'
import { DetailsFields } from './DetailsFields.tsx'
import { blankDetails, type DetailsForm, detailsOf, detailsProblems } from './details-form.ts'
import '../create/create.css'

/** A tournament of the organisation: what every tournament needs, and when and where it is. */
export function NewEvent({ organization }: PartProps) {
  const { newEvent } = officeTexts()
  const { create } = texts()
  const { route } = useLocation()
  const command = useStaffCommand('createTournament')
  const [form, setForm] = useState<CreateForm>(emptyForm)
  const [details, setDetails] = useState<DetailsForm>(blankDetails)
  const [wasSubmitted, setSubmitted] = useState(false)
  const change = (part: Partial<CreateForm>) => setForm((before) => ({ ...before, ...part }))
  const problems = createProblems(form)
  const wrong = detailsProblems(details, ownTimeZone())
  const { organizationId } = organization

  const submit = async () => {
    setSubmitted(true)
    if (problems.name || problems.teams || Object.keys(wrong).length > 0) return
    const body = { ...requestOf(form), ...detailsOf(details, ownTimeZone()), organizationId }
    const sent = await command.send({ body })
    if (sent.status === 'done') route(eventPath(organizationId, sent.value.id), true)
  }
  const nameTaken = command.failure?.code === 'name-taken' ? texts().errors['name-taken'] : null
  return (
    <>
      <PartHead title={newEvent.title} />
      <Form onSubmit={submit} class="new-event">
        <section class="card stack">
          <Field
            label={create.name}
            value={form.name}
            onValue={(name) => change({ name })}
            error={
              (wasSubmitted && problems.name) || nameTaken || pointedError(command.failure, '/body/name')
            }
            placeholder={create.namePlaceholder}
            autocomplete="off"
            autofocus
          />
          <DetailsFields
            form={details}
            problems={wasSubmitted ? wrong : {}}
            onChange={(part) => setDetails((before) => ({ ...before, ...part }))}
          />
        </section>
        <section class="card stack create-form">
          <SeatsStepper seats={form.seats} onSeats={(seats) => change({ seats })} />
          <TeamsChoice form={form} onChange={change} />
          {problems.teams && (wasSubmitted || form.choice !== 'custom') ? (
            <p class="error" role="alert">
              {problems.teams}
            </p>
          ) : null}
          <MoreOptions form={form} onChange={change} />
          <FormFoot
            error={nameTaken ? null : restOfFailure(command.failure, ['/body/name'])}
            action={newEvent.submit}
            busyAction={create.submitting}
            isBusy={command.isBusy}
            isLarge
          />
        </section>
      </Form>
    </>
  )
}
