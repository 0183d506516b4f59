import type { Tournament } from '@matchday/contracts'
import { useEffect, useState } from 'preact/hooks'
import { lazy } from 'preact-iso'
import { TopBar } from '../../components/TopBar.tsx'
import { hostingOf } from '../../device/seats.ts'
import { isTournamentId } from '../../device/tournament-id.ts'
import { texts } from '../../i18n/language.ts'
import { LivePage, NoTournament } from '../../live/LivePage.tsx'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { useTournament } from '../../live/use-tournament.ts'
import { liveSession } from '../../session/live-session.ts'
import { staff } from '../../session/sessions.ts'
import type { Authority } from '../event/authority.ts'
import { crowdOf } from './density.ts'
import { HostControls } from './HostControls.tsx'
import { Invitation } from './Invitation.tsx'
import { Lobby } from './Lobby.tsx'
import { CheckInvitation, Result } from './Result.tsx'
import { readinessText } from './readiness-text.ts'
import { useAuthority } from './use-authority.ts'
import './host.css'

/** Loaded for administrators who look into somebody's organisation. */
const PreviewBar = lazy(async () => (await import('./host-people.ts')).loadPreviewBar())

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
  // Whoever holds the token may sign in on the way, to take it into an organisation: nothing begins anew for that.
  const mayBeStaff = staff.facts.value.value !== null || token !== undefined
  // Watching needs no token; the organiser's one goes only along with what he presses, unless nobody else may watch.
  const store = useTournament(id, undefined, { ...(mayBeStaff ? liveSession : {}), spareToken: token })
  return (
    <LivePage store={store}>
      {(tournament) => (
        <>
          {handedOver !== undefined && hosting.value.value === null ? (
            <KeepHosting tournament={tournament} token={handedOver} />
          ) : null}
          {isBig ? (
            <HostBoard tournament={tournament} store={store} authority={null} isBig />
          ) : (
            <Desk tournament={tournament} store={store} token={token} />
          )}
        </>
      )}
    </LivePage>
  )
}

type DeskProps = { tournament: Tournament; store: TournamentStore; token: string | undefined }

/** With controls for whoever may use them: by this device's token, or as one of the organisation's people. */
function Desk({ tournament, store, token }: DeskProps) {
  const { authority, organization } = useAuthority(tournament, token)
  return (
    <>
      {organization?.isPreview ? <PreviewBar organization={organization} /> : null}
      <TopBar />
      <HostBoard tournament={tournament} store={store} authority={authority} isBig={false} />
    </>
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
  authority: Authority | null
  isBig: boolean
}

function HostBoard({ tournament, store, authority, isBig }: BoardProps) {
  const isDrawn = tournament.players.some((player) => player.team !== null)
  const isArchived = tournament.status === 'archived'
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
          authority={isArchived ? null : authority}
          store={store}
        />
      )}
      {isBig ? <WallState tournament={tournament} /> : null}
      {isBig ? null : <HostControls tournament={tournament} authority={authority} store={store} />}
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
