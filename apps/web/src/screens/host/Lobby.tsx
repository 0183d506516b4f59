import type { Player, Tournament } from '@matchday/contracts'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Crest } from '../../components/Crest.tsx'
import { Icon } from '../../components/Icon.tsx'
import { fullName } from '../../components/player-name.ts'
import { useScreen } from '../../components/use-screen.ts'
import { texts } from '../../i18n/language.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { densityOf, lengthOf } from './density.ts'
import { RemoveDialog } from './RemoveDialog.tsx'

type LobbyProps = {
  tournament: Tournament
  highlights: ReadonlyMap<string, string>
  token: string | undefined
  store: TournamentStore
}

/** Free seats are drawn as outlines while they can be counted at a glance. */
const outlinesMax = 40

export function Lobby({ tournament, highlights, token, store }: LobbyProps) {
  const [leaving, setLeaving] = useState<Player | null>(null)
  const { players, limit, seatsLeft, joining } = tournament
  const outlines = limit <= outlinesMax && joining ? seatsLeft : 0
  const list = useNewestInView(players.length)
  return (
    <section class="lobby">
      <LobbyHead tournament={tournament} />
      {players.length === 0 ? <NobodyYet /> : null}
      <ol
        class="roster"
        ref={list}
        data-density={densityOf(players.length + outlines)}
        aria-label={texts().host.lobby}
      >
        {players.map((player) => (
          <RosterRow
            key={player.id}
            player={player}
            lookingAt={highlights.get(player.id)}
            onRemove={token === undefined ? undefined : () => setLeaving(player)}
          />
        ))}
        {Array.from({ length: outlines }, (_, index) => (
          <li key={`free ${players.length + index}`} class="roster-free" aria-hidden="true" />
        ))}
      </ol>
      {leaving && token !== undefined ? (
        <RemoveDialog
          tournamentId={tournament.id}
          player={leaving}
          token={token}
          store={store}
          onClose={() => setLeaving(null)}
        />
      ) : null}
    </section>
  )
}

function LobbyHead({ tournament }: { tournament: Tournament }) {
  const { host } = texts()
  const heading = useScreen(tournament.name)
  const { players, limit, seatsLeft } = tournament
  const picked = players.filter((player) => player.pick !== null).length
  return (
    <header class="lobby-head">
      <h1 ref={heading} tabIndex={-1} data-length={lengthOf(tournament.name)}>
        {tournament.name}
      </h1>
      <p class="scoreboard">
        <span class="scoreboard-tile">{players.length}</span>
        <span class="scoreboard-tile">{limit}</span>
      </p>
      <p class="lobby-state">
        <strong data-testid="seats-left">{host.seatsLeft(seatsLeft)}</strong>
        <span>{players.length > 0 ? host.picked(picked, players.length) : ''}</span>
      </p>
    </header>
  )
}

function NobodyYet() {
  const { host } = texts()
  return (
    <div class="nobody">
      <p>{host.nobody}</p>
      <p class="soft">{host.nobodyHint}</p>
    </div>
  )
}

type RowProps = { player: Player; lookingAt: string | undefined; onRemove: (() => void) | undefined }

function RosterRow({ player, lookingAt, onRemove }: RowProps) {
  const { host } = texts()
  const name = fullName(player)
  const state = player.pick !== null ? 'picked' : lookingAt !== undefined ? 'looking' : 'choosing'
  return (
    <li class="roster-row" data-state={state} data-testid="player-row">
      {player.pick !== null ? <Crest team={player.pick} /> : <span class="roster-blank" aria-hidden="true" />}
      <span class="roster-text">
        <strong title={name}>{name}</strong>
        <span class="roster-pick">
          {player.pick ?? (lookingAt !== undefined ? host.lookingAt(lookingAt) : host.choosing)}
        </span>
      </span>
      {onRemove ? (
        <button
          type="button"
          class="icon-button roster-remove"
          aria-label={host.remove(name)}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      ) : null}
    </li>
  )
}

/** Scrolls the list so that whoever has just come in can be seen. */
function useNewestInView(count: number) {
  const list = useRef<HTMLOListElement>(null)
  const before = useRef(count)
  useEffect(() => {
    if (count > before.current) {
      list.current?.children[count - 1]?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
    }
    before.current = count
  }, [count])
  return list
}
