import type { Tournament } from '@matchday/contracts'
import { nameProblem, normalizeName } from '@matchday/contracts/names'
import { useState } from 'preact/hooks'
import { ConfirmDialog, Dialog } from '../../components/Dialog.tsx'
import { Field } from '../../components/Field.tsx'
import { hostingOf } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { ConfirmCommand } from '../../people/ConfirmCommand.tsx'
import { useStaffCommand } from '../../people/commands.ts'
import type { Authority } from '../event/authority.ts'

type Props = { tournament: Tournament; authority: Authority; store: TournamentStore; onClose: () => void }

/** Bound of a redraw's reason, as in the contract. */
const reasonLengthMax = 200

export function RenameDialog({ tournament, authority, store, onClose }: Props) {
  const { host, names, common } = texts()
  const command = useStaffCommand('renameTournament')
  const [name, setName] = useState(tournament.name)
  const problem = nameProblem(name, 'tournament')
  const save = async () => {
    if (problem) return
    const { id, version } = tournament
    const sent = await command.send(
      { params: { id }, body: { name: normalizeName(name) } },
      { ...authority, version },
    )
    if (sent.status === 'rejected' && sent.code === 'stale-version') await store.refresh()
    if (sent.status !== 'done') return
    const hosting = hostingOf(id)
    const known = hosting.fresh()
    if (known) hosting.set({ ...known, name: sent.value.name })
    store.changed()
    onClose()
  }
  const failure = command.failure
  return (
    <Dialog title={host.rename} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Field
          label={host.newName}
          value={name}
          onValue={setName}
          autofocus
          error={
            failure
              ? failure.code === 'stale-version'
                ? host.renamedMeanwhile
                : failure.text
              : problem && names[problem]
          }
        />
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            {common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={command.isBusy}>
            {host.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

export function ArchiveDialog({ tournament, authority, store, onClose }: Props) {
  const { host } = texts()
  return (
    <ConfirmCommand
      command="archiveTournament"
      input={{ params: { id: tournament.id } }}
      authority={authority}
      title={host.archiveAsk}
      about={host.archiveAbout}
      action={host.archive}
      onDone={() => store.changed()}
      onClose={onClose}
    />
  )
}

export function RedrawDialog({ tournament, authority, store, onClose }: Props) {
  const { host } = texts()
  const command = useStaffCommand('voidDraw')
  const [reason, setReason] = useState('')
  const redraw = async () => {
    if (reason.trim() === '') return
    const sent = await command.send(
      { params: { id: tournament.id }, body: { reason: reason.trim() } },
      authority,
    )
    if (sent.status !== 'done') return
    store.changed()
    onClose()
  }
  return (
    <ConfirmDialog
      title={host.redrawAsk}
      about={host.redrawAbout}
      action={host.voidNow}
      isBusy={command.isBusy || reason.trim() === ''}
      error={command.failure?.text ?? null}
      onConfirm={() => void redraw()}
      onClose={onClose}
    >
      <Field
        label={host.reason}
        value={reason}
        onValue={setReason}
        placeholder={host.reasonPlaceholder}
        maxLength={reasonLengthMax}
        autofocus
        required
      />
    </ConfirmDialog>
  )
}
