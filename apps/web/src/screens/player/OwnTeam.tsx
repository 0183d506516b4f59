import type { Player, Tournament } from '@matchday/contracts'
import { Crest } from '../../components/Crest.tsx'
import { Icon } from '../../components/Icon.tsx'
import { useScreen } from '../../components/use-screen.ts'
import type { Seat } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'
import { PlayerList } from './PlayerList.tsx'
import { SeatActions } from './SeatActions.tsx'

type Props = { tournament: Tournament; player: Player; team: string; seat: Seat }

/** The end of the evening's first half: the own team, as large as the phone allows. */
export function OwnTeam({ tournament, player, team, seat }: Props) {
  const { player: words, host } = texts()
  const heading = useScreen(team)
  const kept = player.pick === team
  return (
    <main id="content" class="player own">
      <section class="own-team" data-testid="own-team" data-team={team}>
        <p class="kicker">{words.yourTeam}</p>
        <Crest team={team} />
        <h1 ref={heading} tabIndex={-1} data-long={team.length > 14}>
          {team}
        </h1>
        <p class="soft">{kept ? words.youKept : words.youPicked(player.pick ?? '')}</p>
      </section>
      <a class="button check-link" href={`/t/${tournament.id}/check`}>
        <Icon name="shield" />
        {host.check}
      </a>
      <PlayerList tournament={tournament} ownId={player.id} />
      <SeatActions tournament={tournament} seat={seat} />
    </main>
  )
}
