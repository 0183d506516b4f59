import type { IncidentPriority } from '@matchday/contracts'
import { Field } from '../../components/Field.tsx'
import { officeTexts } from '../../i18n/office.ts'
import type { FieldError } from '../../people/field-errors.ts'
import { SelectField, TextField } from '../../people/fields.tsx'
import type { IncidentForm } from './incident-form.ts'
import { incidentDescriptionLengthMax, incidentPriorities } from './incident-words.ts'

type Props = {
  form: IncidentForm
  errors: Record<keyof IncidentForm, FieldError>
  onChange: (part: Partial<IncidentForm>) => void
  priority: IncidentPriority
  onPriority: (priority: IncidentPriority) => void
}

export function IncidentFields({ form, errors, onChange, priority, onPriority }: Props) {
  const { incidents } = officeTexts()
  return (
    <>
      <Field
        label={incidents.name}
        value={form.name}
        onValue={(name) => onChange({ name })}
        placeholder={incidents.namePlaceholder}
        autocomplete="off"
        autofocus
        error={errors.name}
      />
      <TextField
        label={incidents.description}
        value={form.description}
        onValue={(description) => onChange({ description })}
        lengthMax={incidentDescriptionLengthMax}
        rows={5}
        error={errors.description}
      />
      <SelectField
        label={incidents.priority}
        value={priority}
        onValue={onPriority}
        options={incidentPriorities.map((one) => [one, incidents.priorities[one]] as const)}
      />
    </>
  )
}
