import type { JobContext, ServiceDefinition } from '@matchday/kernel'
import type { MailSender } from './mail/mail-sender.ts'
import type { IdentityParts } from './parts.ts'

type Parts = Pick<IdentityParts, 'budgets' | 'passwords' | 'clock'> & { readonly sender: MailSender | null }

/** More than this are not counted: whoever collects should not read them all. */
const mailsCountedMax = 1_000
const waitingStatement = /* sql */ `
  select count(*)::integer as waiting from (
    select from mails where sent_at is null and expires_at > $1 and kind <> 'nothing' limit ${mailsCountedMax}
  ) m`

/** What tells whether people can get in. */
export function identityFigures(parts: Parts): NonNullable<ServiceDefinition['figures']> {
  return [
    {
      name: 'matchday_password_tries_total',
      type: 'counter',
      help: 'Passwords that were tried at this instance: right, wrong, refused (guessed too often), busy (the queue of hashes was full).',
      labels: ['outcome'],
      read: () => {
        const { right, wrong, refused, unknown: busy } = parts.budgets.tries
        return Object.entries({ right, wrong, refused, busy }).map(([outcome, value]) => ({
          labels: { outcome },
          value,
        }))
      },
    },
    {
      name: 'matchday_password_hashes_waiting',
      type: 'gauge',
      help: 'Passwords that wait for their turn to be hashed at this instance; 50 at most.',
      labels: [],
      read: () => [{ labels: {}, value: parts.passwords.waiting }],
    },
    {
      name: 'matchday_mails_waiting',
      type: 'gauge',
      help: 'Mails that were not sent yet; the same from each instance; counted up to 1000.',
      labels: [],
      read: (context) => mailsWaiting(context, parts),
    },
    {
      name: 'matchday_mails_refused_total',
      type: 'counter',
      help: 'Times that the mail server could not be reached by this instance, or did not take a mail.',
      labels: [],
      read: () => [{ labels: {}, value: parts.sender?.refused ?? 0 }],
    },
  ]
}

async function mailsWaiting({ rows }: Pick<JobContext, 'rows'>, { clock }: Pick<Parts, 'clock'>) {
  const [row] = await rows<{ waiting: number }>(waitingStatement, [new Date(clock.now())])
  return [{ labels: {}, value: row?.waiting ?? 0 }]
}
