import type { Player, Tournament, TournamentId } from '@matchday/contracts'
import { useEffect } from 'preact/hooks'
import type { IconName } from '../../components/Icon.tsx'
import { Notice } from '../../components/Notice.tsx'
import { TopBar } from '../../components/TopBar.tsx'
import { type Farewell, farewellFrom, type Seat, seatIn } from '../../device/seats.ts'
import { isTournamentId } from '../../device/tournament-id.ts'
import type { Catalogue } from '../../i18n/en.ts'
import { texts } from '../../i18n/language.ts'
import { LivePage, NoTournament } from '../../live/LivePage.tsx'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { useTournament } from '../../live/use-tournament.ts'
import { OwnTeam } from './OwnTeam.tsx'
import { PickTeam } from './PickTeam.tsx'
import { useRememberedName, useRenewedContribution, useSeatWatch } from './use-seat.ts'
import { WaitForDraw } from './WaitForDraw.tsx'
import { WaitToEnter } from './WaitToEnter.tsx'
import { Watch } from './Watch.tsx'
import './player.css'

/** A player's phone, from the pick to the own team; without a seat on this device, a place to watch. */
export function PlayerScreen({ id }: { id: string }) {
  return isTournamentId(id) ? <Gate id={id} /> : <NoTournament />
}

/** Whoever is not let in yet, or has been sent away from what is not for everybody, sees nothing of it. */
function Gate({ id }: { id: TournamentId }) {
  const seat = seatIn(id).value.value
  const farewell = farewellFrom(id).value.value
  if (seat?.isWaiting) return <WaitToEnter id={id} seat={seat} />
  if (farewell && !seat) return <Goodbye id={id} reason={farewell.reason} />
  return <LivePlayer id={id} seat={seat} />
}

function LivePlayer({ id, seat }: { id: TournamentId; seat: Seat | null }) {
  const store = useTournament(id, seat?.token)
  useSeatWatch(store, id, seat)
  useRenewedContribution(store.tournament.value, seat)
  useRememberedName(store.tournament.value)
  return (
    <LivePage store={store} playerId={seat?.playerId}>
      {(tournament) => (
        <>
          <TopBar />
          <PlayerPage tournament={tournament} store={store} seat={seat} />
        </>
      )}
    </LivePage>
  )
}

type PageProps = { tournament: Tournament; store: TournamentStore; seat: Seat | null }

function PlayerPage({ tournament, store, seat }: PageProps) {
  const player = tournament.players.find(({ id }) => id === seat?.playerId)
  useScrollToTop(stageOf(tournament, player))
  if (!seat) return <Watch tournament={tournament} />
  // The seat is newer than this state, or gone: either will be known in a moment (useSeatWatch).
  if (!player) return <main id="content" class="loading" aria-busy="true" />
  if (player.team !== null) {
    return <OwnTeam tournament={tournament} player={player} team={player.team} seat={seat} />
  }
  if (tournament.status === 'archived') return <Watch tournament={tournament} />
  if (player.pick === null) return <PickTeam tournament={tournament} store={store} seat={seat} />
  return <WaitForDraw tournament={tournament} player={player} pick={player.pick} seat={seat} />
}

function stageOf(tournament: Tournament, player: Player | undefined): string {
  return [tournament.status, player?.pick !== null, player?.team !== null].join(' ')
}

/** Each stage begins at its top, wherever the one before was scrolled to. */
function useScrollToTop(stage: string): void {
  useEffect(() => scrollTo(0, 0), [stage])
}

function Goodbye({ id, reason }: { id: TournamentId; reason: Farewell['reason'] }) {
  const { player, join } = texts()
  // Of a private tournament nothing is known any more; then there is only the farewell.
  const tournament = useTournament(id, undefined).tournament.value
  const { title, about, icon } = farewellOf(reason, player)
  const isOpen = tournament?.status === 'open' && tournament.joining && tournament.seatsLeft > 0
  return (
    <>
      <TopBar />
      <Notice icon={icon} title={title} about={about}>
        {isOpen && reason === 'not-a-player' ? (
          <a class="button primary" href={`/j/${tournament.joinCode}`}>
            {player.joinAgain}
          </a>
        ) : null}
        {tournament ? (
          <button type="button" class="button" onClick={() => farewellFrom(id).set(null)}>
            {join.watch}
          </button>
        ) : null}
      </Notice>
    </>
  )
}

function farewellOf(
  reason: Farewell['reason'],
  words: Catalogue['player'],
): { title: string; about: string; icon: IconName } {
  switch (reason) {
    case 'pass-moved':
      return { title: words.moved, about: words.movedAbout, icon: 'pass' }
    case 'not-a-player':
      return { title: words.removed, about: words.removedAbout, icon: 'leave' }
    case 'declined':
      return { title: words.declined, about: words.declinedAbout, icon: 'lock' }
    default:
      return reason satisfies never
  }
}
