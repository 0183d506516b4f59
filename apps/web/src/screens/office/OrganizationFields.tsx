import { Field } from '../../components/Field.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { TextField } from '../../people/fields.tsx'
import { addressLengthMax, type OrganizationErrors, type OrganizationForm } from './organization-form.ts'

type Props = {
  form: OrganizationForm
  errors: OrganizationErrors
  onChange: (part: Partial<OrganizationForm>) => void
  autofocus?: boolean
}

export function OrganizationFields({ form, errors, onChange, autofocus = false }: Props) {
  const { register } = officeTexts()
  const { common } = peopleTexts()
  return (
    <>
      <Field
        label={register.name}
        value={form.name}
        onValue={(name) => onChange({ name })}
        autocomplete="organization"
        autofocus={autofocus}
        placeholder={register.namePlaceholder}
        error={errors.name}
      />
      <TextField
        label={`${register.address} (${common.optional})`}
        value={form.address}
        onValue={(address) => onChange({ address })}
        lengthMax={addressLengthMax}
        rows={3}
        error={errors.address}
      />
      <Field
        label={`${register.website} (${common.optional})`}
        type="url"
        inputMode="url"
        value={form.website}
        onValue={(website) => onChange({ website })}
        autocomplete="url"
        placeholder="https://"
        error={errors.website}
      />
    </>
  )
}
