import type { Tournament } from '@matchday/contracts'
import { Icon } from '../../components/Icon.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { texts } from '../../i18n/language.ts'
import { PlayerList } from './PlayerList.tsx'

/** For everybody without a seat: who is in, and what came out. */
export function Watch({ tournament }: { tournament: Tournament }) {
  const { player: words, host } = texts()
  const heading = useScreen(tournament.name)
  const { status, joining, seatsLeft, joinCode, players } = tournament
  const isDrawn = players.some(({ team }) => team !== null)
  return (
    <main id="content" class="player watch">
      <header class="player-head">
        <p class="kicker">{status === 'archived' ? host.archived : words.watching}</p>
        <h1 ref={heading} tabIndex={-1}>
          {tournament.name}
        </h1>
        <p class="pill" data-testid="seats-left">
          {isDrawn ? host.result : host.seatsLeft(seatsLeft)}
        </p>
      </header>
      {status === 'open' && joining && seatsLeft > 0 ? (
        <a class="button primary large" href={`/j/${joinCode}`}>
          {words.joinNow}
        </a>
      ) : null}
      {isDrawn ? (
        <a class="button check-link" href={`/t/${tournament.id}/check`}>
          <Icon name="shield" />
          {host.check}
        </a>
      ) : null}
      {players.length === 0 ? <p class="soft">{host.nobody}</p> : <PlayerList tournament={tournament} />}
    </main>
  )
}
