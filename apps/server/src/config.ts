import { superadminPasswordProblem } from '@matchday/identity'
import { Fault, readSettings, type SettingValues } from '@matchday/kernel'
import type { PlainHttp, Registration } from './account-settings.ts'
import { roleNames, type ServiceName, servicesOfRole } from './role-names.ts'
import { settings } from './settings.ts'

export type Config = SettingValues<typeof settings>

/** The only place where the environment is read. Throws Fault `bad-configuration`. */
export function readConfig(flags: readonly string[]): Config {
  return readSettings(settings, { flags, environment: process.env })
}

/** Where a service's database is; undefined: the built-in one. */
export function databaseUrlOf(config: Config, service: ServiceName): string | undefined {
  return config[`${service}-database-url`] ?? config.databaseUrl
}

export function replicaUrlOf(config: Config, service: ServiceName): string | undefined {
  return config[`${service}-replica-url`]
}

/** Services that this process runs. */
export function servicesOf(config: Config): readonly ServiceName[] {
  return config.roles.flatMap((role) => servicesOfRole[role])
}

/** Whether the built-in database is needed. */
export function isEmbedded(config: Config): boolean {
  return servicesOf(config).some((service) => databaseUrlOf(config, service) === undefined)
}

/** Without a word of the settings: strict where strangers come by, and easy on a laptop among friends. */
export function registrationOf(config: Config): Registration {
  return config.registration ?? (isLaptop(config) ? 'closed' : 'approved')
}

export function plainHttpAccountsOf(config: Config): PlainHttp {
  return config.plainHttpAccounts ?? (isLaptop(config) ? 'allowed' : 'refused')
}

/** All of it on one machine, and no other address than its own. */
export function isLaptop(config: Config): boolean {
  return (
    config.natsUrl === undefined && isEmbedded(config) && !(config.publicUrl?.startsWith('https:') ?? false)
  )
}

/** Settings that are right one by one, and wrong together. Throws Fault `bad-configuration`, with all of it. */
export function checkTogether(config: Config): void {
  const problems = [
    ...brokerProblems(config),
    ...keyProblems(config),
    ...placeProblems(config),
    ...accountProblems(config),
  ]
  if (problems.length === 0) return
  const lines = problems.map((problem) => `  ${problem}`).join('\n')
  throw new Fault('bad-configuration', `The configuration is not right:\n${lines}`, {
    hint: 'matchday --help lists every setting; docs/operations.md says how they go together.',
  })
}

function brokerProblems(config: Config): readonly string[] {
  if (config.natsUrl !== undefined) return []
  const missing = roleNames.filter((role) => !config.roles.includes(role)).join(', ')
  return [
    // Without a broker requests can't leave the process, so all roles must be in it.
    ...(missing === ''
      ? []
      : [
          `MATCHDAY_ROLES: ${missing} missing: without a broker (MATCHDAY_NATS_URL), one process plays all roles.`,
        ]),
    ...(config.natsCreds === undefined ? [] : ['MATCHDAY_NATS_CREDS: goes with MATCHDAY_NATS_URL.']),
    ...(config.natsCa === undefined ? [] : ['MATCHDAY_NATS_CA: goes with MATCHDAY_NATS_URL.']),
  ]
}

/** Whether other processes sign or check the same tokens, so that a key of this machine's own would not do. */
export function sharesKeys(config: Config): boolean {
  return config.natsUrl !== undefined && !(config.roles.length === roleNames.length && isEmbedded(config))
}

/** Whether the key is one that this machine made for itself. */
export function needsOwnKey(config: Config): boolean {
  return config.tokenKey === undefined && !(config.tokenPublicKey !== undefined && sharesKeys(config))
}

function keyProblems(config: Config): readonly string[] {
  if (!sharesKeys(config) || config.tokenKey !== undefined) return []
  if (servicesOf(config).length > 0)
    return ['MATCHDAY_TOKEN_KEY: all processes must have the same. Make one with: matchday token-key']
  if (config.tokenPublicKey !== undefined) return []
  return ['MATCHDAY_TOKEN_PUBLIC_KEY: a gateway needs it to know whom it speaks to. See: matchday token-key']
}

function placeProblems(config: Config): readonly string[] {
  const { roles, publicUrl, port, metricsPort } = config
  return [
    ...(servicesOf(config).length > 0 && !roles.includes('gateway') && publicUrl === undefined
      ? ['MATCHDAY_PUBLIC_URL: without a gateway in this process nobody knows which address a link needs.']
      : []),
    ...(metricsPort !== undefined && metricsPort !== 0 && metricsPort === port
      ? ['MATCHDAY_METRICS_PORT: must differ from MATCHDAY_PORT, which everybody can reach.']
      : []),
  ]
}

function accountProblems(config: Config): readonly string[] {
  const { smtpUrl, mailFrom } = config
  return [
    ...superadminProblems(config),
    ...(smtpUrl !== undefined && mailFrom === undefined
      ? ['MATCHDAY_MAIL_FROM: a mail server needs to know who writes.']
      : []),
    ...(smtpUrl === undefined && mailFrom !== undefined
      ? ['MATCHDAY_MAIL_FROM: goes with MATCHDAY_SMTP_URL.']
      : []),
    ...oidcProblems(config, 'staff'),
    ...oidcProblems(config, 'players'),
  ]
}

function superadminProblems({ superadminEmail: email, superadminPassword: password }: Config) {
  if (email === undefined && password === undefined) return []
  if (email === undefined || password === undefined)
    return ['MATCHDAY_SUPERADMIN_EMAIL and MATCHDAY_SUPERADMIN_PASSWORD: go together.']
  const problem = superadminPasswordProblem({ email, password })
  return problem === undefined ? [] : [`MATCHDAY_SUPERADMIN_PASSWORD: ${problem}`]
}

function oidcProblems(config: Config, realm: 'staff' | 'players'): readonly string[] {
  const [issuer, clientId] = [config[`${realm}OidcIssuer`], config[`${realm}OidcClientId`]]
  const prefix = `MATCHDAY_${realm.toUpperCase()}_OIDC`
  if ((issuer === undefined) !== (clientId === undefined))
    return [`${prefix}_ISSUER and ${prefix}_CLIENT_ID: go together.`]
  const others = { CLIENT_SECRET: config[`${realm}OidcClientSecret`], NAME: config[`${realm}OidcName`] }
  return Object.entries(others)
    .filter(([, value]) => value !== undefined && issuer === undefined)
    .map(([name]) => `${prefix}_${name}: goes with ${prefix}_ISSUER.`)
}

/** What is right, and may surprise whoever set it. */
export function notesOn(config: Config): readonly string[] {
  const { roles, publicUrl, smtpUrl } = config
  const isPlain = publicUrl?.startsWith('http:') === true
  return [
    ...(roles.includes('gateway') && isPlain && plainHttpAccountsOf(config) === 'refused'
      ? [
          'MATCHDAY_PUBLIC_URL is not encrypted, so nobody can sign in there (MATCHDAY_PLAIN_HTTP_ACCOUNTS). Guests can play.',
        ]
      : []),
    ...(roles.includes('identity') && smtpUrl === undefined && registrationOf(config) !== 'closed'
      ? [
          'MATCHDAY_SMTP_URL is not set: links of mails are printed by the process that has the role identity.',
        ]
      : []),
  ]
}
