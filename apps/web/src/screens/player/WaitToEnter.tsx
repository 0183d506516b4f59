import type { TournamentId } from '@matchday/contracts'
import { useEffect } from 'preact/hooks'
import { api } from '../../api/api.ts'
import { Notice } from '../../components/Notice.tsx'
import { TopBar } from '../../components/TopBar.tsx'
import { loseSeat, type Seat, seatIn, takeSeat } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'

/** Who waits is no player yet and hears nothing of the tournament: he asks. */
const againMs = 4_000

/** The organiser of a private tournament lets players in one by one. */
export function WaitToEnter({ id, seat }: { id: TournamentId; seat: Seat }) {
  const { player } = texts()
  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && void lookAgain(id, seat)
    const timer = setInterval(look, againMs)
    document.addEventListener('visibilitychange', look)
    look()
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [id, seat.token])
  return (
    <>
      <TopBar />
      <Notice icon="lock" title={player.waitToEnter} about={player.waitToEnterAbout(seat.tournament)}>
        <button type="button" class="button" onClick={() => void leave(id, seat)}>
          {player.stopWaiting}
        </button>
      </Notice>
    </>
  )
}

async function lookAgain(id: TournamentId, seat: Seat): Promise<void> {
  try {
    const answer = await api('getSeat', { params: { id, playerId: seat.playerId } }, { token: seat.token })
    if (seatIn(id).fresh()?.token !== seat.token) return
    if (answer.ok) takeSeat(id, { ...seat, isWaiting: false })
    else if (answer.problem.code !== 'waiting-for-approval') loseSeat(id, 'declined')
  } catch {
    // No connection: it is asked again.
  }
}

/** Tells the organiser, if that can be told; waiting ends either way. */
async function leave(id: TournamentId, seat: Seat): Promise<void> {
  try {
    await api('removePlayer', { params: { id, playerId: seat.playerId } }, { token: seat.token })
  } finally {
    seatIn(id).set(null)
  }
}
