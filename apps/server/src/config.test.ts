import { readSettings } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import {
  checkTogether,
  databaseUrlOf,
  isEmbedded,
  needsOwnKey,
  notesOn,
  plainHttpAccountsOf,
  registrationOf,
} from './config.ts'
import { settings } from './settings.ts'

const read = (environment: Readonly<Record<string, string>>) =>
  readSettings(settings, { flags: [], environment })
const broker = { MATCHDAY_NATS_URL: 'nats://canary:canary@127.0.0.1:4222,tls://b:4222' }
const key = { MATCHDAY_TOKEN_KEY: '{"canary":1}' }
const database = { MATCHDAY_DATABASE_URL: 'postgres://canary@127.0.0.1/x' }
const place = { MATCHDAY_PUBLIC_URL: 'https://cup.example' }
const superadmin = {
  MATCHDAY_SUPERADMIN_EMAIL: 'canary@cup.example',
  MATCHDAY_SUPERADMIN_PASSWORD: 'canary bird in a coal mine',
}
const otherSignIn = {
  MATCHDAY_STAFF_OIDC_ISSUER: 'https://canary.example',
  MATCHDAY_STAFF_OIDC_CLIENT_ID: 'canary',
}

describe('settings together', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['nothing set', {}],
    ['all roles with a broker, on one machine', broker],
    ['all roles with a database of the user', database],
    [
      'a gateway that only checks tokens',
      { ...broker, MATCHDAY_ROLES: 'gateway', MATCHDAY_TOKEN_PUBLIC_KEY: '{}' },
    ],
    ['a gateway with the whole key', { ...broker, ...key, MATCHDAY_ROLES: 'gateway' }],
    ['a service', { ...broker, ...key, ...database, ...place, MATCHDAY_ROLES: 'organizations' }],
    ['several', { ...broker, ...key, ...database, ...place, MATCHDAY_ROLES: 'identity,tournaments' }],
    ['an administrator', superadmin],
    ['mails', { MATCHDAY_SMTP_URL: 'smtp://canary:canary@mail', MATCHDAY_MAIL_FROM: 'a@cup.example' }],
    ['another service to sign in with', { ...otherSignIn, MATCHDAY_STAFF_OIDC_CLIENT_SECRET: 'canary' }],
    ['one on this machine', { ...otherSignIn, MATCHDAY_STAFF_OIDC_ISSUER: 'http://localhost:9000' }],
  ])('are right: %s', (_, environment) => {
    expect(() => checkTogether(read(environment))).not.toThrow()
  })

  it.each([
    [
      'some roles without a broker',
      { MATCHDAY_ROLES: 'gateway' },
      /MATCHDAY_ROLES: tournaments, organizations, identity missing.*MATCHDAY_NATS_URL/,
    ],
    [
      'credentials for no broker',
      { MATCHDAY_NATS_CREDS: 'canary' },
      /MATCHDAY_NATS_CREDS: goes with MATCHDAY_NATS_URL/,
    ],
    ['a certificate for no broker', { MATCHDAY_NATS_CA: 'canary' }, /MATCHDAY_NATS_CA: goes with/],
    [
      'a service without a key',
      { ...broker, ...database, ...place, MATCHDAY_ROLES: 'tournaments' },
      /MATCHDAY_TOKEN_KEY: .*token-key/,
    ],
    [
      'all roles, of which there may be several, without a key',
      { ...broker, ...database },
      /MATCHDAY_TOKEN_KEY:/,
    ],
    ['a gateway without a key', { ...broker, MATCHDAY_ROLES: 'gateway' }, /MATCHDAY_TOKEN_PUBLIC_KEY:/],
    [
      'a service that does not know the address',
      { ...broker, ...key, ...database, MATCHDAY_ROLES: 'tournaments' },
      /MATCHDAY_PUBLIC_URL:/,
    ],
    ['metrics for everybody', { MATCHDAY_METRICS_PORT: '3000' }, /MATCHDAY_METRICS_PORT:/],
    [
      'accounts without a key',
      { ...broker, ...database, ...place, MATCHDAY_ROLES: 'identity' },
      /MATCHDAY_TOKEN_KEY:/,
    ],
    [
      'an administrator without a password',
      { MATCHDAY_SUPERADMIN_EMAIL: 'canary@cup.example' },
      /MATCHDAY_SUPERADMIN_EMAIL and MATCHDAY_SUPERADMIN_PASSWORD: go together/,
    ],
    [
      'an administrator whose password is his address',
      { ...superadmin, MATCHDAY_SUPERADMIN_PASSWORD: 'canary@cup.example' },
      /MATCHDAY_SUPERADMIN_PASSWORD: It is your name or address/,
    ],
    [
      'an administrator with a password that everybody knows',
      { ...superadmin, MATCHDAY_SUPERADMIN_PASSWORD: 'qwertyqwertyqwerty' },
      /MATCHDAY_SUPERADMIN_PASSWORD: Everybody knows/,
    ],
    ['mails from nobody', { MATCHDAY_SMTP_URL: 'smtp://canary@mail' }, /MATCHDAY_MAIL_FROM: a mail server/],
    [
      'a sender without a server',
      { MATCHDAY_MAIL_FROM: 'canary@cup.example' },
      /MATCHDAY_MAIL_FROM: goes with MATCHDAY_SMTP_URL/,
    ],
    [
      'another service without a name for us',
      { MATCHDAY_PLAYERS_OIDC_ISSUER: 'https://canary.example' },
      /MATCHDAY_PLAYERS_OIDC_ISSUER and MATCHDAY_PLAYERS_OIDC_CLIENT_ID: go together/,
    ],
    [
      'a secret for no other service',
      { MATCHDAY_STAFF_OIDC_CLIENT_SECRET: 'canary' },
      /MATCHDAY_STAFF_OIDC_CLIENT_SECRET: goes with MATCHDAY_STAFF_OIDC_ISSUER/,
    ],
  ])('are wrong: %s', (_, environment, message) => {
    const check = () => checkTogether(read(environment))
    expect(check).toThrow(message)
    expect(check).not.toThrow(/canary/)
  })

  it('that are right and may surprise are told, without their values', () => {
    const many = { ...broker, ...key, ...database }
    const plain = { ...many, MATCHDAY_PUBLIC_URL: 'http://canary.example' }
    expect(notesOn(read({}))).toEqual([])
    expect(notesOn(read({ ...many, ...place, MATCHDAY_ROLES: 'gateway' }))).toEqual([])
    expect(notesOn(read({ ...plain, MATCHDAY_ROLES: 'gateway' })).join()).toMatch(/nobody can sign in/)
    expect(notesOn(read({ ...plain, MATCHDAY_ROLES: 'identity' })).join()).toMatch(/links .* are printed/)
    expect(notesOn(read(plain)).join()).not.toContain('canary')
    expect(notesOn(read({ ...plain, MATCHDAY_PLAIN_HTTP_ACCOUNTS: 'allowed' }))).toHaveLength(1)
  })

  it('tell all that is wrong at once', () => {
    const environment = { ...broker, MATCHDAY_ROLES: 'tournaments' }
    expect(() => checkTogether(read(environment))).toThrow(/TOKEN_KEY[\s\S]*PUBLIC_URL/)
  })
})

