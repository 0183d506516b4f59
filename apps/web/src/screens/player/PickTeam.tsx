import type { Tournament } from '@matchday/contracts'
import { useRef, useState } from 'preact/hooks'
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
import { matching, type TeamTile, teamTiles } from './team-tiles.ts'

type Props = { tournament: Tournament; store: TournamentStore; seat: Seat }

/** From so many teams on, typing is faster than scrolling. */
const searchFrom = 16
/** A second tap on the same team picks it, but a double tap by accident must not. */
const secondTapAfterMs = 450

export function PickTeam({ tournament, store, seat }: Props) {
  const { player: words } = texts()
  const heading = useScreen(words.pickTitle)
  const [typed, setTyped] = useState('')
  const choice = useChoice({ tournament, store, seat })
  const tiles = matching(teamTiles(tournament, store.highlights.value, seat.playerId), typed)
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
      <ul class="team-grid">
        {tiles.map((tile) => (
          <li key={tile.team}>
            <TeamButton
              tile={tile}
              isLookedAt={choice.looking === tile.team}
              onTap={() => choice.tap(tile.team)}
            />
          </li>
        ))}
      </ul>
      <SeatActions tournament={tournament} seat={seat} />
      <ConfirmBar choice={choice} />
    </main>
  )
}

type Choice = ReturnType<typeof useChoice>

/** What is looked at, and picking it. */
function useChoice({ tournament, store, seat }: Props) {
  const command = useCommand('pickTeam')
  const [looking, setLooking] = useState<string | null>(null)
  const tappedAtMs = useRef(0)
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
  const tap = (tapped: string) => {
    const isSecondTap = tapped === team && Date.now() - tappedAtMs.current > secondTapAfterMs
    if (tapped !== team) tappedAtMs.current = Date.now()
    if (isSecondTap) void confirm()
    else if (tapped !== team) {
      command.clear()
      setLooking(tapped)
      store.highlight(tapped)
    }
  }
  return { looking: team, isBusy: command.isBusy, failure: command.failure, tap, confirm }
}

type ButtonProps = { tile: TeamTile; isLookedAt: boolean; onTap: () => void }

function TeamButton({ tile, isLookedAt, onTap }: ButtonProps) {
  const { player } = texts()
  const { team, pickedBy, isTaken, watchers } = tile
  const first = pickedBy[0]
  return (
    <button
      type="button"
      class="team-tile"
      aria-pressed={isLookedAt}
      disabled={isTaken}
      data-taken={isTaken}
      data-testid="team-tile"
      data-team={team}
      onClick={onTap}
    >
      <Crest team={team} />
      <span class="team-name" data-long={team.length > 22}>
        {team}
      </span>
      <span class="team-state">
        {isTaken && first ? player.takenBy(fullName(first)) : null}
        {!isTaken && pickedBy.length > 0 ? player.pickedTimes(pickedBy.length) : null}
      </span>
      {watchers.length > 0 && !isTaken ? (
        <span class="team-watchers">
          <Icon name="eye" />
          {player.watchers(watchers.slice(0, 2))}
          {watchers.length > 2 ? ` +${watchers.length - 2}` : ''}
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
