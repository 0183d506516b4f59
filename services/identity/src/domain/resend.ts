/** How long a mail that could not be sent waits before each next try. The last one counts for all that follow. */
const waitsS = [10, 30, 60, 5 * 60, 15 * 60, 60 * 60] as const

/** `tries`: how many have failed. */
export function nextTryAt(tries: number, now: Date): Date {
  const waitS = waitsS[Math.min(tries, waitsS.length) - 1] ?? waitsS[0]
  return new Date(now.getTime() + waitS * 1_000)
}
