import type { ComponentChildren, InputHTMLAttributes } from 'preact'
import { useId } from 'preact/hooks'

/** What ties an input to its label, hint and error: who listens hears them with it. */
type Ties = { id: string; 'aria-invalid': 'true' | undefined; 'aria-describedby': string | undefined }

type LabelledProps = {
  label: string
  hint?: ComponentChildren
  error?: string | null | undefined
  class?: string
  children: (ties: Ties) => ComponentChildren
}

/** What stands around everything that can be typed into. */
export function Labelled({ label, hint, error, class: className = 'field', children }: LabelledProps) {
  const id = useId()
  const describedBy = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].join(' ').trim()
  return (
    <div class={className}>
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-invalid': error ? 'true' : undefined,
        'aria-describedby': describedBy || undefined,
      })}
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </div>
  )
}

type FieldProps = Pick<LabelledProps, 'label' | 'hint' | 'error'> & {
  value: string
  onValue: (value: string) => void
} & Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'label'>

/** A labelled text field with its hint and its error. */
export function Field({ label, hint, error, value, onValue, ...input }: FieldProps) {
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(ties) => (
        <input {...input} {...ties} value={value} onInput={(event) => onValue(event.currentTarget.value)} />
      )}
    </Labelled>
  )
}
