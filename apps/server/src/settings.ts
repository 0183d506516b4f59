import { databaseLimits, type Setting } from '@matchday/kernel'
import { accounts } from './account-settings.ts'
import { isRoleName, type RoleName, roleNames, type ServiceName } from './role-names.ts'
import { listOf, origin, path, port, url, whole } from './setting-parsers.ts'

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
const postgresUrl = url(['postgres:', 'postgresql:'])
const postgresHint = 'a URL that begins with postgres:// or postgresql://'
const brokerUrl = url(['nats:', 'tls:'])
const webUrl = url(['http:', 'https:'])

type Optional = Setting<string | undefined>

const place = {
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
    summary: 'Folder for the built-in database and the keys',
    default: './data',
    hint: 'the path of a folder',
    parse: path,
  } satisfies Setting<string>,
  publicUrl: {
    name: 'public-url',
    summary: 'Address under which phones reach Matchday; goes into the QR code',
    default: undefined,
    defaultText: "this machine's address in the local network",
    hint: 'a URL that begins with http:// or https://, without a path',
    parse: (text) => (webUrl(text) && new URL(text).pathname === '/' ? new URL(text).origin : undefined),
  } satisfies Optional,
}

function databaseOf(service: ServiceName): Optional {
  return {
    name: `${service}-database-url`,
    summary: `The same for ${service} alone`,
    default: undefined,
    defaultText: 'what MATCHDAY_DATABASE_URL says',
    hint: postgresHint,
    parse: postgresUrl,
  }
}

function replicaOf(service: ServiceName): Optional {
  return {
    name: `${service}-replica-url`,
    summary: `A read-only replica from which ${service} answers queries that need not be the newest`,
    default: undefined,
    defaultText: 'none',
    hint: postgresHint,
    parse: postgresUrl,
  }
}

const databases = {
  databaseUrl: {
    name: 'database-url',
    summary: 'A PostgreSQL server of your own (15 or newer) in place of the built-in one',
    default: undefined,
    defaultText: 'none, the built-in one is used',
    hint: postgresHint,
    parse: postgresUrl,
  } satisfies Optional,
  databaseConnections: {
    name: 'database-connections',
    summary: 'Connections that one process of a service opens at most',
    default: databaseLimits.storeConnectionsMax,
    hint: 'a whole number from 2 to 100',
    parse: whole(2, 100),
  } satisfies Setting<number>,
  'tournaments-database-url': databaseOf('tournaments'),
  'tournaments-replica-url': replicaOf('tournaments'),
  'organizations-database-url': databaseOf('organizations'),
  'organizations-replica-url': replicaOf('organizations'),
  'identity-staff-database-url': databaseOf('identity-staff'),
  'identity-staff-replica-url': replicaOf('identity-staff'),
  'identity-players-database-url': databaseOf('identity-players'),
  'identity-players-replica-url': replicaOf('identity-players'),
}

const manyProcesses = {
  roles: {
    name: 'roles',
    summary: 'Roles that this process plays (see --list-roles); some of them need a broker',
    default: roleNames,
    defaultText: 'all',
    hint: `a list, separated by commas, of: ${roleNames.join(', ')}`,
    parse: listOf((text) => (isRoleName(text) ? text : undefined)),
  } satisfies Setting<readonly RoleName[]>,
  natsUrl: {
    name: 'nats-url',
    summary: 'NATS servers between the processes; user and password may be part of the URL',
    default: undefined,
    defaultText: 'none, all runs in one process',
    hint: 'a list, separated by commas, of URLs that begin with nats:// or tls://',
    parse: listOf(brokerUrl),
  } satisfies Setting<readonly string[] | undefined>,
  natsCreds: {
    name: 'nats-creds',
    summary: 'File with the credentials for NATS (user JWT and seed)',
    default: undefined,
    defaultText: 'none',
    hint: 'the path of a file',
    parse: path,
  } satisfies Optional,
  natsCa: {
    name: 'nats-ca',
    summary: 'File with the certificate that signed that of NATS (PEM)',
    default: undefined,
    defaultText: 'those that Node.js trusts',
    hint: 'the path of a file',
    parse: path,
  } satisfies Optional,
  natsReplicas: {
    name: 'nats-replicas',
    summary: 'On how many NATS servers each stream is kept, when it is made; 3 survives the loss of one',
    default: 1,
    hint: '1, 3 or 5, and no more than there are servers',
    parse: (text) => [1, 3, 5].find((count) => String(count) === text),
  } satisfies Setting<number>,
  drainDelay: {
    name: 'drain-delay',
    summary:
      'Milliseconds for which a process that is told to stop goes on serving, until load balancers know',
    default: 0,
    hint: 'a whole number from 0 to 60000',
    parse: whole(0, 60_000),
  } satisfies Setting<number>,
  metricsPort: {
    name: 'metrics-port',
    summary: 'Port for GET /metrics, /livez and /readyz, apart from the public one',
    default: undefined,
    defaultText: 'none; a process without the gateway has them on its only port',
    hint: 'a whole number from 0 to 65535',
    parse: port,
  } satisfies Setting<number | undefined>,
}

const jwk = (text: string) => (text.startsWith('{') ? text : undefined)
const keys = {
  tokenKey: {
    name: 'token-key',
    summary: 'Key that signs tokens: an Ed25519 private key as JWK (matchday token-key makes one)',
    default: undefined,
    defaultText: 'made at the first start, in the data folder',
    hint: 'an Ed25519 private key as JWK, in one line of JSON',
    parse: jwk,
  } satisfies Optional,
  tokenPublicKey: {
    name: 'token-public-key',
    summary: 'Its public half, which is all that a gateway needs',
    default: undefined,
    defaultText: 'taken from the private one',
    hint: 'an Ed25519 public key as JWK, in one line of JSON',
    parse: jwk,
  } satisfies Optional,
}

/** Every setting of Matchday; `--help` and `docs/operations.md` list them. */
export const settings = {
  ...place,
  ...databases,
  ...manyProcesses,
  ...keys,
  ...accounts,
  allowedOrigins: {
    name: 'allowed-origins',
    summary: 'Other web origins that may use the API from a browser',
    default: [],
    defaultText: 'none',
    hint: 'a list, separated by commas, of origins such as https://example.org',
    parse: listOf(origin),
  } satisfies Setting<readonly string[]>,
  trustedProxies: {
    name: 'trusted-proxies',
    summary: 'How many proxies in front of Matchday may be believed in X-Forwarded-For and X-Forwarded-Proto',
    default: 0,
    hint: 'a whole number from 0 to 999',
    parse: whole(0, 999),
  } satisfies Setting<number>,
  logLevel: {
    name: 'log-level',
    summary: 'How much is logged (JSON lines on standard error)',
    default: 'warn',
    hint: `one of ${logLevels.join(', ')}`,
    parse: (text) => logLevels.find((level) => level === text),
  } satisfies Setting<(typeof logLevels)[number]>,
}
