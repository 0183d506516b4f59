/** As much of an event as its place in a list depends on. */
type Dated = {
  startsAt: string | null
  endsAt: string | null
  status: 'open' | 'drawn' | 'archived'
  /** Ids carry the time at which they were made. */
  id: string
}

/** An event without an end counts as over so long after its beginning. */
const lastsMs = 6 * 60 * 60 * 1_000

export function isPast(event: Dated, nowMs: number): boolean {
  if (event.status === 'archived') return true
  if (event.endsAt !== null) return Date.parse(event.endsAt) < nowMs
  return event.startsAt !== null && Date.parse(event.startsAt) + lastsMs < nowMs
}

/** What comes next first, then what has no date yet (newest first), then what is over (latest first). */
export function inOrder<Event extends Dated>(events: readonly Event[], nowMs: number): Event[] {
  const rank = (event: Event) => (isPast(event, nowMs) ? 2 : event.startsAt === null ? 1 : 0)
  return [...events].sort((left, right) => {
    const ranks = rank(left) - rank(right)
    if (ranks !== 0) return ranks
    const starts = (left.startsAt ?? '').localeCompare(right.startsAt ?? '')
    if (rank(left) === 0 && starts !== 0) return starts
    return starts === 0 ? right.id.localeCompare(left.id) : -starts
  })
}

/** What is still ahead, or has no date yet. */
export function upcoming<Event extends Dated>(events: readonly Event[], nowMs: number): Event[] {
  return events.filter((event) => !isPast(event, nowMs))
}
