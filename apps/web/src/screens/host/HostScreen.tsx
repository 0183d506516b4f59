import type { Tournament } from '@matchday/contracts'
import { TopBar } from '../../components/TopBar.tsx'
import { hostingOf } from '../../device/seats.ts'
import { isTournamentId } from '../../device/tournament-id.ts'
import { LivePage, NoTournament } from '../../live/LivePage.tsx'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { useTournament } from '../../live/use-tournament.ts'
import { HostControls } from './HostControls.tsx'
import { Invitation } from './Invitation.tsx'
import { Lobby } from './Lobby.tsx'
import { CheckInvitation, Result } from './Result.tsx'
import './host.css'

/** The organiser's screen; without the organiser's token on this device, the same for watching. */
export function HostScreen({ id }: { id: string }) {
  return isTournamentId(id) ? <LiveHost id={id} isBig={false} /> : <NoTournament />
}

/** The same on a projector: nothing to press. */
export function BigScreen({ id }: { id: string }) {
  return isTournamentId(id) ? <LiveHost id={id} isBig /> : <NoTournament />
}

function LiveHost({ id, isBig }: { id: Tournament['id']; isBig: boolean }) {
  const token = hostingOf(id).value.value?.token
  // Watching needs no token; the organiser's one goes only along with what he presses.
  const store = useTournament(id, undefined)
  return (
    <LivePage store={store}>
      {(tournament) => (
        <>
          {isBig ? null : <TopBar />}
          <HostBoard tournament={tournament} store={store} token={isBig ? undefined : token} isBig={isBig} />
        </>
      )}
    </LivePage>
  )
}

type BoardProps = {
  tournament: Tournament
  store: TournamentStore
  token: string | undefined
  isBig: boolean
}

function HostBoard({ tournament, store, token, isBig }: BoardProps) {
  const isDrawn = tournament.players.some((player) => player.team !== null)
  const canChange = token !== undefined && tournament.status !== 'archived'
  return (
    <main id="content" class="host" data-big={isBig} data-drawn={isDrawn}>
      {isDrawn || tournament.status === 'archived' ? (
        <CheckInvitation tournament={tournament} />
      ) : (
        <Invitation tournament={tournament} />
      )}
      {isDrawn ? (
        <Result tournament={tournament} />
      ) : (
        <Lobby
          tournament={tournament}
          highlights={store.highlights.value}
          token={canChange ? token : undefined}
          store={store}
        />
      )}
      {isBig ? null : <HostControls tournament={tournament} token={token} store={store} />}
    </main>
  )
}
