import type { Player, Tournament } from '@matchday/contracts'
import { Crest } from '../../components/Crest.tsx'
import { fullName } from '../../components/player-name.ts'
import { QrCode } from '../../components/QrCode.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { publicAddress } from '../../device/addresses.ts'
import { texts } from '../../i18n/language.ts'
import { densityOf, lengthOf } from './density.ts'

/** Who plays what. */
export function Result({ tournament }: { tournament: Tournament }) {
  const { host } = texts()
  const heading = useScreen(tournament.name)
  const voided = tournament.draws.filter((draw) => draw.status === 'void').length
  return (
    <section class="result" data-testid="draw-result">
      <header class="lobby-head">
        <h1 ref={heading} tabIndex={-1} data-length={lengthOf(tournament.name)}>
          {tournament.name}
        </h1>
        <p class="lobby-state">
          <strong>{tournament.status === 'archived' ? host.archived : host.result}</strong>
          <span>{voided > 0 ? host.voided(voided) : ''}</span>
        </p>
      </header>
      <ol class="roster" data-density={densityOf(tournament.players.length)} aria-label={host.result}>
        {tournament.players.map((player) => (
          <ResultRow key={player.id} player={player} showKept={tournament.drawMode === 'any'} />
        ))}
      </ol>
    </section>
  )
}

function ResultRow({ player, showKept }: { player: Player; showKept: boolean }) {
  const { host } = texts()
  const team = player.team ?? ''
  const hasOwn = showKept && player.pick === player.team
  return (
    <li class="roster-row" data-state="drawn" data-testid="result-row">
      <Crest team={team} />
      <span class="roster-text">
        <strong class="result-team">{team}</strong>
        <span class="result-player" title={fullName(player)}>
          {fullName(player)}
          {hasOwn ? <span class="result-own">{host.keptPick}</span> : null}
        </span>
      </span>
    </li>
  )
}

/** After the draw, the place of the invitation: check it yourself. */
export function CheckInvitation({ tournament }: { tournament: Tournament }) {
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
        <a class="button" href={path}>
          {host.check}
        </a>
      </div>
    </section>
  )
}
