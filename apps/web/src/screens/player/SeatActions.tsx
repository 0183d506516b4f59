import type { Tournament } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { lazy } from 'preact-iso'
import { useCommand } from '../../api/use-command.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { ConfirmDialog, Dialog } from '../../components/Dialog.tsx'
import { Icon } from '../../components/Icon.tsx'
import { publicAddress } from '../../device/addresses.ts'
import { loseSeat, type Seat } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'

/** Loaded when the pass is opened; most players never do. */
const QrCode = lazy(async () => (await import('../../components/QrCode.tsx')).QrCode)
const KeepDialog = lazy(async () => (await import('../me/seat-dialogs.ts')).loadKeepDialog())
const AnonymizeDialog = lazy(async () => (await import('../me/seat-dialogs.ts')).loadAnonymizeDialog())

type Props = { tournament: Tournament; seat: Seat }

/** What a player can do with the seat itself: take it to another phone, keep it, leave, or be forgotten. */
export function SeatActions({ tournament, seat }: Props) {
  const { player } = texts()
  const [opened, setOpened] = useState<'pass' | 'leave' | 'keep' | 'anonymize' | null>(null)
  const close = () => setOpened(null)
  return (
    <nav class="seat-actions" aria-label={player.pass}>
      <button type="button" class="button quiet" onClick={() => setOpened('pass')} data-testid="my-pass">
        <Icon name="pass" />
        {player.pass}
      </button>
      {seat.isKept ? null : (
        <button type="button" class="button quiet" onClick={() => setOpened('keep')}>
          <Icon name="lock" />
          {player.keep}
        </button>
      )}
      {tournament.status === 'open' ? (
        <button type="button" class="button quiet" onClick={() => setOpened('leave')}>
          <Icon name="leave" />
          {player.leave}
        </button>
      ) : (
        <button type="button" class="button quiet" onClick={() => setOpened('anonymize')}>
          <Icon name="eye" />
          {player.anonymize}
        </button>
      )}
      {opened === 'pass' ? <PassDialog tournament={tournament} seat={seat} onClose={close} /> : null}
      {opened === 'keep' ? <KeepDialog id={tournament.id} seat={seat} onClose={close} /> : null}
      {opened === 'anonymize' ? <AnonymizeDialog id={tournament.id} seat={seat} onClose={close} /> : null}
      {opened === 'leave' ? <LeaveDialog tournament={tournament} seat={seat} onClose={close} /> : null}
    </nav>
  )
}

function PassDialog({ tournament, seat, onClose }: Props & { onClose: () => void }) {
  const { player, host } = texts()
  const path = `/t/${tournament.id}/pass#${seat.playerId}.${seat.token}`
  const url = publicAddress(path, tournament, location)
  return (
    <Dialog title={player.passTitle} onClose={onClose}>
      <p class="soft">{player.passAbout}</p>
      <div class="pass-qr" data-testid="pass-qr" data-url={url}>
        <QrCode url={url} label={host.qrOf(player.pass)} />
      </div>
      <p class="hint">{player.passSecret}</p>
      <CopyButton text={url} />
    </Dialog>
  )
}

function LeaveDialog({ tournament, seat, onClose }: Props & { onClose: () => void }) {
  const { player } = texts()
  const command = useCommand('removePlayer')
  const leave = async () => {
    const params = { id: tournament.id, playerId: seat.playerId }
    const sent = await command.send({ params }, { token: seat.token })
    if (sent.status === 'done') loseSeat(tournament.id, 'not-a-player')
  }
  return (
    <ConfirmDialog
      title={player.leaveAsk}
      about={player.leaveAbout}
      action={player.leaveNow}
      isBusy={command.isBusy}
      error={command.failure?.text ?? null}
      onConfirm={() => void leave()}
      onClose={onClose}
    />
  )
}
