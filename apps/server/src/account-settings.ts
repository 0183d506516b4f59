import { isEmail, passwordProblem } from '@matchday/contracts'
import type { Setting } from '@matchday/kernel'
import { encryptedUrl, url } from './setting-parsers.ts'

type Optional = Setting<string | undefined>

export const registrations = ['open', 'approved', 'closed'] as const
export type Registration = (typeof registrations)[number]
const plainHttp = ['allowed', 'refused'] as const
export type PlainHttp = (typeof plainHttp)[number]

const word = (text: string) => (/^\S{1,500}$/.test(text) ? text : undefined)

/** Another service that one realm can sign in with (OpenID Connect). */
function oidcOf(realm: 'staff' | 'players') {
  const family = (name: string, summary: string) => ({
    ...{ name: `${realm}-oidc-${name}`, summary, default: undefined },
    family: { name: `<realm>-oidc-${name}`, summary },
  })
  return {
    issuer: {
      ...family('issuer', 'The other service'),
      defaultText: 'none',
      hint: 'a URL that begins with https:// (http:// on this machine alone)',
      parse: encryptedUrl,
    } satisfies Optional,
    clientId: {
      ...family('client-id', 'What Matchday is called there'),
      defaultText: 'none',
      hint: 'a text without spaces',
      parse: word,
    } satisfies Optional,
    clientSecret: {
      ...family('client-secret', 'The secret that goes with it'),
      defaultText: 'none',
      hint: 'a text without spaces',
      parse: word,
    } satisfies Optional,
    title: {
      ...family('name', 'What the button says: Sign in with …'),
      defaultText: 'the host of the issuer',
      hint: 'up to 60 characters',
      parse: (text) => (text.length <= 60 ? text : undefined),
    } satisfies Optional,
  }
}

/** Who may have an account. */
export const accounts = {
  registration: {
    name: 'registration',
    summary:
      'Who may make an account for organisers’ people, and register an organisation: closed (whoever is invited), approved (anybody; an administrator approves organisations), open (anybody)',
    default: undefined,
    defaultText: 'closed with the built-in database, else approved',
    hint: `one of ${registrations.join(', ')}`,
    parse: (text) => registrations.find((known) => known === text),
  } satisfies Setting<Registration | undefined>,
  plainHttpAccounts: {
    name: 'plain-http-accounts',
    summary: 'Whether one can sign in over connections that are not encrypted: allowed, refused',
    default: undefined,
    defaultText: 'allowed with the built-in database, else refused',
    hint: `one of ${plainHttp.join(', ')}`,
    parse: (text) => plainHttp.find((known) => known === text),
  } satisfies Setting<PlainHttp | undefined>,
  superadminEmail: {
    name: 'superadmin-email',
    summary: 'Administrator of the platform, made at the first start; goes with the password',
    default: undefined,
    defaultText: 'none',
    hint: 'an e-mail address',
    parse: (text) => (isEmail(text) ? text : undefined),
  } satisfies Optional,
  superadminPassword: {
    name: 'superadmin-password',
    summary: 'His first password, better set as a variable; to be changed when he has signed in',
    default: undefined,
    defaultText: 'none',
    hint: 'at least 15 characters, at most 128, without spaces at its ends',
    parse: (text) => (passwordProblem(text, 'staff') === undefined ? text : undefined),
  } satisfies Optional,
}

/** How mails are sent. */
export const mails = {
  smtpUrl: {
    name: 'smtp-url',
    summary: 'Mail server; user and password may be part of the URL',
    default: undefined,
    defaultText: 'none: links are shown in the terminal, and at /outbox on this computer',
    hint: 'a URL that begins with smtp:// or smtps://',
    parse: url(['smtp:', 'smtps:']),
  } satisfies Optional,
  mailFrom: {
    name: 'mail-from',
    summary: 'Sender of mails',
    default: undefined,
    defaultText: 'none; needed with a mail server',
    hint: 'an e-mail address',
    parse: (text) => (isEmail(text) ? text : undefined),
  } satisfies Optional,
}

const [staffOidc, playersOidc] = [oidcOf('staff'), oidcOf('players')]

/** Who else may say who somebody is. */
export const otherSignIns = {
  staffOidcIssuer: staffOidc.issuer,
  staffOidcClientId: staffOidc.clientId,
  staffOidcClientSecret: staffOidc.clientSecret,
  staffOidcName: staffOidc.title,
  playersOidcIssuer: playersOidc.issuer,
  playersOidcClientId: playersOidc.clientId,
  playersOidcClientSecret: playersOidc.clientSecret,
  playersOidcName: playersOidc.title,
}
