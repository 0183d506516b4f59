import { useId, useState } from 'preact/hooks'
import { texts } from '../../i18n/language.ts'

/** A proof is some 300 bytes a player and attempt; nothing larger is one. */
const documentSizeMaxBytes = 4_000_000

/** Takes a document that somebody has kept: pasted, chosen or dropped. It is read here and sent nowhere. */
export function OtherProof({ onDocument }: { onDocument: (document: unknown) => void }) {
  const { check } = texts()
  const id = useId()
  const [isUnreadable, setUnreadable] = useState(false)
  const read = (text: string) => {
    try {
      onDocument(JSON.parse(text))
      setUnreadable(false)
      scrollTo({ top: 0, behavior: 'smooth' })
    } catch {
      // Half a document while somebody types or pastes is nothing to act upon.
      setUnreadable(text.trim() !== '')
    }
  }
  const readFile = async (file: File | undefined) => {
    if (file && file.size <= documentSizeMaxBytes) read(await file.text())
  }
  return (
    <details class="card other-proof">
      <summary>
        <h2>{check.other}</h2>
      </summary>
      <div class="stack">
        <p class="soft">{check.otherAbout}</p>
        <div class="field">
          <label for={`${id}-file`}>{check.choose}</label>
          <input
            id={`${id}-file`}
            type="file"
            class="drop-area"
            accept="application/json,.json"
            onChange={(event) => void readFile(event.currentTarget.files?.[0])}
          />
        </div>
        <div class="field">
          <label for={id}>{check.paste}</label>
          <textarea
            id={id}
            rows={5}
            spellcheck={false}
            aria-invalid={isUnreadable ? 'true' : undefined}
            onInput={(event) => read(event.currentTarget.value)}
          />
          {isUnreadable ? (
            <p class="error" role="alert">
              {check.unreadable}
            </p>
          ) : null}
        </div>
      </div>
    </details>
  )
}
