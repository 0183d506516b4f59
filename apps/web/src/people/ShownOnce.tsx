import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { CopyButton } from '../components/CopyButton.tsx'
import { peopleTexts } from '../i18n/people.ts'

type Props = { text: string; label: string; about: string; children?: ComponentChildren }

/** A secret that is shown this once: to be copied, or photographed, now. */
export function ShownOnce({ text, label, about, children }: Props) {
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <div class="stack shown-once" data-testid="shown-once">
      {children}
      <div class="field">
        <label for={id}>{label}</label>
        <textarea
          id={id}
          ref={field}
          class="number"
          rows={3}
          readOnly
          value={text}
          onFocus={(event) => event.currentTarget.select()}
        />
      </div>
      <p class="note">{about}</p>
      <div class="dialog-actions">
        <CopyButton text={text} words={peopleTexts().common} />
      </div>
    </div>
  )
}
