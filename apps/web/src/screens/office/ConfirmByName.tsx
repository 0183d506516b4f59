import { nameKey } from '@matchday/contracts/names'
import type { ComponentProps } from 'preact'
import { useState } from 'preact/hooks'
import { ConfirmDialog } from '../../components/Dialog.tsx'
import { Field } from '../../components/Field.tsx'
import { officeTexts } from '../../i18n/office.ts'

type Props = Omit<ComponentProps<typeof ConfirmDialog>, 'onConfirm' | 'children'> & {
  /** The organisation's. */
  name: string
  onConfirm: (typed: string) => void
}

/** Wants the organisation's name typed before the worst that can happen to it: nobody then means another one. */
export function ConfirmByName({ name, isBusy, onConfirm, ...dialog }: Props) {
  const [typed, setTyped] = useState('')
  const isSame = nameKey(typed) === nameKey(name)
  return (
    <ConfirmDialog
      {...dialog}
      isBusy={isBusy || !isSame}
      onConfirm={() => (isSame ? onConfirm(typed.trim()) : undefined)}
    >
      <Field
        label={officeTexts().settings.deleteType(name)}
        value={typed}
        onValue={setTyped}
        autocomplete="off"
        spellcheck={false}
        autofocus
      />
    </ConfirmDialog>
  )
}