describe('a service’s database', () => {
  it('is its own, else that of all, else the built-in one', () => {
    const own = { MATCHDAY_TOURNAMENTS_DATABASE_URL: 'postgres://own/x' }
    expect(databaseUrlOf(read({ ...own, ...database }), 'tournaments')).toBe('postgres://own/x')
    expect(databaseUrlOf(read(database), 'tournaments')).toBe(database.MATCHDAY_DATABASE_URL)
    expect(isEmbedded(read(database))).toBe(false)
    expect(isEmbedded(read({}))).toBe(true)
    expect(isEmbedded(read({ ...broker, MATCHDAY_ROLES: 'gateway' }))).toBe(false)
  })
})

it('accounts are strict where strangers come by, and easy on a laptop among friends', () => {
  const modes = (environment: Readonly<Record<string, string>>) => {
    const config = read(environment)
    return [registrationOf(config), plainHttpAccountsOf(config)]
  }
  expect(modes({})).toEqual(['closed', 'allowed'])
  expect(modes({ MATCHDAY_PUBLIC_URL: 'http://10.0.0.1:3000' })).toEqual(['closed', 'allowed'])
  expect(modes(place)).toEqual(['approved', 'refused'])
  expect(modes(database)).toEqual(['approved', 'refused'])
  expect(modes({ ...broker, ...key })).toEqual(['approved', 'refused'])
  const said = { MATCHDAY_REGISTRATION: 'open', MATCHDAY_PLAIN_HTTP_ACCOUNTS: 'refused' }
  expect(modes(said)).toEqual(['open', 'refused'])
})

