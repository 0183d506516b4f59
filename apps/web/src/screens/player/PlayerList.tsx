import type { Tournament } from '@matchday/contracts'
import { Crest } from '../../components/Crest.tsx'
import { fullName } from '../../components/player-name.ts'
import { texts } from '../../i18n/language.ts'

/** Everybody who is in, with pick or team. */
export function PlayerList({ tournament, ownId }: { tournament: Tournament; ownId?: string }) {
  const { player: words, host, common } = texts()
  const isDrawn = tournament.players.some(({ team }) => team !== null)
  const { players, limit } = tournament
  if (players.length === 0) return null
  return (
    <section class="player-list" aria-label={isDrawn ? words.all : words.whoIsIn}>
      <h2>
        {isDrawn ? words.all : words.whoIsIn}
        <span class="soft">
          {isDrawn ? common.number(players.length) : host.taken(players.length, limit)}
        </span>
      </h2>
      <ul>
        {players.map((player) => {
          const team = player.team ?? player.pick
          return (
            <li key={player.id} data-own={player.id === ownId} data-testid="player-row">
              {team === null ? <span class="roster-blank" aria-hidden="true" /> : <Crest team={team} />}
              <span class="player-list-name">
                {fullName(player)}
                {player.id === ownId ? <em>{common.you}</em> : null}
              </span>
              <span class="player-list-team">{team ?? host.choosing}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
