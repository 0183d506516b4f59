import type { Player, PlayerId, TournamentId } from '@matchday/contracts'
import { isId } from '@matchday/contracts/ids'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api } from '../../api/api.ts'
import { useCommand } from '../../api/use-command.ts'
import { ErrorText } from '../../components/ErrorText.tsx'
import { Notice } from '../../components/Notice.tsx'
import { fullName } from '../../components/player-name.ts'
import { TopBar } from '../../components/TopBar.tsx'
import { seatIn, takeSeat } from '../../device/seats.ts'
import { isTournamentId } from '../../device/tournament-id.ts'
import { texts } from '../../i18n/language.ts'
import { NoTournament } from '../../live/LivePage.tsx'

type Pass = { playerId: PlayerId; token: string }
type Lookup = { status: 'looking' | 'gone' | 'unreachable' } | { status: 'good'; player: Player }

/** Where the QR code of *My pass* leads: the seat moves to this device when its owner says so. */
export function PassScreen({ id }: { id: string }) {
  const [pass] = useState(() => passFrom(location.hash))
  if (!isTournamentId(id)) return <NoTournament />
  return (
    <>
      <TopBar />
      {pass ? <TakeOver id={id} pass={pass} /> : <PassGone id={id} />}
    </>
  )
}

/** `#<playerId>.<token>`: behind the hash, so that no server and no log ever sees the token. */
function passFrom(hash: string): Pass | null {
  const [playerId = '', ...rest] = hash.slice(1).split('.')
  const token = rest.join('.')
  return isPlayerId(playerId) && token !== '' ? { playerId, token } : null
}

function isPlayerId(text: string): text is PlayerId {
  return isId(text)
}

function TakeOver({ id, pass }: { id: TournamentId; pass: Pass }) {
  const { player: words, empty } = texts()
  const { route } = useLocation()
  const [lookup, setLookup] = useState<Lookup>({ status: 'looking' })
  const command = useCommand('movePass')
  const isHere = seatIn(id).value.value?.playerId === pass.playerId
  useEffect(() => {
    if (isHere) route(`/t/${id}`, true)
    else void lookUp(id, pass).then(setLookup)
  }, [])

  const move = async (player: Player) => {
    const params = { id, playerId: pass.playerId }
    const sent = await command.send({ params }, { token: pass.token })
    if (sent.status !== 'done') return
    const { firstName, lastName } = player
    takeSeat(id, {
      playerId: pass.playerId,
      token: sent.value.playerToken,
      firstName,
      lastName,
      tournament: '',
    })
    route(`/t/${id}`, true)
  }
  switch (lookup.status) {
    case 'looking':
      return <main id="content" class="loading" aria-busy="true" />
    case 'gone':
      return <PassGone id={id} />
    case 'unreachable':
      return <Notice icon="signal" title={empty.unreachable} about={empty.unreachableAbout} />
    case 'good':
      return (
        <Notice icon="pass" title={words.openSeat} about={words.openSeatAbout(fullName(lookup.player))}>
          <button
            type="button"
            class="button primary"
            disabled={command.isBusy}
            onClick={() => void move(lookup.player)}
          >
            {command.isBusy ? words.opening : words.openSeatNow}
          </button>
          <ErrorText text={command.failure?.text} />
        </Notice>
      )
    default:
      return lookup satisfies never
  }
}

async function lookUp(id: TournamentId, { playerId, token }: Pass): Promise<Lookup> {
  try {
    const answer = await api('getSeat', { params: { id, playerId } }, { token })
    return answer.ok ? { status: 'good', player: answer.value } : { status: 'gone' }
  } catch {
    // A fault, whichever: nothing can be said about the pass.
    return { status: 'unreachable' }
  }
}

function PassGone({ id }: { id: TournamentId }) {
  const { player, join } = texts()
  return (
    <Notice icon="pass" title={player.openSeat} about={player.passGone}>
      <a class="button" href={`/t/${id}`}>
        {join.watch}
      </a>
    </Notice>
  )
}
