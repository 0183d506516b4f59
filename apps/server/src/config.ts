import { readSettings, type Setting, type SettingValues } from '@matchday/kernel'
import { isRoleName, type RoleName, roleNames } from './roles.ts'

const port = (text: string) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined)
const count = (text: string) => (/^\d{1,3}$/.test(text) ? Number(text) : undefined)
const list = (text: string) => text.split(',').map((part) => part.trim())

function url(protocols: readonly string[]) {
  return (text: string) =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined
}

function origins(text: string): readonly string[] | undefined {
  const all = list(text)
  return all.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin) ? all : undefined
}

function roles(text: string): readonly RoleName[] | undefined {
  const all = list(text)
  return all.length > 0 && all.every(isRoleName) ? all : undefined
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** Every setting of Matchday, the only place where the environment is read. */
export const settings = {
  host: {
    name: 'host',
    summary: 'Address to listen on',
    default: '0.0.0.0',
    defaultText: '0.0.0.0 (all interfaces)',
    hint: 'an address or a host name of this machine, such as 127.0.0.1',
    parse: (text) => (/^[0-9A-Za-z.:_-]{1,253}$/.test(text) ? text : undefined),
  } satisfies Setting<string>,
  port: {
    name: 'port',
    summary: 'Port to listen on; 0 takes a free one',
    default: 3000,
    hint: 'a whole number from 0 to 65535',
    parse: port,
  } satisfies Setting<number>,
  data: {
    name: 'data',
    summary: 'Folder for the database and the keys',
    default: './data',
    hint: 'the path of a folder',
    parse: (text) => (text.length > 0 && !text.includes('\0') ? text : undefined),
  } satisfies Setting<string>,
  databaseUrl: {
    name: 'database-url',
    summary: 'A PostgreSQL server of your own (15 or newer) in place of the built-in one',
    default: undefined,
    defaultText: 'none, the built-in one is used',
    hint: 'a URL that begins with postgres:// or postgresql://',
    parse: url(['postgres:', 'postgresql:']),
  } satisfies Setting<string | undefined>,
  publicUrl: {
    name: 'public-url',
    summary: 'Address under which phones reach Matchday; goes into the QR code',
    default: undefined,
    defaultText: "this machine's address in the local network",
    hint: 'a URL that begins with http:// or https://, without a path',
    parse: (text) =>
      url(['http:', 'https:'])(text) && new URL(text).pathname === '/' ? new URL(text).origin : undefined,
  } satisfies Setting<string | undefined>,
  roles: {
    name: 'roles',
    summary: 'Roles that this process plays (see --list-roles)',
    default: roleNames,
    defaultText: 'all',
    hint: `a list, separated by commas, of: ${roleNames.join(', ')}`,
    parse: roles,
  } satisfies Setting<readonly RoleName[]>,
  allowedOrigins: {
    name: 'allowed-origins',
    summary: 'Other web origins that may use the API from a browser',
    default: [],
    defaultText: 'none',
    hint: 'a list, separated by commas, of origins such as https://example.org',
    parse: origins,
  } satisfies Setting<readonly string[]>,
  trustedProxies: {
    name: 'trusted-proxies',
    summary: 'How many proxies in front of Matchday may be believed in X-Forwarded-For',
    default: 0,
    hint: 'a whole number from 0 to 999',
    parse: count,
  } satisfies Setting<number>,
  tokenKey: {
    name: 'token-key',
    summary: 'Key that signs tokens: an Ed25519 private key as JWK',
    default: undefined,
    defaultText: 'made at the first start, in the data folder',
    hint: 'an Ed25519 private key as JWK, in one line of JSON',
    parse: (text) => (text.startsWith('{') ? text : undefined),
  } satisfies Setting<string | undefined>,
  logLevel: {
    name: 'log-level',
    summary: 'How much is logged (JSON lines on standard error)',
    default: 'warn',
    hint: `one of ${logLevels.join(', ')}`,
    parse: (text) => logLevels.find((level) => level === text),
  } satisfies Setting<(typeof logLevels)[number]>,
}

export type Config = SettingValues<typeof settings>

/** Throws Fault `bad-configuration`. */
export function readConfig(flags: readonly string[]): Config {
  return readSettings(settings, { flags, environment: process.env })
}
