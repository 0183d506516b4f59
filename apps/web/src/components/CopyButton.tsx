import { useState } from 'preact/hooks'
import { texts } from '../i18n/language.ts'

/** Copies a text. Plain-http pages have no clipboard API; there the browser's old command does it. */
export function CopyButton({ text }: { text: string }) {
  const { common } = texts()
  const [isCopied, setCopied] = useState(false)
  const copy = async (button: HTMLElement) => {
    setCopied(await copied(text, button))
  }
  return (
    <button type="button" class="button" onClick={(event) => void copy(event.currentTarget)}>
      {isCopied ? common.copied : common.copy}
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
