import { useState } from 'preact/hooks'
import { Labelled } from '../components/Field.tsx'
import { LineIcon } from '../components/Icon.tsx'
import { peopleTexts } from '../i18n/people.ts'

type Props = {
  label: string
  value: string
  onValue: (value: string) => void
  /** Tells password managers what to do: fill in the known one, or suggest and keep a new one. */
  autocomplete: 'current-password' | 'new-password'
  hint?: string | undefined
  error?: string | null | undefined
  autofocus?: boolean
  name?: string
}

const openEye = [
  'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z',
  'M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
].join('')
const closedEye = `${openEye} M4 4l16 16`

/** A password, which may be looked at: whoever can read what he types mistypes less. */
export function PasswordField({ label, value, onValue, autocomplete, hint, error, ...rest }: Props) {
  const { fields } = peopleTexts()
  const [isShown, setShown] = useState(false)
  return (
    <Labelled label={label} hint={hint} error={error} class="field password-field">
      {(ties) => (
        <div class="password-box">
          <input
            {...rest}
            {...ties}
            type={isShown ? 'text' : 'password'}
            value={value}
            autocomplete={autocomplete}
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={isShown ? fields.hide : fields.show}
            onClick={() => setShown(!isShown)}
          >
            <LineIcon shape={isShown ? closedEye : openEye} />
          </button>
        </div>
      )}
    </Labelled>
  )
}
