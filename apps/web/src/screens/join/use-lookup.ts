import type { TournamentId } from '@matchday/contracts'
import { useEffect, useState } from 'preact/hooks'
import { api } from '../../api/api.ts'

/** What a join code leads to. */
export type Found = { tournamentId: TournamentId; name: string; joining: boolean; seatsLeft: number }
export type Lookup = { status: 'looking' | 'unknown' | 'unreachable' } | { status: 'found'; found: Found }

const againMs = 3_000

/** Asks what the code leads to, again and again while there is no connection. */
export function useLookup(code: string): Lookup {
  const [lookup, setLookup] = useState<Lookup>({ status: 'looking' })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isGone = false
    const look = async () => {
      const next = await lookUp(code)
      if (isGone) return
      setLookup(next)
      if (next.status === 'unreachable') timer = setTimeout(() => void look(), againMs)
    }
    void look()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [code])
  return lookup
}

async function lookUp(code: string): Promise<Lookup> {
  try {
    const answer = await api('findByJoinCode', { params: { code } }, { deadlineMs: 5_000 })
    return answer.ok ? { status: 'found', found: answer.value } : { status: 'unknown' }
  } catch {
    // A fault, whichever: nothing can be said about the code.
    return { status: 'unreachable' }
  }
}
