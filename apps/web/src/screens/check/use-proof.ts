import type { Tournament, TournamentId } from '@matchday/contracts'
import { useEffect, useState } from 'preact/hooks'
import { api } from '../../api/api.ts'

export type Fetched =
  | { status: 'fetching' | 'not-found' | 'unreachable' }
  | { status: 'not-drawn'; tournament: Tournament }
  | { status: 'drawn'; document: unknown }

const againMs = 4_000

/** The proof as the server gives it, asked for again while there is no draw yet or no connection. */
export function useProof(id: TournamentId, attempt: number | undefined): Fetched {
  const [fetched, setFetched] = useState<Fetched>({ status: 'fetching' })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isGone = false
    const ask = async () => {
      const next = await fetchProof(id, attempt)
      if (isGone) return
      setFetched(next)
      if (next.status === 'unreachable' || next.status === 'not-drawn')
        timer = setTimeout(() => void ask(), againMs)
    }
    void ask()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [id, attempt])
  return fetched
}

async function fetchProof(id: TournamentId, attempt: number | undefined): Promise<Fetched> {
  const params = { id }
  try {
    const query = attempt === undefined ? {} : { attempt }
    const proof = await api('getDrawProof', { params, query })
    if (proof.ok) return { status: 'drawn', document: proof.value }
    if (proof.problem.code !== 'not-drawn') return { status: 'not-found' }
    const tournament = await api('getTournament', { params })
    return tournament.ok ? { status: 'not-drawn', tournament: tournament.value } : { status: 'not-found' }
  } catch {
    // A fault, whichever: there is nothing to check yet.
    return { status: 'unreachable' }
  }
}
