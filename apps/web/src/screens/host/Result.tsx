import type { Player, Tournament } from '@matchday/contracts'
import { CodeTiles } from '../../components/CodeTiles.tsx'
import { Crest } from '../../components/Crest.tsx'
import { fullName } from '../../components/player-name.ts'
import { QrCode } from '../../components/QrCode.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { joinAddress, publicAddress } from '../../device/addresses.ts'
import { texts } from '../../i18n/language.ts'
import { lengthOf } from './density.ts'
import { useFit } from './use-fit.ts'

/** From so many on there is no room for words beside a team: a sign stands with the player, and is explained once. */
const signsFrom = 25
const sign = '★'

/** Who plays what. */
export function Result({ tournament }: { tournament: Tournament }) {
  const { host } = texts()
  const heading = useScreen(tournament.name)
  const voided = tournament.draws.filter((draw) => draw.status === 'void').length
  const isOwn = ({ pick, team }: Player) => tournament.drawMode === 'any' && pick === team
  const hasSigns = tournament.players.length >= signsFrom
  const { list, style } = useFit(
    tournament.players.map((player) => ({
      first: player.team ?? '',
      second: isOwn(player) && hasSigns ? `${fullName(player)} ${sign}` : fullName(player),
      beside: isOwn(player) && !hasSigns ? host.keptPick : undefined,
    })),
  )
  return (
    <section class="result" data-testid="draw-result">
      <header class="lobby-head">
        <h1 ref={heading} tabIndex={-1} data-length={lengthOf(tournament.name)}>
          {tournament.name}
        </h1>
        <p class="lobby-state">
          <strong>{tournament.status === 'archived' ? host.archived : host.result}</strong>
          <span>{voided > 0 ? host.voided(voided) : ''}</span>
          {hasSigns && tournament.players.some(isOwn) ? (
            <span>
              <span class="result-sign">{sign}</span> {host.keptPick}
            </span>
          ) : null}
        </p>
      </header>
      <ol class="roster" ref={list} style={style} aria-label={host.result}>
        {tournament.players.map((player) => (
          <ResultRow key={player.id} player={player} isOwn={isOwn(player)} hasSigns={hasSigns} />
        ))}
      </ol>
    </section>
  )
}

type RowProps = { player: Player; isOwn: boolean; hasSigns: boolean }

function ResultRow({ player, isOwn, hasSigns }: RowProps) {
  const { host } = texts()
  const team = player.team ?? ''
  const name = fullName(player)
  return (
    <li class="roster-row" data-state="drawn" data-testid="result-row">
      <Crest team={team} />
      <span class="roster-text">
        <strong>
          <span class="result-team">{team}</span>
          {isOwn && !hasSigns ? <span class="result-own">{host.keptPick}</span> : null}
        </strong>
        <span class="result-player" title={name}>
          {name}
          {isOwn && hasSigns ? (
            <span class="result-sign" role="img" aria-label={host.keptPick}>
              {` ${sign}`}
            </span>
          ) : null}
        </span>
      </span>
    </li>
  )
}

/** After the draw, the place of the invitation: check it yourself. Nobody can press anything on a wall. */
export function CheckInvitation({ tournament, isBig }: { tournament: Tournament; isBig: boolean }) {
  const { host } = texts()
  const path = `/t/${tournament.id}/check`
  const url = publicAddress(path, tournament, location)
  return (
    <section class="invitation invitation-check" aria-label={host.check}>
      <p class="invitation-title">{host.check}</p>
      <div class="invitation-qr">
        <QrCode url={url} label={host.qrOf(url)} />
      </div>
      <div class="invitation-code">
        <p class="soft">{host.checkHint}</p>
        {isBig ? (
          <TypedWay tournament={tournament} />
        ) : (
          <a class="button" href={path}>
            {host.check}
          </a>
        )}
      </div>
    </section>
  )
}

/** The way for who cannot scan: the join code leads to the same tournament, as long as there is one. */
function TypedWay({ tournament }: { tournament: Tournament }) {
  if (tournament.status === 'archived') return null
  return (
    <>
      <p class="invitation-address">
        {texts().host.orGoTo} <strong>{joinAddress(tournament, location).shown}</strong>
      </p>
      <CodeTiles code={tournament.joinCode} />
    </>
  )
}
