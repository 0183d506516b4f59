import { randomUUID } from 'node:crypto'
import type { Log } from '../log.ts'
import type { Store } from '../store/port.ts'

export const housekeepingLimits = {
  /** How often old answers are forgotten. */
  everyMs: 5 * 60_000,
  /** At a time, so that no statement takes long. */
  answersPerStatementMax: 2_000,
  statementsMax: 50,
  /** Of the time between two rounds: for so long no other instance does the same. */
  turnShare: 0.9,
} as const

const leaseName = 'housekeeping'

export type Housekeeping = { stop(): Promise<void> }

/**
 * Forgets the answers that nobody can ask for any more, now and then, in small portions. Of many instances one does
 * it in each round: the one that comes first takes a lease for most of a round, and doesn't give it back.
 */
export function startHousekeeping(parts: {
  store: Pick<Store, 'forgetAnswers' | 'leases'>
  log: Log
  everyMs?: number
}): Housekeeping {
  const { store, log, everyMs = housekeepingLimits.everyMs } = parts
  let stopped = false
  let running: Promise<void> = Promise.resolve()

  const tidyUp = async () => {
    try {
      const turnMs = Math.floor(everyMs * housekeepingLimits.turnShare)
      if ((await store.leases.look(leaseName)) !== null) return
      if (!(await store.leases.take(leaseName, randomUUID(), turnMs))) return
      for (let statement = 0; statement < housekeepingLimits.statementsMax && !stopped; statement++) {
        const forgotten = await store.forgetAnswers(housekeepingLimits.answersPerStatementMax)
        if (forgotten < housekeepingLimits.answersPerStatementMax) return
      }
    } catch (error) {
      // Nothing depends on it: the next time will do.
      log.warn({ err: error }, 'old answers were not forgotten')
    }
  }
  const timer = setInterval(() => {
    running = running.then(tidyUp)
  }, everyMs).unref()

  return {
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}
