import type { Realm } from '@matchday/contracts'
import { defineIdentity, type IdentityConfig, type MailNotice } from '@matchday/identity'
import type { Addresses } from './addresses.ts'
import { type Config, registrationOf } from './config.ts'
import type { Role, RoleContext } from './role.ts'
import { startService } from './service-role.ts'

/** Both realms: one program twice, with a database for each. */
export const startIdentityRole: Role['start'] = async (context) => {
  const running = await Promise.all([
    startService(context, { ...defineIdentity(configOf('staff', context)), name: 'identity-staff' }),
    startService(context, { ...defineIdentity(configOf('players', context)), name: 'identity-players' }),
  ])
  return {
    health: () => running.flatMap((service) => service.health()),
    standBack: async () => void (await Promise.all(running.map((service) => service.standBack()))),
  }
}

function configOf(realm: Realm, context: RoleContext): IdentityConfig {
  const { config, keys, log, clock } = context
  if (keys.secretFor === null) throw new Error('the settings were to be checked for a key with secrets')
  const { smtpUrl, mailFrom, superadminEmail, superadminPassword } = config
  const hasMail = smtpUrl !== undefined && mailFrom !== undefined
  const hasSuperadmin = superadminEmail !== undefined && superadminPassword !== undefined
  return {
    realm,
    // The setting is about organisers' people; whoever plays may have an account anywhere.
    registration: realm === 'players' ? 'open' : registrationOf(config),
    secret: keys.secretFor(`identity of ${realm}`),
    publicUrl: () => context.publicAddress(),
    log: log.child({ realm }),
    clock,
    ...(hasMail ? { smtp: { url: smtpUrl, from: mailFrom } } : {}),
    onMail: (mail) => context.tell(() => mailNotice(mail)),
    ...oidcOf(realm, config, context),
    ...(realm === 'staff'
      ? { onSetupLink: (link) => context.tell((addresses) => setupNotice(nearest(link, addresses, config))) }
      : {}),
    ...(realm === 'staff' && hasSuperadmin
      ? { superadmin: { email: superadminEmail, password: superadminPassword } }
      : {}),
  }
}

function oidcOf(realm: Realm, config: Config, { publicAddress }: RoleContext): Pick<IdentityConfig, 'oidc'> {
  const issuer = config[`${realm}OidcIssuer`]
  const clientId = config[`${realm}OidcClientId`]
  if (issuer === undefined || clientId === undefined) return {}
  const clientSecret = config[`${realm}OidcClientSecret`]
  return {
    oidc: {
      name: config[`${realm}OidcName`] ?? new URL(issuer).host,
      issuer,
      clientId,
      ...(clientSecret === undefined ? {} : { clientSecret }),
      redirectUrl: () => `${publicAddress()}/${realm === 'staff' ? 'office' : 'me'}/return`,
      isInsecureAllowed: issuer.startsWith('http:'),
    },
  }
}

/**
 * Who starts Matchday for the first time sits at this computer: there the browser keeps a session safe, even without
 * https. Where the gateway is somewhere else, only the public address leads to it.
 */
function nearest(link: string, { local }: Addresses, { roles, publicUrl }: Config): string {
  if (!roles.includes('gateway') || publicUrl?.startsWith('https:')) return link
  const { pathname, hash } = new URL(link)
  return `${local}${pathname}${hash}`
}

function setupNotice(link: string): string {
  return `
  There is no administrator yet. Whoever opens this link first becomes one, with an account and an organisation:

  ${link}

  Tournaments need no account.

`
}

function mailNotice({ to, subject, link }: MailNotice): string {
  return `\n  Mail to ${to}: ${subject}\n${link === null ? '' : `  ${link}\n`}`
}
