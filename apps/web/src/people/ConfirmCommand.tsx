import type { CallOptions, Input } from '../api/client.ts'
import { ConfirmDialog } from '../components/Dialog.tsx'
import { useStaffCommand } from './commands.ts'

type Operation = Parameters<typeof useStaffCommand>[0]

type Props<Name extends Operation> = {
  command: Name
  input: Input<Name>
  /** Whose command it is, when that is not told by who is signed in. */
  authority?: CallOptions
  title: string
  about: string
  action: string
  /** What follows, once the dialog is closed. */
  onDone: () => void | Promise<void>
  onClose: () => void
}

/** Asks before a command that cannot be taken back, and stays open with what went wrong until it is done. */
export function ConfirmCommand<Name extends Operation>(props: Props<Name>) {
  const { command: name, input, authority, onDone, ...dialog } = props
  const command = useStaffCommand(name)
  const confirm = async () => {
    const sent = await command.send(input, authority)
    if (sent.status !== 'done') return
    dialog.onClose()
    await onDone()
  }
  return (
    <ConfirmDialog
      {...dialog}
      isBusy={command.isBusy}
      error={command.failure?.text ?? null}
      onConfirm={() => void confirm()}
    />
  )
}
