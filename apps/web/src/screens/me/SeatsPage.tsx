import { useLocation } from 'preact-iso'
import { ErrorText } from '../../components/ErrorText.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { seatIn, takeSeat } from '../../device/seats.ts'
import { seatsTexts } from '../../i18n/seats.ts'
import { usePlayerCommand } from '../../people/commands.ts'
import { DateTile } from '../../people/DateTile.tsx'
import { dayOf } from '../../people/dates.ts'
import { Empty, Paged } from '../../people/Lists.tsx'
import { usePages } from '../../people/use-pages.ts'
import { useQuery } from '../../people/use-query.ts'
import { players } from '../../session/sessions.ts'
import { inOrder } from '../office/event-order.ts'
import { KeepSeats } from './KeepSeats.tsx'
import type { MySeat } from './my-seat.ts'

/** The account's seats, wherever they were taken. */
export function SeatsPage() {
  const words = seatsTexts()
  const heading = useScreen(words.title)
  const profile = useQuery('profile', () => players.call('getPlayerProfile', {}))
  const pages = usePages('seats', (query) => players.call('listMySeats', { query }))
  const dated = pages.items.map((seat) => ({ ...seat, id: seat.tournamentId, endsAt: null }))
  const ahead = inOrder(
    dated.filter(({ status }) => status !== 'archived'),
    Date.now(),
  )
  const past = pages.items.filter(({ status }) => status === 'archived')
  return (
    <main id="content" class="desk">
      <header class="desk-head">
        <p class="kicker">{words.title}</p>
        <h1 ref={heading} tabIndex={-1}>
          {profile.status === 'ready' ? words.hello(profile.value.firstName) : words.title}
        </h1>
      </header>
      {pages.status === 'ready' ? <KeepSeats known={pages.items} onKept={pages.reload} /> : null}
      <Paged pages={pages} none={<NoSeats />}>
        <SeatList seats={ahead} title={words.ahead} />
        <SeatList seats={past} title={words.past} />
      </Paged>
    </main>
  )
}

function NoSeats() {
  const words = seatsTexts()
  return (
    <Empty title={words.none} about={words.noneAbout}>
      <a class="button primary" href="/j">
        {words.join}
      </a>
      <a class="button" href="/events">
        {words.find}
      </a>
    </Empty>
  )
}

function SeatList({ seats, title }: { seats: readonly MySeat[]; title: string }) {
  if (seats.length === 0) return null
  return (
    <section class="stack" aria-label={title}>
      <h2>{title}</h2>
      <ul class="lines" data-testid="seats">
        {seats.map((seat) => (
          <SeatLine key={seat.tournamentId} seat={seat} />
        ))}
      </ul>
    </section>
  )
}

function SeatLine({ seat }: { seat: MySeat }) {
  const words = seatsTexts()
  const { route } = useLocation()
  const command = usePlayerCommand('openSeat')
  const { tournamentId: id, tournament, player, startsAt, createdAt } = seat
  const own = seatIn(id).value.value
  const isHere = own !== null && (player === null || own.playerId === player.id)
  const open = async () => {
    if (isHere) return route(`/t/${id}`)
    const sent = await command.send({ params: { id } })
    if (sent.status !== 'done') return
    const { playerId, playerToken: token, firstName, lastName } = sent.value
    takeSeat(id, { playerId, token, firstName, lastName, tournament })
    route(`/t/${id}`)
  }
  return (
    <li class="line" data-testid="seat">
      <DateTile startsAt={startsAt ?? createdAt} />
      <span class="line-text">
        <strong>
          {tournament}
          {isHere ? <span class="pill">{words.here}</span> : null}
        </strong>
        <span class="soft">{stateOf(seat)}</span>
        <span class="hint">{dayOf(startsAt ?? createdAt)}</span>
        <ErrorText text={command.failure?.text} />
      </span>
      {player === null && !isHere ? null : (
        <span class="line-end">
          <button
            type="button"
            class={isHere ? 'button primary' : 'button'}
            title={isHere ? undefined : words.openAbout}
            disabled={command.isBusy}
            onClick={() => void open()}
          >
            {command.isBusy ? words.opening : isHere ? words.open : words.openHere}
          </button>
        </span>
      )}
    </li>
  )
}

function stateOf({ isWaiting, player, status }: MySeat): string {
  const words = seatsTexts()
  if (isWaiting) return words.waiting
  if (player?.team) return words.plays(player.team)
  if (status === 'archived') return words.over
  return player?.pick ? words.picked(player.pick) : words.notPicked
}
