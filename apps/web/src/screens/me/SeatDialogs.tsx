import type { TournamentId } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { ConfirmDialog, Dialog } from '../../components/Dialog.tsx'
import { ErrorText } from '../../components/ErrorText.tsx'
import { type Seat, seatIn } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { seatsTexts } from '../../i18n/seats.ts'
import { usePlayerCommand } from '../../people/commands.ts'
import { useQuery } from '../../people/use-query.ts'
import { players } from '../../session/sessions.ts'

type Props = { id: TournamentId; seat: Seat; onClose: () => void }

/** Keeps the seat with the account of whoever is signed in; everybody else is told how. */
export function KeepDialog({ id, seat, onClose }: Props) {
  const words = seatsTexts()
  const facts = players.facts.value.value
  return (
    <Dialog title={words.keepTitle} onClose={onClose}>
      <p>{words.keepAbout}</p>
      {facts === null ? <SignInFirst /> : <Keep id={id} seat={seat} onClose={onClose} />}
    </Dialog>
  )
}

function SignInFirst() {
  const words = seatsTexts()
  const { signIn } = peopleTexts()
  return (
    <>
      <p class="soft">{words.keepFirst}</p>
      <div class="dialog-actions">
        <a class="button" href="/me/sign-up">
          {signIn.toSignUp}
        </a>
        <a class="button primary" href="/me">
          {signIn.title}
        </a>
      </div>
    </>
  )
}

function Keep({ id, seat, onClose }: Props) {
  const words = seatsTexts()
  const { common } = peopleTexts()
  const command = usePlayerCommand('linkSeat')
  const [isKept, setKept] = useState(false)
  const profile = useQuery('profile', () => players.call('getPlayerProfile', {}))
  const keep = async () => {
    const sent = await command.send({ params: { id }, body: { playerToken: seat.token } })
    if (sent.status === 'done') setKept(true)
  }
  const close = () => {
    const own = seatIn(id).fresh()
    if (own) seatIn(id).set({ ...own, isKept: true })
    onClose()
  }
  if (isKept) {
    return (
      <>
        <p role="status">{words.kept}</p>
        <div class="dialog-actions">
          <button type="button" class="button primary" onClick={close}>
            {common.done}
          </button>
        </div>
      </>
    )
  }
  return (
    <>
      {profile.status === 'ready' ? <p class="soft">{words.keepSignedIn(profile.value.email)}</p> : null}
      <ErrorText text={command.failure?.text} />
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {texts().common.cancel}
        </button>
        <button type="button" class="button primary" disabled={command.isBusy} onClick={() => void keep()}>
          {words.keepNow}
        </button>
      </div>
    </>
  )
}

/** After the draw: the seat and its result stay, the name goes. */
export function AnonymizeDialog({ id, seat, onClose }: Props) {
  const words = seatsTexts()
  const command = usePlayerCommand('anonymizePlayer')
  const take = async () => {
    const params = { id, playerId: seat.playerId }
    const sent = await command.send({ params }, { token: seat.token })
    if (sent.status !== 'done') return
    const { firstName, lastName } = sent.value
    const own = seatIn(id).fresh()
    if (own) seatIn(id).set({ ...own, firstName, lastName })
    onClose()
  }
  return (
    <ConfirmDialog
      title={words.anonymizeAsk}
      about={words.anonymizeAbout}
      action={words.anonymize}
      isBusy={command.isBusy}
      error={command.failure?.text ?? null}
      onConfirm={() => void take()}
      onClose={onClose}
    />
  )
}
