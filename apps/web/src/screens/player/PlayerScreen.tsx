import type { Player, Tournament, TournamentId } from '@matchday/contracts'
import { useEffect } from 'preact/hooks'
import { Notice } from '../../components/Notice.tsx'
import { TopBar } from '../../components/TopBar.tsx'
import { farewellFrom, type Seat, seatIn } from '../../device/seats.ts'
import { isTournamentId } from '../../device/tournament-id.ts'
import { texts } from '../../i18n/language.ts'
import { LivePage, NoTournament } from '../../live/LivePage.tsx'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { useTournament } from '../../live/use-tournament.ts'
import { OwnTeam } from './OwnTeam.tsx'
import { PickTeam } from './PickTeam.tsx'
import { useRememberedName, useRenewedContribution, useSeatWatch } from './use-seat.ts'
import { WaitForDraw } from './WaitForDraw.tsx'
import { Watch } from './Watch.tsx'
import './player.css'

/** A player's phone, from the pick to the own team; without a seat on this device, a place to watch. */
export function PlayerScreen({ id }: { id: string }) {
  return isTournamentId(id) ? <LivePlayer id={id} /> : <NoTournament />
}

function LivePlayer({ id }: { id: TournamentId }) {
  const seat = seatIn(id).value.value
  const farewell = farewellFrom(id).value.value
  const store = useTournament(id, seat?.token)
  useSeatWatch(store, id, seat)
  useRenewedContribution(store.tournament.value, seat)
  useRememberedName(store.tournament.value)
  return (
    <LivePage store={store} playerId={seat?.playerId}>
      {(tournament) => (
        <>
          <TopBar />
          {farewell && !seat ? (
            <Goodbye tournament={tournament} reason={farewell.reason} />
          ) : (
            <PlayerPage tournament={tournament} store={store} seat={seat} />
          )}
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
  if (player.team !== null) return <OwnTeam tournament={tournament} player={player} team={player.team} />
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

function Goodbye({ tournament, reason }: { tournament: Tournament; reason: 'not-a-player' | 'pass-moved' }) {
  const { player, join } = texts()
  const isMoved = reason === 'pass-moved'
  const canJoin = !isMoved && tournament.status === 'open' && tournament.joining && tournament.seatsLeft > 0
  return (
    <Notice
      icon={isMoved ? 'pass' : 'leave'}
      title={isMoved ? player.moved : player.removed}
      about={isMoved ? player.movedAbout : player.removedAbout}
    >
      {canJoin ? (
        <a class="button primary" href={`/j/${tournament.joinCode}`}>
          {player.joinAgain}
        </a>
      ) : null}
      <button type="button" class="button" onClick={() => farewellFrom(tournament.id).set(null)}>
        {join.watch}
      </button>
    </Notice>
  )
}
