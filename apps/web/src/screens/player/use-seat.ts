import type { Tournament, TournamentId } from '@matchday/contracts'
import { useEffect } from 'preact/hooks'
import { api } from '../../api/api.ts'
import { contributionFor } from '../../device/draw-memory.ts'
import { hostingOf, loseSeat, type Seat, seatIn } from '../../device/seats.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'

/** After a void draw all phones answer at once; they spread over this. */
const renewalSpreadMs = 1_500

/**
 * Watches that this device's pass is still good: when the page opens, when it comes back, when the channel tells that
 * the player left or moved, and when the server closes the connection for it.
 */
export function useSeatWatch(store: TournamentStore, id: TournamentId, seat: Seat | null): void {
  const dismissed = store.dismissed.value
  useEffect(() => {
    if (!seat) return
    const check = () => void checkSeat(id, seat)
    const onVisible = () => document.visibilityState === 'visible' && check()
    const stop = store.onPublication((publication) => {
      const concernsSeat = publication.type === 'player-removed' || publication.type === 'pass-moved'
      if (concernsSeat && publication.playerId === seat.playerId) check()
    })
    document.addEventListener('visibilitychange', onVisible)
    check()
    return () => {
      stop()
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [store, seat?.token])
  useEffect(() => {
    if (dismissed && seat) loseSeat(id, dismissed)
  }, [dismissed])
}

async function checkSeat(id: TournamentId, seat: Seat): Promise<void> {
  try {
    const answer = await api('getSeat', { params: { id, playerId: seat.playerId } }, { token: seat.token })
    if (answer.ok || seatIn(id).fresh()?.token !== seat.token) return
    const { code } = answer.problem
    if (code === 'not-a-player' || code === 'pass-moved') loseSeat(id, code)
    // The token was signed by a server that is no more, or the tournament is gone: the seat cannot be used either way.
    else if (code === 'not-authenticated' || code === 'not-allowed') loseSeat(id, 'not-a-player')
  } catch {
    // No connection: the banner says so, and the next wake-up asks again.
  }
}

/** After a void draw, sends the same pick with a fresh random number for the next attempt. */
export function useRenewedContribution(tournament: Tournament | null, seat: Seat | null): void {
  const attempt = tournament?.draws.at(-1)?.attempt ?? 1
  const isOpen = tournament?.status === 'open'
  const pick = tournament?.players.find(({ id }) => id === seat?.playerId)?.pick ?? null
  useEffect(() => {
    if (!tournament || !seat || !isOpen || attempt < 2 || pick === null) return
    const timer = setTimeout(() => void renew(tournament, seat, pick), Math.random() * renewalSpreadMs)
    return () => clearTimeout(timer)
  }, [attempt, isOpen, pick !== null, seat?.token])
}

async function renew(tournament: Tournament, seat: Seat, team: string): Promise<void> {
  const params = { id: tournament.id, playerId: seat.playerId }
  const body = { team, contribution: contributionFor(tournament, seat.playerId) }
  try {
    await api('pickTeam', { params, body }, { token: seat.token })
  } catch {
    // Without it the draw still holds; this device has merely added nothing to that attempt.
  }
}

/** Keeps the name under which this device lists the tournament up to date. */
export function useRememberedName(tournament: Tournament | null): void {
  const name = tournament?.name
  useEffect(() => {
    if (!tournament || name === undefined) return
    const seat = seatIn(tournament.id)
    const own = seat.fresh()
    if (own && own.tournament !== name) seat.set({ ...own, tournament: name })
    const hosting = hostingOf(tournament.id)
    const hosted = hosting.fresh()
    if (hosted && hosted.name !== name) hosting.set({ ...hosted, name })
  }, [name])
}
