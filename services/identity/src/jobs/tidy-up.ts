import type { Clock, Job } from '@matchday/kernel'
import { revocationsKeptS } from '../queries/list-revocations.ts'
import { jobLimits } from './job-limits.ts'
import { notSooner } from './not-sooner.ts'

const minute = 60

/** What is over, and for how long it is kept after that. */
const overdue = [
  { table: 'sessions', when: 'expires_at < $1', keptS: 0 },
  { table: 'sign_ups', when: 'expires_at < $1', keptS: 0 },
  { table: 'reset_links', when: 'expires_at < $1', keptS: 0 },
  { table: 'oidc_attempts', when: 'expires_at < $1', keptS: 0 },
  { table: 'budgets', when: 'ends_at < $1', keptS: minute },
  { table: 'revocations', when: 'at < $1', keptS: revocationsKeptS },
  // Nobody is to find, later, who was written to.
  { table: 'mails', when: 'sent_at < $1', keptS: 60 * minute },
  { table: 'mails', when: 'expires_at < $1', keptS: 60 * minute },
  { table: 'mails', when: `kind = 'nothing' and created_at < $1`, keptS: minute },
] as const

/** Deletes what is over, in small portions. */
export function tidyUp({ clock }: { readonly clock: Clock }): Job {
  return notSooner(clock, {
    name: 'tidy-up',
    everyMs: jobLimits.tidyEveryMs,
    run: async ({ rows, signal }) => {
      let isMore = false
      for (const { table, when, keptS } of overdue) {
        if (signal.aborted) return false
        const gone = await rows(
          `delete from ${table} where ctid = any (array(select ctid from ${table} where ${when} limit $2)) returning 1`,
          [new Date(clock.now() - keptS * 1_000), jobLimits.rowsPerTableMax],
        )
        isMore ||= gone.length === jobLimits.rowsPerTableMax
      }
      return isMore
    },
  })
}
