import type { PlayerId, Tournament } from '@matchday/contracts'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { ConnectionBanner } from '../components/ConnectionBanner.tsx'
import { Notice } from '../components/Notice.tsx'
import { TopBar } from '../components/TopBar.tsx'
import { rememberCommitment } from '../device/draw-memory.ts'
import { texts } from '../i18n/language.ts'
import { RevealStage } from '../reveal/RevealStage.tsx'
import { useAnnouncements } from './announcements.ts'
import type { TournamentStore } from './tournament-store.ts'

type Props = {
  store: TournamentStore
  playerId?: PlayerId | undefined
  children: (tournament: Tournament) => ComponentChildren
}

/** What all screens of a tournament share: first loading, no such tournament, lost connection, the reveal. */
export function LivePage({ store, playerId, children }: Props) {
  useAnnouncements(store)
  const tournament = store.tournament.value
  useEffect(() => {
    if (tournament) rememberCommitment(tournament)
  }, [tournament])
  const run = store.reveal.value
  return (
    <>
      {tournament === null ? <Waiting store={store} /> : null}
      {tournament && run ? (
        <RevealStage run={run} tournament={tournament} playerId={playerId} onEnd={() => store.skipReveal()} />
      ) : null}
      {tournament && !run ? children(tournament) : null}
      {tournament ? <ConnectionBanner connection={store.connection.value} /> : null}
    </>
  )
}

function Waiting({ store }: { store: TournamentStore }) {
  const { empty, common } = texts()
  switch (store.loading.value) {
    case 'loading':
    case 'ready':
      return <main id="content" class="loading" aria-busy="true" aria-label={common.loading} />
    case 'not-found':
      return <NoTournament />
    case 'unreachable':
      return (
        <>
          <TopBar />
          <Notice icon="signal" title={empty.unreachable} about={empty.unreachableAbout} />
        </>
      )
    default:
      return store.loading.value satisfies never
  }
}

export function NoTournament() {
  const { empty, common } = texts()
  return (
    <>
      <TopBar />
      <Notice icon="lost" title={empty.noTournament} about={empty.noTournamentAbout}>
        <a class="button primary" href="/">
          {common.toStart}
        </a>
      </Notice>
    </>
  )
}
