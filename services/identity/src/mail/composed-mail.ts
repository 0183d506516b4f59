import type { Language } from '../domain/account.ts'
import { type MailKind, mailText } from '../domain/mail-texts.ts'
import type { Links } from './links.ts'

/** A row of mails with what it is about. */
export type MailRow = {
  readonly id: string
  readonly kind: MailKind
  readonly to: string
  readonly language: Language
  readonly signUpId: string | null
  readonly resetLinkId: string | null
  readonly createdAt: Date
  readonly tries: number
}
export type ComposedMail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly link: string | null
}

/** Of \`mails m\`, with the account or the sign-up that each belongs to. */
export const mailColumns = /* sql */ `
  m.id, m.kind, coalesce(a.email, s.email) as "to", coalesce(a.language, s.language) as language,
  m.sign_up_id as "signUpId", m.reset_link_id as "resetLinkId", m.created_at as "createdAt", m.tries`
export const mailJoins = /* sql */ `
  left join accounts a on a.id = m.account_id left join sign_ups s on s.id = m.sign_up_id`

/** Links are made when they are needed, and stored nowhere. */
export function composeMail(
  { kind, language, to, signUpId, resetLinkId }: MailRow,
  links: Links,
): ComposedMail {
  const link =
    signUpId !== null ? links('sign-up', signUpId) : resetLinkId !== null ? links('reset', resetLinkId) : null
  return { to, link, ...mailText(kind, language, link) }
}
