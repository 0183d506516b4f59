import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { texts } from '../i18n/language.ts'
import { ErrorText } from './ErrorText.tsx'
import { Icon } from './Icon.tsx'

type DialogProps = { title: string; onClose: () => void; children: ComponentChildren }

/** A modal dialog; the browser keeps the focus inside, closes it on Escape and gives the focus back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={onClose}>
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            class="icon-button"
            aria-label={texts().common.close}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}

type ConfirmProps = {
  title: string
  about: string
  action: string
  isBusy: boolean
  error?: string | null
  onConfirm: () => void
  onClose: () => void
  children?: ComponentChildren
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({
  title,
  about,
  action,
  isBusy,
  error,
  onConfirm,
  onClose,
  children,
}: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          onConfirm()
        }}
      >
        <p class="soft">{about}</p>
        {children}
        <ErrorText text={error} />
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            {texts().common.cancel}
          </button>
          <button type="submit" class="button danger" disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
