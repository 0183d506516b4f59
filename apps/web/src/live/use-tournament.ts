import type { TournamentId } from '@matchday/contracts'
import { useEffect, useMemo } from 'preact/hooks'
import { api } from '../api/api.ts'
import { type StoreOptions, TournamentStore } from './tournament-store.ts'

const loadConnect = async () => (await import('./live-connection.ts')).connectLive

/** Other than usual: for who is signed in, or may see what not everybody may. */
export type TournamentOptions = Pick<StoreOptions, 'spareToken' | 'freshen'> & {
  api?: StoreOptions['api']
}

/** Follows a tournament while the component is shown. */
export function useTournament(
  id: TournamentId,
  token: string | undefined,
  options: TournamentOptions = {},
): TournamentStore {
  const { spareToken, freshen } = options
  const store = useMemo(
    () => new TournamentStore({ id, token, api, url: liveUrl(), loadConnect, ...options }),
    [id, token, spareToken, freshen],
  )
  useEffect(() => {
    void store.open()
    const stopWaking = onWake(() => store.wake())
    return () => {
      stopWaking()
      store.close()
    }
  }, [store])
  return store
}

function liveUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`
}

/** Calls `wake` when the page may have slept through something, or has a network again. */
function onWake(wake: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'visible') wake()
  }
  const onShown = (event: PageTransitionEvent) => {
    if (event.persisted) wake()
  }
  document.addEventListener('visibilitychange', onVisible)
  document.addEventListener('resume', wake)
  addEventListener('pageshow', onShown)
  addEventListener('online', wake)
  return () => {
    document.removeEventListener('visibilitychange', onVisible)
    document.removeEventListener('resume', wake)
    removeEventListener('pageshow', onShown)
    removeEventListener('online', wake)
  }
}
