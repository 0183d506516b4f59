import type { TournamentId } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { ErrorText } from '../../components/ErrorText.tsx'
import { ownTournaments, seatIn } from '../../device/seats.ts'
import { seatsTexts } from '../../i18n/seats.ts'
import { usePlayerCommand } from '../../people/commands.ts'
import { LineButton } from '../../people/Lists.tsx'
import type { MySeat } from './my-seat.ts'

type Props = { known: readonly MySeat[]; onKept: () => Promise<void> }

/** Seats of this device that the account does not have yet. */
export function KeepSeats({ known, onKept }: Props) {
  const words = seatsTexts()
  const [onDevice] = useState(() => ownTournaments().filter(({ as }) => as === 'player'))
  const kept = new Set<string>(known.map(({ tournamentId }) => tournamentId))
  const others = onDevice.filter(({ id }) => !kept.has(id))
  if (others.length === 0) return null
  return (
    <section class="card stack keep-seats" aria-labelledby="keep-title">
      <h2 id="keep-title">{words.onDevice}</h2>
      <p class="soft">{words.onDeviceAbout}</p>
      <ul class="lines">
        {others.map(({ id, name }) => (
          <KeepLine key={id} id={id} name={name} onKept={onKept} />
        ))}
      </ul>
    </section>
  )
}

function KeepLine({ id, name, onKept }: { id: TournamentId; name: string; onKept: () => Promise<void> }) {
  const words = seatsTexts()
  const command = usePlayerCommand('linkSeat')
  const keep = async () => {
    const seat = seatIn(id).fresh()
    if (seat === null) return
    const sent = await command.send({ params: { id }, body: { playerToken: seat.token } })
    if (sent.status === 'done') await onKept()
  }
  return (
    <li class="line">
      <span class="line-text">
        <strong>{name === '' ? seatIn(id).value.value?.firstName : name}</strong>
        <ErrorText text={command.failure?.text} />
      </span>
      <span class="line-end">
        <LineButton
          action={words.keep}
          spoken={words.keepThat(name)}
          onPress={keep}
          isBusy={command.isBusy}
          isPrimary
        />
      </span>
    </li>
  )
}
