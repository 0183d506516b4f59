/** Waiting longer than this between two tries helps nobody who looks at a screen. */
const pauseMaxMs = 4_000
const firstPauseMs = 250

/**
 * How long to wait before try number `attempt` (1 is the first repetition), in milliseconds: exponential with full
 * jitter, so that a hall full of phones does not come back in step. What the server asks for (`Retry-After`) is
 * a floor.
 */
export function pauseMs(attempt: number, random: () => number, retryAfterMs = 0): number {
  const ceiling = Math.min(pauseMaxMs, firstPauseMs * 2 ** (attempt - 1))
  return Math.max(retryAfterMs, Math.round(random() * ceiling))
}

/** `Retry-After` in seconds or as a date, as milliseconds from now; 0 when absent or unreadable. */
export function retryAfterMs(header: string | null, nowMs: number): number {
  if (header === null) return 0
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000)
  const atMs = Date.parse(header)
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - nowMs)
}
