import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Rejection } from '../api/problem.ts'
import type { Reply } from './use-query.ts'

/** Which page is asked for, as the contracts say it. */
export type PageQuery = { limit: number; after?: string }
export type PageReply<Item> = Reply<{ readonly items: readonly Item[]; readonly next: string | null }>

export type Pages<Item> = {
  status: 'loading' | 'ready' | 'rejected' | 'unreachable'
  code?: Rejection['code']
  items: readonly Item[]
  hasMore: boolean
  isLoadingMore: boolean
  more: () => Promise<void>
  /** Asks for all that is shown again. */
  reload: () => Promise<void>
}

type Loaded<Item> = Pick<Pages<Item>, 'status' | 'items'> & {
  key: string | null
  code?: Rejection['code']
  next: string | null
}
type Ask<Item> = (page: PageQuery) => Promise<PageReply<Item>>

const pageSize = 50
/** What the contracts allow. */
const pageSizeMax = 100
const againMs = 3_000

/**
 * A list that comes in pages. Asks when the component appears and whenever `key` changes; `null` asks nothing. Lists
 * that are sorted or searched here go on by themselves until `atLeast` items are there.
 */
export function usePages<Item>(key: string | null, ask: Ask<Item>, atLeast = 0): Pages<Item> {
  const blank: Loaded<Item> = { key, status: 'loading', items: [], next: null }
  const [loaded, setLoaded] = useState(blank)
  const [isLoadingMore, setLoadingMore] = useState(false)
  const turn = useRef(0)
  const shown = loaded.key === key ? loaded : blank

  const load = async (before: Loaded<Item>, wanted: number) => {
    const mine = ++turn.current
    try {
      const after = await fetchPages(ask, before, wanted)
      if (mine === turn.current) setLoaded(after)
    } catch {
      // A fault, whichever: what is shown stays; an empty page asks again by itself.
      if (mine !== turn.current) return
      setLoaded((known) =>
        known.key === key && known.status === 'ready' ? known : { ...blank, status: 'unreachable' },
      )
    }
  }
  const reload = useCallback(() => load(blank, Math.max(atLeast, shown.items.length)), [key, shown.items])
  const more = async () => {
    setLoadingMore(true)
    await load(shown, shown.items.length + 1)
    setLoadingMore(false)
  }

  useEffect(() => {
    if (key !== null) void load(blank, atLeast)
    return () => {
      turn.current++
    }
  }, [key])
  useEffect(() => {
    if (loaded.status !== 'unreachable') return
    const timer = setTimeout(() => void reload(), againMs)
    return () => clearTimeout(timer)
  }, [loaded])
  const { status, code, items, next } = shown
  return {
    status,
    ...(code === undefined ? {} : { code }),
    items,
    hasMore: next !== null,
    isLoadingMore,
    more,
    reload,
  }
}

/** Fetches pages after `before` until there are `wanted` items or no more. */
async function fetchPages<Item>(ask: Ask<Item>, before: Loaded<Item>, wanted: number): Promise<Loaded<Item>> {
  const { key } = before
  let { items, next } = before
  do {
    const limit = wanted - items.length > pageSize ? pageSizeMax : pageSize
    const answer = await ask({ limit, ...(next === null ? {} : { after: next }) })
    if (!answer.ok) return { key, status: 'rejected', items: [], next: null, code: answer.problem.code }
    items = [...items, ...answer.value.items]
    next = answer.value.next
  } while (next !== null && items.length < wanted)
  return { key, status: 'ready', items, next }
}
