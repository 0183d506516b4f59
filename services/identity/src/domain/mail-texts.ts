import type { Language } from './account.ts'

export const mailKinds = ['confirm', 'known-address', 'reset', 'administrator'] as const
export type MailKind = (typeof mailKinds)[number]
export type MailText = { readonly subject: string; readonly text: string }

type Template = { readonly subject: string; readonly lines: readonly string[]; readonly reason: string }

/**
 * Nothing that somebody typed is in a mail, not even a name: it may go to whom he chose. `{link}` stands in a line of
 * its own, so that every program makes a link of it.
 */
const templates: Readonly<Record<Language, Readonly<Record<MailKind, Template>>>> = {
  en: {
    confirm: {
      subject: 'Confirm your e-mail address for Matchday',
      lines: [
        'Welcome to Matchday! Open this link and type the password that you chose:',
        '{link}',
        'It is good for one day.',
      ],
      reason: 'If you did not sign up, do nothing: without the password nobody can use your address.',
    },
    'known-address': {
      subject: 'You already have a Matchday account',
      lines: [
        'Somebody, probably you, wanted to sign up with this address. It already has an account: just sign in.',
        'If you forgot your password, have a link sent to set a new one.',
      ],
      reason: 'If it was not you, do nothing: nothing was changed.',
    },
    reset: {
      subject: 'Set a new password for Matchday',
      lines: [
        'Open this link to set a new password:',
        '{link}',
        'It is good for half an hour, and signs you out everywhere.',
      ],
      reason: 'If you did not ask for it, do nothing: your password stays as it is.',
    },
    administrator: {
      subject: 'You are an administrator of Matchday now',
      lines: ['Open this link to set your password, then sign in:', '{link}', 'It is good for one day.'],
      reason: 'If you expected nothing like this, do nothing, or ask whoever runs this Matchday.',
    },
  },
  de: {
    confirm: {
      subject: 'E-Mail-Adresse für Matchday bestätigen',
      lines: [
        'Willkommen bei Matchday! Bitte diesen Link öffnen und das gewählte Passwort eingeben:',
        '{link}',
        'Er gilt einen Tag.',
      ],
      reason:
        'Wer sich nicht angemeldet hat, braucht nichts zu tun: Ohne das Passwort kann niemand die Adresse verwenden.',
    },
    'known-address': {
      subject: 'Für diese Adresse gibt es schon ein Matchday-Konto',
      lines: [
        'Jemand, vermutlich Sie selbst, wollte mit dieser Adresse ein Konto anlegen. Es gibt schon eines: einfach anmelden.',
        'Wer das Passwort vergessen hat, kann sich einen Link schicken lassen und ein neues setzen.',
      ],
      reason: 'Wer es nicht selbst war, braucht nichts zu tun: Es wurde nichts geändert.',
    },
    reset: {
      subject: 'Neues Passwort für Matchday setzen',
      lines: [
        'Bitte diesen Link öffnen, um ein neues Passwort zu setzen:',
        '{link}',
        'Er gilt eine halbe Stunde und meldet überall ab.',
      ],
      reason: 'Wer das nicht wollte, braucht nichts zu tun: Das Passwort bleibt, wie es ist.',
    },
    administrator: {
      subject: 'Sie verwalten jetzt Matchday mit',
      lines: [
        'Bitte diesen Link öffnen, ein Passwort setzen und sich dann anmelden:',
        '{link}',
        'Er gilt einen Tag.',
      ],
      reason: 'Wer damit nicht gerechnet hat, tut nichts oder fragt nach, wer dieses Matchday betreibt.',
    },
  },
}

/** Paragraphs with an empty line between them. */
export function mailText(kind: MailKind, language: Language, link: string | null): MailText {
  const { subject, lines, reason } = templates[language][kind]
  const text = [...lines, reason].map((line) => line.replace('{link}', link ?? '')).join('\n\n')
  return { subject, text: `${text}\n` }
}
