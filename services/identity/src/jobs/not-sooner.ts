import type { Clock, Job } from '@matchday/kernel'

/** Jobs are woken by commits. This one has nothing to do with them, and is done once in its time. */
export function notSooner(clock: Clock, job: Job): Job {
  let doneAtMs = Number.NEGATIVE_INFINITY
  return {
    ...job,
    run: async (context) => {
      const nowMs = clock.monotonicMs()
      if (nowMs - doneAtMs < job.everyMs) return false
      const isMore = await job.run(context)
      // What is left over is not waited for.
      if (!isMore) doneAtMs = nowMs
      return isMore
    },
  }
}