it('a key is made on this machine only where nobody else needs it', () => {
  expect(needsOwnKey(read({}))).toBe(true)
  expect(needsOwnKey(read(database))).toBe(true)
  expect(needsOwnKey(read(key))).toBe(false)
  const gateway = { ...broker, MATCHDAY_ROLES: 'gateway', MATCHDAY_TOKEN_PUBLIC_KEY: '{}' }
  expect(needsOwnKey(read(gateway))).toBe(false)
})

it.each<readonly [string, string]>([
  ['MATCHDAY_NATS_URL', 'http://canary'],
  ['MATCHDAY_NATS_URL', 'nats://good,canary'],
  ['MATCHDAY_TOURNAMENTS_DATABASE_URL', 'mysql://canary'],
  ['MATCHDAY_TOURNAMENTS_REPLICA_URL', 'canary'],
  ['MATCHDAY_DATABASE_CONNECTIONS', '1'],
  ['MATCHDAY_TOKEN_PUBLIC_KEY', 'canary'],
  ['MATCHDAY_METRICS_PORT', '70000'],
  ['MATCHDAY_DRAIN_DELAY', '60001'],
  ['MATCHDAY_ROLES', 'gateway,canary'],
  ...['ORGANIZATIONS', 'IDENTITY_STAFF', 'IDENTITY_PLAYERS'].flatMap((service) => [
    [`MATCHDAY_${service}_DATABASE_URL`, 'canary'] satisfies [string, string],
    [`MATCHDAY_${service}_REPLICA_URL`, 'http://canary'] satisfies [string, string],
  ]),
  ['MATCHDAY_REGISTRATION', 'canary'],
  ['MATCHDAY_PLAIN_HTTP_ACCOUNTS', 'canary'],
  ['MATCHDAY_SUPERADMIN_EMAIL', 'canary'],
  ['MATCHDAY_SUPERADMIN_PASSWORD', 'canary'],
  ['MATCHDAY_SMTP_URL', 'http://canary'],
  ['MATCHDAY_MAIL_FROM', 'canary'],
  ['MATCHDAY_STAFF_OIDC_ISSUER', 'http://canary.example'],
  ['MATCHDAY_PLAYERS_OIDC_ISSUER', 'http://localhost.canary.example'],
  ['MATCHDAY_PLAYERS_OIDC_ISSUER', 'canary'],
  ['MATCHDAY_STAFF_OIDC_CLIENT_ID', 'can ary'],
  ['MATCHDAY_PLAYERS_OIDC_CLIENT_SECRET', 'can ary'],
  ['MATCHDAY_STAFF_OIDC_NAME', `canary${'.'.repeat(60)}`],
])('%s=%s is refused by name', (name, value) => {
  const check = () => read({ [name]: value })
  expect(check).toThrow(new RegExp(`${name}: `))
  expect(check).not.toThrow(/canary/)
})

it.each([
  'https://sign-in.example',
  'http://localhost:9000',
  'http://127.0.0.1:9000/realms/club',
  'http://[::1]',
])('another service to sign in with may be %s', (issuer) => {
  expect(read({ MATCHDAY_STAFF_OIDC_ISSUER: issuer }).staffOidcIssuer).toBe(issuer)
})
