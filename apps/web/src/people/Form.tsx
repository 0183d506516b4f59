import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ErrorText } from '../components/ErrorText.tsx'
import { peopleTexts } from '../i18n/people.ts'

type Props = {
  /** Called for each try; whatever is wrong stands beside its field afterwards. */
  onSubmit: () => void | Promise<void>
  children: ComponentChildren
  /** Says for what the form is, when no heading does. */
  label?: string
  class?: string
}

/** A form whose first wrong field gets the focus after each try that came to nothing. */
export function Form({ onSubmit, children, label, class: className = 'stack' }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [tries])
  return (
    <form
      ref={form}
      class={className}
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        void Promise.resolve(onSubmit()).then(() => setTries((count) => count + 1))
      }}
    >
      {children}
    </form>
  )
}

type FootProps = {
  error: string | null | undefined
  action: string
  busyAction?: string
  isBusy: boolean
  isLarge?: boolean
  children?: ComponentChildren
}

/** How every form ends: what went wrong as a whole, and the button. */
export function FormFoot({ error, action, busyAction, isBusy, isLarge = false, children }: FootProps) {
  return (
    <div class="form-foot">
      <ErrorText text={error} />
      <div class="form-actions">
        <button type="submit" class={isLarge ? 'button primary large' : 'button primary'} disabled={isBusy}>
          {isBusy ? (busyAction ?? action) : action}
        </button>
        {children}
      </div>
    </div>
  )
}

type SaveFootProps = Pick<FootProps, 'error' | 'isBusy'> & { isSaved: boolean }

/** How a form ends that stays when it was saved, and says so. */
export function SaveFoot({ error, isBusy, isSaved }: SaveFootProps) {
  const { common } = peopleTexts()
  return (
    <FormFoot error={error} action={common.save} busyAction={common.saving} isBusy={isBusy}>
      {isSaved ? (
        <p class="good-news" role="status">
          {common.saved}
        </p>
      ) : null}
    </FormFoot>
  )
}
