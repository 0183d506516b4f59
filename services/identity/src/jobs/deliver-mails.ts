import type { Clock, Job, JobContext } from '@matchday/kernel'
import type { MailNotice } from '../config.ts'
import { nextTryAt } from '../domain/resend.ts'
import { composeMail, type MailRow, mailColumns, mailJoins } from '../mail/composed-mail.ts'
import type { Links } from '../mail/links.ts'
import type { MailSender } from '../mail/mail-sender.ts'
import { jobLimits } from './job-limits.ts'

/**
 * Takes some that are due, and puts them off at once: should this process die with them, another one tries later. So
 * a mail may come twice, which is better than never.
 */
const takeStatement = /* sql */ `
  with due as (
    select id from mails where sent_at is null and next_try_at <= $1 and expires_at > $1 and kind <> 'nothing'
    order by next_try_at limit $3 for update skip locked
  ), taken as (
    update mails set next_try_at = $2, tries = mails.tries + 1 from due where mails.id = due.id returning mails.*
  )
  select ${mailColumns} from taken m ${mailJoins} order by m.created_at`
const sentStatement = 'update mails set sent_at = $2 where id = $1'
const failedStatement = 'update mails set next_try_at = $2 where id = $1'

type Parts = {
  readonly clock: Clock
  readonly links: Links
  /** Null: there is no mail server; whoever runs the server is told the link. */
  readonly sender: MailSender | null
  readonly onMail: ((mail: MailNotice) => void) | undefined
}

export function deliverMails(parts: Parts): Job {
  const { clock } = parts
  return {
    name: 'mails',
    everyMs: jobLimits.mailEveryMs,
    run: async ({ rows, signal }) => {
      const nowMs = clock.now()
      const taken = await rows<MailRow>(takeStatement, [
        new Date(nowMs),
        new Date(nowMs + jobLimits.mailLeaseMs),
        jobLimits.mailsAtOnceMax,
      ])
      for (const mail of taken) {
        if (signal.aborted) return false
        await deliver(parts, mail, rows)
      }
      return taken.length === jobLimits.mailsAtOnceMax
    },
  }
}

async function deliver(
  { clock, links, sender, onMail }: Parts,
  row: MailRow,
  rows: JobContext['rows'],
): Promise<void> {
  const { to, subject, text, link } = composeMail(row, links)
  if (sender === null) onMail?.({ to, subject, link })
  else if (!(await sender.send({ to, subject, text }))) {
    await rows(failedStatement, [row.id, nextTryAt(row.tries, new Date(clock.now()))])
    return
  }
  await rows(sentStatement, [row.id, new Date(clock.now())])
}
