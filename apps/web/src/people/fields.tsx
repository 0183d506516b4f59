import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { Labelled } from '../components/Field.tsx'
import { peopleTexts } from '../i18n/people.ts'

/** From so many characters before the end on, it is said how many are left. */
const warnBelow = 200

type TextProps = {
  label: string
  value: string
  onValue: (value: string) => void
  lengthMax: number
  rows?: number
  hint?: string
  error?: string | null | undefined
}

/** A text of several lines, which says in time when it gets too long. */
export function TextField({ label, value, onValue, lengthMax, rows = 4, hint, error }: TextProps) {
  const left = lengthMax - [...value].length
  const told = left < Math.min(warnBelow, lengthMax / 2) && left >= 0 ? peopleTexts().fields.left(left) : hint
  return (
    <Labelled label={label} hint={told} error={error}>
      {(ties) => (
        <textarea
          {...ties}
          rows={rows}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Labelled>
  )
}

type SelectProps<Value extends string> = {
  label: string
  value: Value
  onValue: (value: Value) => void
  options: readonly (readonly [value: Value, text: string])[]
  /** The label is there, but only for who listens: what it is can be seen from where it stands. */
  isLabelHidden?: boolean
  disabled?: boolean
}

export function SelectField<Value extends string>({
  label,
  value,
  onValue,
  options,
  isLabelHidden = false,
  disabled = false,
}: SelectProps<Value>) {
  const id = useId()
  const choose = (chosen: string) => {
    const option = options.find(([candidate]) => candidate === chosen)
    if (option) onValue(option[0])
  }
  return (
    <div class="field">
      <label for={id} class={isLabelHidden ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <select id={id} disabled={disabled} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option} selected={option === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}

type ChoiceProps = {
  type: 'radio' | 'checkbox'
  name: string
  about?: ComponentChildren
  isChosen: boolean
  onChange: (isChosen: boolean) => void
  group?: string
}

/** One of several, or yes and no, with a line that says what it means. */
export function Choice({ type, name, about, isChosen, onChange, group }: ChoiceProps) {
  return (
    <label class="choice-line">
      <input
        type={type}
        name={group}
        checked={isChosen}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        <strong>{name}</strong>
        {about ? <span class="soft">{about}</span> : null}
      </span>
    </label>
  )
}
