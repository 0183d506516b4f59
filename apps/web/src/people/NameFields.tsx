import { Field } from '../components/Field.tsx'
import { peopleTexts } from '../i18n/people.ts'
import type { FieldError } from './field-errors.ts'

type Names = { firstName: string; lastName: string }

type Props = {
  typed: Names
  error: (name: keyof Names) => FieldError
  onChange: (part: Partial<Names>) => void
  /** Only one's own name may be filled in by the browser. */
  isOwn?: boolean
  autofocus?: boolean
}

/** What somebody is called, side by side. */
export function NameFields({ typed, error, onChange, isOwn = false, autofocus }: Props) {
  const { fields } = peopleTexts()
  return (
    <div class="pair">
      <Field
        label={fields.firstName}
        value={typed.firstName}
        onValue={(firstName) => onChange({ firstName })}
        autocomplete={isOwn ? 'given-name' : 'off'}
        autofocus={autofocus}
        error={error('firstName')}
      />
      <Field
        label={fields.lastName}
        value={typed.lastName}
        onValue={(lastName) => onChange({ lastName })}
        autocomplete={isOwn ? 'family-name' : 'off'}
        error={error('lastName')}
      />
    </div>
  )
}
