import type { Player, Tournament } from '@matchday/contracts'
import { Crest } from '../../components/Crest.tsx'
import { useScreen } from '../../components/use-screen.ts'
import type { Seat } from '../../device/seats.ts'
import type { Catalogue } from '../../i18n/en.ts'
import { texts } from '../../i18n/language.ts'
import { PlayerList } from './PlayerList.tsx'
import { SeatActions } from './SeatActions.tsx'

type Props = { tournament: Tournament; player: Player; pick: string; seat: Seat }

/** The pick is made; this is what the draw waits for. */
export function WaitForDraw({ tournament, player, pick, seat }: Props) {
  const words = texts()
  const heading = useScreen(words.player.waitTitle)
  const lastVoid = tournament.draws.filter((draw) => draw.status === 'void').at(-1)
  return (
    <main id="content" class="player wait">
      <header class="player-head">
        <p class="kicker">{tournament.name}</p>
        <h1 ref={heading} tabIndex={-1}>
          {words.player.waitTitle}
        </h1>
      </header>
      {lastVoid ? <p class="pill pill-wide">{words.player.redrawn(lastVoid.voidReason ?? '')}</p> : null}
      <section class="own-pick card">
        <Crest team={pick} />
        <div>
          <p class="kicker">{words.player.yourPick}</p>
          <p class="own-pick-team" data-testid="own-pick">
            {pick}
          </p>
        </div>
      </section>
      <p class="wait-for" role="status">
        {waitText(tournament, words)}
      </p>
      <PlayerList tournament={tournament} ownId={player.id} />
      <SeatActions tournament={tournament} seat={seat} />
    </main>
  )
}

function waitText({ players, seatsLeft, joining, readiness }: Tournament, { player }: Catalogue): string {
  if (readiness.ready) return player.waitFor.draw
  const picking = players.filter(({ pick }) => pick === null).length
  if (joining && seatsLeft > 0) return player.waitFor.seats(seatsLeft)
  return picking > 0 ? player.waitFor.picks(picking) : player.waitFor.draw
}
