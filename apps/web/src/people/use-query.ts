import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Rejection } from '../api/problem.ts'

/** What a call answers, as far as a page that shows it is concerned. */
export type Reply<Value> = { ok: true; value: Value } | { ok: false; problem: Rejection }

/** What a page knows of what it has asked for. An answer stays while it is asked for again. */
export type Query<Value> =
  | { status: 'loading' }
  | { status: 'ready'; value: Value }
  | { status: 'rejected'; code: Rejection['code'] }
  /** No usable answer; it is tried again by itself. */
  | { status: 'unreachable' }

export type Asked<Value> = Query<Value> & {
  /** Asks again; resolves when the answer is there, or known not to come. */
  reload: () => Promise<void>
}

const againMs = 3_000

/** Asks when the component appears, and whenever `key` (what is asked for) changes; `null` asks nothing. */
export function useQuery<Value>(key: string | null, ask: () => Promise<Reply<Value>>): Asked<Value> {
  const [known, setKnown] = useState<{ key: string | null; query: Query<Value> } | null>(null)
  const turn = useRef(0)
  const query: Query<Value> = known !== null && known.key === key ? known.query : { status: 'loading' }

  const reload = useCallback(async () => {
    const mine = ++turn.current
    try {
      const answer = await ask()
      // A later question, or none any more, has taken its place.
      if (mine !== turn.current) return
      setKnown({
        key,
        query: answer.ok
          ? { status: 'ready', value: answer.value }
          : { status: 'rejected', code: answer.problem.code },
      })
    } catch {
      // A fault, whichever: what is on the screen stays there; an empty one asks again by itself.
      if (mine !== turn.current) return
      setKnown((before) =>
        before?.key === key && before.query.status === 'ready'
          ? before
          : { key, query: { status: 'unreachable' } },
      )
    }
  }, [key])

  useEffect(() => {
    if (key !== null) void reload()
    return () => {
      turn.current++
    }
  }, [reload])
  useEffect(() => {
    if (known?.query.status !== 'unreachable') return
    const timer = setTimeout(() => void reload(), againMs)
    return () => clearTimeout(timer)
  }, [known])
  return { ...query, reload }
}
