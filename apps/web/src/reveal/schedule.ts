/** The stage is set, before the first name. */
const introMs = 2_600
/** The whole reveal, whatever the number of players: an audience's patience. */
const revealMaxMs = 48_000
const stepMaxMs = 2_400
const stepMinMs = 150
/** The last name stands a while before the whole result is shown. */
const outroMs = 1_800
/** The share of a step in which teams whirl before one stays. */
const whirlShare = 0.62

export type Schedule = { count: number; introMs: number; stepMs: number; totalMs: number }

/** What a device shows at one moment of the reveal. */
export type Moment =
  | { phase: 'intro' }
  /** Player number `index` is being drawn; `settled` once his team stands. */
  | { phase: 'step'; index: number; settled: boolean; whirl: number }
  | { phase: 'outro' }
  | { phase: 'done' }

/** The plan for `count` players. It depends on nothing else, so that every device follows the same one. */
export function scheduleFor(count: number): Schedule {
  const stepMs = Math.min(stepMaxMs, Math.max(stepMinMs, Math.floor(revealMaxMs / Math.max(1, count))))
  return { count, introMs, stepMs, totalMs: introMs + count * stepMs + outroMs }
}

/** The moment that is `elapsedMs` after the start. `whirl` counts up while teams whirl, slower and slower. */
export function momentAt(schedule: Schedule, elapsedMs: number): Moment {
  if (elapsedMs >= schedule.totalMs) return { phase: 'done' }
  if (elapsedMs < schedule.introMs) return { phase: 'intro' }
  const inSteps = elapsedMs - schedule.introMs
  const index = Math.floor(inSteps / schedule.stepMs)
  if (index >= schedule.count) return { phase: 'outro' }
  const share = (inSteps - index * schedule.stepMs) / schedule.stepMs
  const settled = share >= whirlShare
  const turns = Math.max(3, Math.round(schedule.stepMs / 160))
  const slowing = 1 - (1 - Math.min(1, share / whirlShare)) ** 2
  return { phase: 'step', index, settled, whirl: Math.floor(slowing * turns) }
}

/**
 * Follows how late publications arrive. Device clocks are wrong by any amount, so the smallest difference between
 * arrival and the server's time counts as "at once", and what arrives later than that was late (a reconnect).
 */
export class Lateness {
  #smallestMs = Number.POSITIVE_INFINITY

  /**
   * What the server's clock said (`atMs`) when an answer arrived. A `Date` header knows whole seconds only, so this is
   * up to a second too much; the first publication that is in time corrects it.
   */
  hear(atMs: number, arrivedAtMs: number): void {
    const differenceMs = arrivedAtMs - atMs
    if (differenceMs < this.#smallestMs) this.#smallestMs = differenceMs
  }

  /** Milliseconds by which a publication is late, 0 when nothing is known to compare with. */
  of(atMs: number, arrivedAtMs: number): number {
    this.hear(atMs, arrivedAtMs)
    return arrivedAtMs - atMs - this.#smallestMs
  }
}
