/** Work that is done again and again, one at a time; `now` brings it forward. */
export type Repeating = {
  /** Does it now, or joins what is under way. True: it worked. */
  now(): Promise<boolean>
  /** True from the first time on that it worked. */
  readonly hasWorked: boolean
  readonly isRunning: boolean
  close(): void
}

/** Begins at once. Until it has worked for the first time it is tried again after `retryMs`, then every `everyMs`. */
export function repeat(work: () => Promise<boolean>, times: { everyMs: number; retryMs: number }): Repeating {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<boolean> | undefined
  let hasWorked = false
  let isClosed = false

  function now(): Promise<boolean> {
    clearTimeout(timer)
    running ??= work()
      .catch(() => false)
      .then((worked) => {
        running = undefined
        hasWorked ||= worked
        if (!isClosed) timer = setTimeout(now, hasWorked ? times.everyMs : times.retryMs).unref()
        return worked
      })
    return running
  }

  void now()
  return {
    now,
    get hasWorked() {
      return hasWorked
    },
    get isRunning() {
      return running !== undefined
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
