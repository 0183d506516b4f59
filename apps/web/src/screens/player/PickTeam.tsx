import type { Tournament } from '@matchday/contracts'
import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import { useCommand } from '../../api/use-command.ts'
import { Crest } from '../../components/Crest.tsx'
import { ErrorText } from '../../components/ErrorText.tsx'
import { Field } from '../../components/Field.tsx'
import { Icon } from '../../components/Icon.tsx'
import { fullName } from '../../components/player-name.ts'
import { useScreen } from '../../components/use-screen.ts'
import { contributionFor } from '../../device/draw-memory.ts'
import type { Seat } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { SeatActions } from './SeatActions.tsx'
import { freeFirst, letterSize, matching, type TeamTile, teamTiles } from './team-tiles.ts'
import { useSettledOrder } from './use-settled-order.ts'

type Props = { tournament: Tournament; store: TournamentStore; seat: Seat }

/** From so many teams on, typing is faster than scrolling. */
const searchFrom = 16

export function PickTeam({ tournament, store, seat }: Props) {
  const { player: words } = texts()
  const heading = useScreen(words.pickTitle)
  const [typed, setTyped] = useState('')
  const choice = useChoice({ tournament, store, seat })
  const all = teamTiles(tournament, store.highlights.value, seat.playerId)
  const { order, list } = useSettledOrder(freeFirst(all), choice.looking !== null)
  const byTeam = new Map(all.map((tile) => [tile.team, tile]))
  const tiles = matching(
    order.flatMap((team) => byTeam.get(team) ?? []),
    typed,
  )
  return (
    <main id="content" class="player pick">
      <header class="player-head">
        <p class="kicker">{tournament.name}</p>
        <h1 ref={heading} tabIndex={-1}>
          {words.pickTitle}
        </h1>
        <p class="soft">{words.pickLead}</p>
      </header>
      {tournament.teams.length >= searchFrom ? (
        <Field
          label={words.search}
          value={typed}
          onValue={setTyped}
          type="search"
          autocomplete="off"
          enterkeyhint="search"
        />
      ) : null}
      {tiles.length === 0 ? <p class="soft">{words.noTeam}</p> : null}
      <TeamGrid tiles={tiles} list={list} choice={choice} />
      <ConfirmBar choice={choice} />
      <SeatActions tournament={tournament} seat={seat} />
    </main>
  )
}

type GridProps = { tiles: readonly TeamTile[]; list: RefObject<HTMLDivElement>; choice: Choice }

/** One stop for the Tab key, as in any group of radio buttons; arrows go from team to team. */
function TeamGrid({ tiles, list, choice }: GridProps) {
  const isShown = tiles.some(({ team }) => team === choice.looking)
  const stop = isShown ? choice.looking : tiles.find(({ isTaken }) => !isTaken)?.team
  return (
    <div
      ref={list}
      class="team-grid"
      role="radiogroup"
      aria-label={texts().player.pickTitle}
      onKeyDown={(event) => {
        const next = neighbour(event.currentTarget, event.key)
        if (!next) return
        event.preventDefault()
        next.focus()
        next.click()
      }}
    >
      {tiles.map((tile) => (
        <TeamButton
          key={tile.team}
          tile={tile}
          isLookedAt={choice.looking === tile.team}
          isStop={tile.team === stop}
          onTap={() => choice.look(tile.team)}
        />
      ))}
    </div>
  )
}

/** The free team that an arrow key leads to from the one that has the focus. */
function neighbour(grid: HTMLElement, key: string): HTMLButtonElement | undefined {
  const all = [...grid.querySelectorAll('button')]
  const rows = new Set(all.map((one) => one.getBoundingClientRect().top))
  const columns = Math.ceil(all.length / rows.size)
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key]
  if (step === undefined) return
  let index = all.findIndex((one) => one.matches(':focus')) + step
  while (all[index]?.disabled) index += step
  return all[index]
}

type Choice = ReturnType<typeof useChoice>

/** What is looked at, and picking it: that takes another button, so that no double tap picks by accident. */
function useChoice({ tournament, store, seat }: Props) {
  const command = useCommand('pickTeam')
  const [looking, setLooking] = useState<string | null>(null)
  const isTaken =
    tournament.picks === 'unique' && tournament.players.some(({ pick }) => pick !== null && pick === looking)
  const team = isTaken ? null : looking

  const confirm = async () => {
    if (team === null || command.isBusy) return
    const contribution = contributionFor(tournament, seat.playerId)
    const params = { id: tournament.id, playerId: seat.playerId }
    const sent = await command.send({ params, body: { team, contribution } }, { token: seat.token })
    if (sent.status === 'done' || sent.status === 'rejected') store.changed()
  }
  const look = (tapped: string) => {
    if (tapped === team) return
    command.clear()
    setLooking(tapped)
    store.highlight(tapped)
  }
  return { looking: team, isBusy: command.isBusy, failure: command.failure, look, confirm }
}

type ButtonProps = { tile: TeamTile; isLookedAt: boolean; isStop: boolean; onTap: () => void }

function TeamButton({ tile, isLookedAt, isStop, onTap }: ButtonProps) {
  const { player } = texts()
  const { team, pickedBy, isTaken, watchers } = tile
  const first = pickedBy[0]
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native radio button has no content of its own.
    <button
      type="button"
      class="team-tile"
      role="radio"
      aria-checked={isLookedAt}
      tabIndex={isStop ? 0 : -1}
      disabled={isTaken}
      data-taken={isTaken}
      data-testid="team-tile"
      data-team={team}
      onClick={onTap}
    >
      <Crest team={team} />
      <span class="team-name" data-letters={letterSize(team)}>
        {team}
      </span>
      <span class="team-state">
        {isTaken && first ? player.takenBy(fullName(first)) : null}
        {!isTaken && pickedBy.length > 0 ? player.pickedTimes(pickedBy.length) : null}
      </span>
      {watchers.length > 0 && !isTaken ? (
        <span class="team-watchers">
          <Icon name="eye" />
          {watchers[0]}
          {watchers.length > 1 ? ` +${watchers.length - 1}` : ''}
          <span class="visually-hidden"> {player.looking}</span>
        </span>
      ) : null}
    </button>
  )
}

function ConfirmBar({ choice }: { choice: Choice }) {
  const { player } = texts()
  const { looking, isBusy, failure, confirm } = choice
  return (
    <div class="confirm-bar">
      <ErrorText text={failure?.text} />
      <button
        type="button"
        class="button primary large"
        disabled={looking === null || isBusy}
        onClick={() => void confirm()}
        data-testid="confirm-pick"
      >
        {isBusy ? player.confirming : looking === null ? player.choose : player.confirm(looking)}
      </button>
    </div>
  )
}
