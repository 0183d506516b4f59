import { readSettings } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { checkTogether, databaseUrlOf, isEmbedded, needsOwnKey } from './config.ts'
import { settings } from './settings.ts'

const read = (environment: Readonly<Record<string, string>>) =>
  readSettings(settings, { flags: [], environment })
const broker = { MATCHDAY_NATS_URL: 'nats://canary:canary@127.0.0.1:4222,tls://b:4222' }
const key = { MATCHDAY_TOKEN_KEY: '{"canary":1}' }
const database = { MATCHDAY_DATABASE_URL: 'postgres://canary@127.0.0.1/x' }
const place = { MATCHDAY_PUBLIC_URL: 'https://cup.example' }

describe('settings together', () => {
  it.each([
    ['nothing set', {}],
    ['all roles with a broker, on one machine', broker],
    ['all roles with a database of the user', database],
    [
      'a gateway that only checks tokens',
      { ...broker, MATCHDAY_ROLES: 'gateway', MATCHDAY_TOKEN_PUBLIC_KEY: '{}' },
    ],
    ['a gateway with the whole key', { ...broker, ...key, MATCHDAY_ROLES: 'gateway' }],
    ['a service', { ...broker, ...key, ...database, ...place, MATCHDAY_ROLES: 'tournaments' }],
  ])('are right: %s', (_, environment) => {
    expect(() => checkTogether(read(environment))).not.toThrow()
  })

  it.each([
    [
      'some roles without a broker',
      { MATCHDAY_ROLES: 'gateway' },
      /--roles: tournaments missing.*MATCHDAY_NATS_URL/,
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
  ])('are wrong: %s', (_, environment, message) => {
    const check = () => checkTogether(read(environment))
    expect(check).toThrow(message)
    expect(check).not.toThrow(/canary/)
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

it('a key is made on this machine only where nobody else needs it', () => {
  expect(needsOwnKey(read({}))).toBe(true)
  expect(needsOwnKey(read(database))).toBe(true)
  expect(needsOwnKey(read(key))).toBe(false)
  const gateway = { ...broker, MATCHDAY_ROLES: 'gateway', MATCHDAY_TOKEN_PUBLIC_KEY: '{}' }
  expect(needsOwnKey(read(gateway))).toBe(false)
})

it.each([
  ['MATCHDAY_NATS_URL', 'http://canary'],
  ['MATCHDAY_NATS_URL', 'nats://good,canary'],
  ['MATCHDAY_TOURNAMENTS_DATABASE_URL', 'mysql://canary'],
  ['MATCHDAY_TOURNAMENTS_REPLICA_URL', 'canary'],
  ['MATCHDAY_DATABASE_CONNECTIONS', '1'],
  ['MATCHDAY_TOKEN_PUBLIC_KEY', 'canary'],
  ['MATCHDAY_METRICS_PORT', '70000'],
  ['MATCHDAY_DRAIN_DELAY', '60001'],
  ['MATCHDAY_ROLES', 'gateway,canary'],
  ['MATCHDAY_STAFF_OIDC_ISSUER', 'http://canary.example'],
  ['MATCHDAY_PLAYERS_OIDC_ISSUER', 'http://localhost.canary.example'],
  ['MATCHDAY_PLAYERS_OIDC_ISSUER', 'canary'],
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
