import { setTimeout as delay } from 'node:timers/promises'

export type Workplace = {
  /** Resolves to true when the work is done; to false, at once, when its turn would come too late. */
  work(costMs: number, deadlineAt: number): Promise<boolean>
}

/**
 * The one thing that an instance has only one of: a database connection, a processor core, a printer. Work waits for
 * its turn and then takes as long as it costs. It is timed, not computed: three instances must not share this
 * machine's two cores, or what each can do would depend on the others. Times are kept as numbers, so that timers,
 * which are late by up to a millisecond, delay an answer but cost no capacity while there is work.
 */
export function createWorkplace(speed: number): Workplace {
  let freeAt = 0
  return {
    async work(costMs, deadlineAt) {
      const now = performance.now()
      const begin = Math.max(now, freeAt)
      if (Date.now() + (begin - now) > deadlineAt) return false
      freeAt = begin + costMs / speed
      await delay(Math.max(0, Math.ceil(freeAt - now)))
      return true
    },
  }
}
