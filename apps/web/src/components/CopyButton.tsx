import { useState } from 'preact/hooks'
import { texts } from '../i18n/language.ts'

type Props = {
  text: string /** Unless it is a link that is copied. */
  words?: { copy: string; copied: string }
}

/** Copies a text. Plain-http pages have no clipboard API; there the browser's old command does it. */
export function CopyButton({ text, words = texts().common }: Props) {
  const [isCopied, setCopied] = useState(false)
  const copy = async (button: HTMLElement) => {
    setCopied(await copied(text, button))
  }
  return (
    <button type="button" class="button" onClick={(event) => void copy(event.currentTarget)}>
      {isCopied ? words.copied : words.copy}
    </button>
  )
}

async function copied(text: string, beside: HTMLElement): Promise<boolean> {
  if (isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      // Not allowed: the old way may be.
    }
  }
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'visually-hidden'
  // Inside an open dialog only what lies in the dialog can be selected.
  beside.after(area)
  area.select()
  const isDone = document.execCommand('copy')
  area.remove()
  return isDone
}
