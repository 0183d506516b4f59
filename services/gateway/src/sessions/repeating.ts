import type { Bus, Clock, Log } from '@matchday/kernel'
import type { SessionLimits } from './session-limits.ts'

/** Work that is done again and again, one at a time; `now` brings it forward. */
export type Repeating = {
  /** Does it now, or joins what is under way. True: it worked. */
  now(): Promise<boolean>
  /** True from the first time on that it worked. */
  readonly hasWorked: boolean
  readonly isRunning: boolean
  /** Why it does not work at the moment; null when it does, or when nobody knows yet. */
  readonly problem: string | null
  close(): void
}

export type RepeatOptions = {
  /** What it keeps up to date, in words. */
  readonly what: string
  readonly everyMs: number
  readonly limits: Pick<SessionLimits, 'retryMs' | 'patienceMs'>
  readonly bus: Pick<Bus, 'onState'>
  readonly clock: Clock
  readonly log: Log
}

/**
 * Begins at once, and comes again when the bus does. Until it has worked for the first time it is tried again after
 * `retryMs`, then every `everyMs`. `work` resolves to what went wrong, or null. That something does not work is told
 * once, and only when it lasts: services start in any order, and are restarted.
 */
export function repeat(work: () => Promise<string | null>, options: RepeatOptions): Repeating {
  const { what, everyMs, limits, clock, log } = options
  let timer: NodeJS.Timeout | undefined
  let running: Promise<boolean> | undefined
  let hasWorked = false
  let isClosed = false
  let failing: { readonly sinceMs: number; problem: string; isTold: boolean } | null = null

  function note(problem: string | null): boolean {
    if (problem === null) {
      if (failing?.isTold) log.info({ what }, 'known again')
      failing = null
      return true
    }
    const nowMs = clock.monotonicMs()
    failing = { sinceMs: nowMs, isTold: false, ...failing, problem }
    if (!failing.isTold && nowMs - failing.sinceMs >= limits.patienceMs) {
      failing.isTold = true
      log.warn({ what, problem }, 'not known for a while')
    }
    return false
  }

  function now(): Promise<boolean> {
    clearTimeout(timer)
    running ??= work()
      .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
      .then((problem) => {
        running = undefined
        const worked = note(problem)
        hasWorked ||= worked
        if (!isClosed) timer = setTimeout(now, hasWorked ? everyMs : limits.retryMs).unref()
        return worked
      })
    return running
  }

  void now()
  const state = options.bus.onState((is) => {
    // What was said while nobody could hear it.
    if (is === 'up') void now()
  })
  return {
    now,
    get hasWorked() {
      return hasWorked
    },
    get isRunning() {
      return running !== undefined
    },
    get problem() {
      return failing?.problem ?? null
    },
    close() {
      isClosed = true
      state.close()
      clearTimeout(timer)
    },
  }
}
