import type { Log } from '@matchday/kernel'
import { createTransport } from 'nodemailer'

export const smtpLimits = { connectMs: 5_000, greetingMs: 5_000, silenceMs: 10_000 } as const

export type OutgoingMail = { readonly to: string; readonly subject: string; readonly text: string }
/** False: it was not taken; to be tried again. */
export type MailSender = {
  send(mail: OutgoingMail): Promise<boolean>
  /** Times that one was not taken. */
  readonly refused: number
}

const thisMachine = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/**
 * Whether mails may travel without encryption: within this machine, or where whoever runs the server says so in the
 * address (`?requireTLS=false`). Links in them lead into accounts.
 */
export function isPlainAllowed(smtpUrl: string): boolean {
  const { hostname, searchParams } = new URL(smtpUrl)
  return thisMachine.test(hostname) || searchParams.get('requireTLS') === 'false'
}

/** Sends by SMTP. What goes wrong is logged without address and text. */
export function createMailSender(
  smtp: { readonly url: string; readonly from: string },
  log: Log,
): MailSender {
  const transport = createTransport({
    url: smtp.url,
    // Otherwise whoever sits in between could keep both sides from agreeing on it.
    ...(isPlainAllowed(smtp.url) ? {} : { requireTLS: true }),
    connectionTimeout: smtpLimits.connectMs,
    greetingTimeout: smtpLimits.greetingMs,
    socketTimeout: smtpLimits.silenceMs,
    // Nothing is fetched from anywhere to become part of a mail.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  let refused = 0
  return {
    get refused() {
      return refused
    },
    async send({ to, subject, text }) {
      try {
        await transport.sendMail({ from: smtp.from, to: { name: '', address: to }, subject, text })
        return true
      } catch (error) {
        // The server's own words may quote the address.
        const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
        refused++
        log.warn({ code, responseCode }, 'a mail was not taken by the mail server; it will be tried again')
        return false
      }
    },
  }
}
