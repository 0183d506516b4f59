import type { Transaction } from '@matchday/kernel'
import type { MailKind } from '../domain/mail-texts.ts'

/** Mails that nobody could be reached with by then are given up. */
const notificationHours = 24

/** To whom, and about what; `nothing` is never sent. */
export type QueuedMail =
  | { readonly kind: Extract<MailKind, 'confirm'>; readonly signUpId: string; readonly expiresAt: Date }
  | { readonly kind: Extract<MailKind, 'known-address'>; readonly accountId: string }
  | {
      readonly kind: Extract<MailKind, 'reset' | 'administrator'>
      readonly accountId: string
      readonly resetLinkId: string
      readonly expiresAt: Date
    }
  | { readonly kind: 'nothing' }

const insertStatement = /* sql */ `
  insert into mails (id, kind, account_id, sign_up_id, reset_link_id, created_at, expires_at, next_try_at)
  values ($1, $2, $3, $4, $5, $6, $7, $6)`

/** Written with the change that it tells of; a job sends it. */
export async function queueMail(
  transaction: Transaction,
  id: string,
  mail: QueuedMail,
  now: Date,
): Promise<void> {
  const expiresAt =
    'expiresAt' in mail ? mail.expiresAt : new Date(now.getTime() + notificationHours * 60 * 60 * 1_000)
  await transaction.query(insertStatement, [
    id,
    mail.kind,
    'accountId' in mail ? mail.accountId : null,
    'signUpId' in mail ? mail.signUpId : null,
    'resetLinkId' in mail ? mail.resetLinkId : null,
    now,
    expiresAt,
  ])
}

const linkStatement =
  'insert into reset_links (id, account_id, created_at, expires_at) values ($1, $2, $3, $4)'

/** A link that sets a password, and the mail that brings it. */
export async function queueResetLink(
  transaction: Transaction,
  newId: () => string,
  link: {
    readonly kind: Extract<MailKind, 'reset' | 'administrator'>
    readonly accountId: string
    readonly expiresAt: Date
  },
  now: Date,
): Promise<void> {
  const resetLinkId = newId()
  await transaction.query(linkStatement, [resetLinkId, link.accountId, now, link.expiresAt])
  await queueMail(transaction, newId(), { ...link, resetLinkId }, now)
}
