/**
 * Times of events are stored as moments (UTC) and typed as what a clock on the wall shows. Between the two stands a
 * time zone: the one that this device is set to.
 */

const dayMs = 86_400_000

export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** What the wall's clock shows at that moment, as `<input type="datetime-local">` writes it: 2026-06-12T19:30. */
export function wallTimeOf(moment: string, zone: string): string {
  return wallTimeAt(Date.parse(moment), zone)
}

/**
 * The moment at which the wall's clock shows that: the first, if it does so twice (clocks go back), and `null` if it
 * never does (clocks go forward) or the text is no time.
 */
export function momentOf(wallTime: string, zone: string): string | null {
  const asIfUtcMs = Date.parse(`${wallTime}:00Z`)
  if (!/^\d{4,6}-\d\d-\d\dT\d\d:\d\d$/.test(wallTime) || Number.isNaN(asIfUtcMs)) return null
  // Offsets change seldom: the one of the day before or of the day after is the right one.
  const candidates = [asIfUtcMs - dayMs, asIfUtcMs + dayMs]
    .map((nearbyMs) => asIfUtcMs - offsetMs(nearbyMs, zone))
    .filter((momentMs) => wallTimeAt(momentMs, zone) === wallTime)
  return candidates.length === 0 ? null : new Date(Math.min(...candidates)).toISOString()
}

function wallTimeAt(momentMs: number, zone: string): string {
  return new Date(momentMs + offsetMs(momentMs, zone)).toISOString().slice(0, 16)
}

/** How far the zone's clocks are ahead of UTC at that moment. */
function offsetMs(momentMs: number, zone: string): number {
  const parts = new Map(
    clockOf(zone)
      .formatToParts(momentMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  const shownMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return shownMs - Math.floor(momentMs / 1_000) * 1_000
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** Made once a zone: they are slow to build. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(zone, made)
  return made
}
