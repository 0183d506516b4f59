/** Time as a part that tests can replace. `now` is milliseconds since 1970; `monotonicMs` never jumps. */
export type Clock = { now(): number; monotonicMs(): number }

export const systemClock: Clock = { now: () => Date.now(), monotonicMs: () => performance.now() }

export function isoTime(clock: Clock): string {
  return new Date(clock.now()).toISOString()
}
