import { read, reject } from '@matchday/kernel'
import type { CompleteIdentityConfig } from '../config.ts'
import { composeMail, type MailRow, mailColumns, mailJoins } from '../mail/composed-mail.ts'
import type { IdentityParts } from '../parts.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { pageBounds, pageOf } from './page.ts'

type Parts = Pick<IdentityParts, 'links' | 'clock'> & Pick<CompleteIdentityConfig, 'smtp'>

const statement = /* sql */ `
  select ${mailColumns} from mails m ${mailJoins}
  where m.kind <> 'nothing' and m.expires_at > $1 and ($2::uuid is null or m.id < $2) order by m.id desc limit $3`

/** The outbox of an installation without a mail server; with one, mails are nobody's to read. */
export const listMails = (operation: RealmOperations['listMails'], { links, clock, smtp }: Parts) =>
  read(operation, async (input, _caller, { rows }) => {
    if (smtp !== undefined) return reject('not-found')
    const { before, rowsMax, limit } = pageBounds(input)
    const found = await rows<MailRow>(statement, [new Date(clock.now()), before, rowsMax])
    const body = pageOf(
      found,
      limit,
      ({ id }) => id,
      (row) => {
        const { to, subject, text } = composeMail(row, links)
        return { id: row.id, at: row.createdAt.toISOString(), to, subject, text }
      },
    )
    return { kind: 'ok', body }
  })
