import { joinCodeLength, normalizeJoinCode } from '@matchday/contracts/ids'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Field } from '../../components/Field.tsx'
import { texts } from '../../i18n/language.ts'

/** A join code typed by hand leads to the same page as the scanned one. */
export function CodeForm({ error, autofocus = false }: { error?: string | null; autofocus?: boolean }) {
  const { join, common } = texts()
  const { route } = useLocation()
  const [code, setCode] = useState('')
  const normalized = normalizeJoinCode(code)
  return (
    <form
      class="code-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (normalized.length === joinCodeLength) route(`/j/${normalized}`)
      }}
    >
      <Field
        label={common.code}
        value={code}
        onValue={setCode}
        error={error}
        hint={join.codeHint(joinCodeLength)}
        autofocus={autofocus}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        maxLength={2 * joinCodeLength}
        class="code-input"
      />
      <button type="submit" class="button primary" disabled={normalized.length !== joinCodeLength}>
        {join.go}
      </button>
    </form>
  )
}
