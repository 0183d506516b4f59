import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { type Failure, useCommand } from '../../api/use-command.ts'
import { Field } from '../../components/Field.tsx'
import { hostingOf } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'
import { emptyForm, type CreateForm as Form, requestOf } from './create-form.ts'
import { createProblems } from './create-problems.ts'
import { MoreOptions } from './MoreOptions.tsx'
import { SeatsStepper } from './SeatsStepper.tsx'
import { TeamsChoice } from './TeamsChoice.tsx'

export function CreateForm() {
  const { create } = texts()
  const { route } = useLocation()
  const command = useCommand('createTournament')
  const [form, setForm] = useState<Form>(emptyForm)
  const [wasSubmitted, setSubmitted] = useState(false)
  const change = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }))
  const problems = createProblems(form)

  const submit = async () => {
    setSubmitted(true)
    if (problems.name || problems.teams) return
    const body = requestOf(form)
    const done = await command.send({ body })
    if (done.status !== 'done') return
    const { id, organizerToken: token } = done.value
    if (token !== null) hostingOf(id).set({ token, name: body.name, createdAt: new Date().toISOString() })
    route(`/host/${id}`)
  }

  return (
    <form
      class="stack create-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Field
        label={create.name}
        value={form.name}
        onValue={(name) => change({ name })}
        error={(wasSubmitted && problems.name) || fieldError(command.failure, 'name')}
        placeholder={create.namePlaceholder}
        autocomplete="off"
        autofocus
        required
      />
      <SeatsStepper seats={form.seats} onSeats={(seats) => change({ seats })} />
      <TeamsChoice form={form} onChange={change} />
      {problems.teams && (wasSubmitted || form.choice !== 'custom') ? (
        <p class="error" role="alert">
          {problems.teams}
        </p>
      ) : null}
      <MoreOptions form={form} onChange={change} />
      {command.failure && !fieldError(command.failure, 'name') ? (
        <p class="error" role="alert">
          {command.failure.fields?.[0]?.message ?? command.failure.text}
        </p>
      ) : null}
      <button type="submit" class="button primary large" disabled={command.isBusy}>
        {command.isBusy ? create.submitting : create.submit}
      </button>
    </form>
  )
}

function fieldError(failure: Failure | null, field: string): string | null {
  if (failure?.code === 'name-taken' && field === 'name') return failure.text
  const pointed = failure?.fields?.some(({ path }) => path === `/body/${field}`)
  return pointed && failure ? failure.text : null
}
