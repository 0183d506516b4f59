import type { Player, Tournament } from '@matchday/contracts'
import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Crest } from '../../components/Crest.tsx'
import { Icon } from '../../components/Icon.tsx'
import { fullName } from '../../components/player-name.ts'
import { useScreen } from '../../components/use-screen.ts'
import { texts } from '../../i18n/language.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import type { Authority } from '../event/authority.ts'
import { lengthOf } from './density.ts'
import { RemoveDialog } from './RemoveDialog.tsx'
import { useFit } from './use-fit.ts'

type LobbyProps = {
  tournament: Tournament
  highlights: ReadonlyMap<string, string>
  authority: Authority | null
  store: TournamentStore
}

/** The button that removes a player, with the gap to the name. */
const removeWidthPx = 52
/** Who comes next is as wide as this, so that the list keeps its columns. */
const usualName = 'Alexandra Miller'
/** Free seats are drawn as outlines while they can be counted at a glance. */
const outlinesMax = 40

export function Lobby({ tournament, highlights, authority, store }: LobbyProps) {
  const [leaving, setLeaving] = useState<Player | null>(null)
  const { players, limit, seatsLeft, joining } = tournament
  const outlines = limit <= outlinesMax && joining ? seatsLeft : 0
  const lines = [
    // What somebody looks at changes all the time; it must not change everybody's letters.
    ...players.map((player) => ({ first: fullName(player), second: player.pick ?? '' })),
    ...Array.from({ length: outlines }, () => ({ first: usualName, second: '' })),
  ]
  // A mouse finds the button above the row; a thumb needs it beside the name.
  const hasButtons = authority !== null && matchMedia('(hover: none)').matches
  const { list, style } = useFit(lines, hasButtons ? removeWidthPx : 0)
  useNewestInView(list, players.length)
  return (
    <section class="lobby">
      <LobbyHead tournament={tournament} />
      {players.length === 0 ? <NobodyYet /> : null}
      <ol class="roster" ref={list} style={style} aria-label={texts().host.lobby}>
        {players.map((player) => (
          <RosterRow
            key={player.id}
            player={player}
            isLooking={highlights.has(player.id)}
            about={stateOf(player, highlights)}
            onRemove={authority === null ? undefined : () => setLeaving(player)}
          />
        ))}
        {Array.from({ length: outlines }, (_, index) => (
          <li key={`free ${players.length + index}`} class="roster-free" aria-hidden="true" />
        ))}
      </ol>
      {leaving && authority !== null ? (
        <RemoveDialog
          tournamentId={tournament.id}
          player={leaving}
          authority={authority}
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

/** The team that is picked, or what a player is doing about it. */
function stateOf({ id, pick }: Player, highlights: ReadonlyMap<string, string>): string {
  const { host } = texts()
  const lookingAt = highlights.get(id)
  return pick ?? (lookingAt === undefined ? host.choosing : host.lookingAt(lookingAt))
}

type RowProps = { player: Player; isLooking: boolean; about: string; onRemove: (() => void) | undefined }

function RosterRow({ player, isLooking, about, onRemove }: RowProps) {
  const { host } = texts()
  const name = fullName(player)
  const state = player.pick !== null ? 'picked' : isLooking ? 'looking' : 'choosing'
  return (
    <li class="roster-row" data-state={state} data-testid="player-row">
      {player.pick !== null ? <Crest team={player.pick} /> : <span class="roster-blank" aria-hidden="true" />}
      <span class="roster-text">
        <strong title={name}>{name}</strong>
        <span class="roster-pick">{about}</span>
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
function useNewestInView(list: RefObject<HTMLOListElement>, count: number): void {
  const before = useRef(count)
  useEffect(() => {
    if (count > before.current) {
      list.current?.children[count - 1]?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
    }
    before.current = count
  }, [count])
}
