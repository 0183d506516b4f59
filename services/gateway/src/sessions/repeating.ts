/** Work that is done again and again, one at a time; `now` brings it forward. */
export type Repeating = {
  /** Does it now, or joins what is under way. True: it worked. */
  now(): Promise<boolean>
  /** True from the first time on that it worked. */
  readonly hasWorked: boolean
  readonly isRunning: boolean
  close(): void
}

/**
 * Begins at once. Until it has worked for the first time it is tried again after `retryMs`, then every `everyMs`.
 * `work` answers with what went wrong, null when nothing did; what is new is told. Before the first time that is not
 * worth a warning: those who are asked may not be there yet.
 */
export function repeat(
  work: () => Promise<string | null>,
  parts: { everyMs: number; retryMs: number; tell: (problem: string, level: 'info' | 'warn') => void },
): Repeating {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<boolean> | undefined
  let hasWorked = false
  let isClosed = false
  let told: string | null = null

  function now(): Promise<boolean> {
    clearTimeout(timer)
    running ??= work()
      .catch(String)
      .then((problem) => {
        running = undefined
        hasWorked ||= problem === null
        if (problem !== null && problem !== told) parts.tell(problem, hasWorked ? 'warn' : 'info')
        told = problem
        if (!isClosed) timer = setTimeout(now, hasWorked ? parts.everyMs : parts.retryMs).unref()
        return problem === null
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
