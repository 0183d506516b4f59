import type { Clock } from '@matchday/kernel'

export type FakeClock = Clock & {
  /** Lets milliseconds pass; `now` and `monotonicMs` move together. */
  advance(ms: number): void
}

const defaultStart = '2025-06-01T12:00:00.000Z'

/** Time that passes only when told to. */
export function createFakeClock(start: string = defaultStart): FakeClock {
  const startMs = Date.parse(start)
  let elapsedMs = 0
  return {
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    advance(ms) {
      elapsedMs += ms
    },
  }
}
