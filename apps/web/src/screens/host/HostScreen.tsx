import type { Tournament } from '@matchday/contracts'
import { useEffect, useState } from 'preact/hooks'
import { TopBar } from '../../components/TopBar.tsx'
import { hostingOf } from '../../device/seats.ts'
import { isTournamentId } from '../../device/tournament-id.ts'
import { texts } from '../../i18n/language.ts'
import { LivePage, NoTournament } from '../../live/LivePage.tsx'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { useTournament } from '../../live/use-tournament.ts'
import { crowdOf } from './density.ts'
import { HostControls } from './HostControls.tsx'
import { Invitation } from './Invitation.tsx'
import { Lobby } from './Lobby.tsx'
import { CheckInvitation, Result } from './Result.tsx'
import { readinessText } from './readiness-text.ts'
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
  const handedOver = useHandedOverToken()
  const hosting = hostingOf(id)
  const token = hosting.value.value?.token ?? handedOver
  // Watching needs no token; the organiser's one goes only along with what he presses.
  const store = useTournament(id, undefined)
  return (
    <LivePage store={store}>
      {(tournament) => (
        <>
          {handedOver !== undefined && hosting.value.value === null ? (
            <KeepHosting tournament={tournament} token={handedOver} />
          ) : null}
          {isBig ? null : <TopBar />}
          <HostBoard tournament={tournament} store={store} token={isBig ? undefined : token} isBig={isBig} />
        </>
      )}
    </LivePage>
  )
}

/** An organiser's link may carry the token behind the hash, where no server and no log sees it; it is taken out of sight. */
function useHandedOverToken(): string | undefined {
  const [token] = useState(() => location.hash.match(/^#([\w-]+\.[\w-]+\.[\w-]+)$/)?.[1])
  useEffect(() => {
    if (token !== undefined) history.replaceState(history.state, '', location.pathname)
  }, [token])
  return token
}

/** From now on this device is the organiser's, as if the tournament had been created on it. */
function KeepHosting({ tournament, token }: { tournament: Tournament; token: string }) {
  useEffect(() => {
    hostingOf(tournament.id).set({ token, name: tournament.name, createdAt: tournament.createdAt })
  }, [tournament.id, token])
  return null
}

type BoardProps = {
  tournament: Tournament
  store: TournamentStore
  token: string | undefined
  isBig: boolean
}

function HostBoard({ tournament, store, token, isBig }: BoardProps) {
  const isDrawn = tournament.players.some((player) => player.team !== null)
  const isArchived = tournament.status === 'archived'
  const canChange = token !== undefined && !isArchived
  const isOpen = !isDrawn && !isArchived && tournament.joining && tournament.seatsLeft > 0
  return (
    <main
      id="content"
      class="host"
      data-big={isBig}
      data-drawn={isDrawn}
      data-open={isOpen}
      data-crowd={crowdOf(tournament.players.length)}
    >
      {isDrawn || isArchived ? (
        <CheckInvitation tournament={tournament} isBig={isBig} />
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
      {isBig ? <WallState tournament={tournament} /> : null}
      {isBig ? null : <HostControls tournament={tournament} token={token} store={store} />}
    </main>
  )
}

/** What the draw waits for, for everybody in the room; how to fill seats is the organiser's business. */
function WallState({ tournament }: { tournament: Tournament }) {
  const { ready, reason } = tournament.readiness
  const isTold = ready || reason === 'not-all-picked' || reason === 'draw-impossible'
  if (!isTold) return null
  return (
    <p class="wall-state" data-ready={ready}>
      {readinessText(tournament, texts())}
    </p>
  )
}
