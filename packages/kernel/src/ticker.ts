/** One coarse timer that watches many waits at once, so that no wait needs a timer of its own. */
export type Ticker = {
  /** Runs until a tick finds nothing left to watch; does nothing while it is running. */
  start(): void
  stop(): void
}

/**
 * Calls `tick` every `intervalMs` from `start` on, until it returns false. It goes on for one idle tick after the last
 * wait, so that a steady stream of short waits starts no timers. It doesn't keep the process alive.
 */
export function createTicker(intervalMs: number, tick: () => boolean): Ticker {
  let timer: NodeJS.Timeout | null = null
  const stop = () => {
    if (timer !== null) clearInterval(timer)
    timer = null
  }
  return {
    start: () => {
      timer ??= setInterval(() => {
        if (!tick()) stop()
      }, intervalMs).unref()
    },
    stop,
  }
}
