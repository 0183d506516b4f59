import type { Failure } from '../../api/use-command.ts'
import { Field } from '../../components/Field.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { pointedError } from '../../people/field-errors.ts'
import { SelectField, TextField } from '../../people/fields.tsx'
import { type IncidentForm, incidentErrors } from './incident-form.ts'
import { incidentDescriptionLengthMax, incidentPriorities } from './incident-words.ts'

type Props = {
  form: IncidentForm
  onChange: (part: Partial<IncidentForm>) => void
  /** Whether what is missing is told already. */
  isChecked: boolean
  failure: Failure | null
}

export function IncidentFields({ form, onChange, isChecked, failure }: Props) {
  const { incidents } = officeTexts()
  const own = incidentErrors(form)
  const error = (name: keyof typeof own) => (isChecked && own[name]) || pointedError(failure, `/body/${name}`)
  return (
    <>
      <Field
        label={incidents.name}
        value={form.name}
        onValue={(name) => onChange({ name })}
        placeholder={incidents.namePlaceholder}
        autocomplete="off"
        autofocus
        error={error('name')}
      />
      <TextField
        label={incidents.description}
        value={form.description}
        onValue={(description) => onChange({ description })}
        lengthMax={incidentDescriptionLengthMax}
        rows={5}
        error={error('description')}
      />
      <SelectField
        label={incidents.priority}
        value={form.priority}
        onValue={(priority) => onChange({ priority })}
        options={incidentPriorities.map((one) => [one, incidents.priorities[one]] as const)}
      />
    </>
  )
}
