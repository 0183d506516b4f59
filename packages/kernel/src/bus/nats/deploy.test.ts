import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import {
  asks,
  organizationInternals,
  playerIdentityInternals,
  serviceRoles,
  staffIdentityInternals,
} from '@matchday/contracts'
import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { nkeys } from '@nats-io/nats-core'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../log.ts'
import type { EventMessage, ReplyEnvelope, Whisper } from '../../message.ts'
import { createPuller } from '../../pull/puller.ts'
import { Collector, envelopeOf, eventOf, eventually, whisperOf, workOn } from '../conformance-lab.ts'
import type { Queue } from '../port.ts'
import { createRequester } from '../requester.ts'
import type { BrokerCredentials } from './link.ts'
import { createNatsBus, type NatsBus, type NatsBusOptions } from './nats-bus.ts'
import { permissionsFile } from './permissions.ts'
import { untilState } from './testing/broker-lab.ts'
import { type Certificates, makeCertificates } from './testing/certificates.ts'

const plan = { roles: serviceRoles, asks }
const deployed = join(import.meta.dirname, '../../../../../deploy/nats')
const commands: Queue = { service: 'tournaments', lane: 'commands' }
const passwords = {
  gateway: 'gateway1',
  tournaments: 'tournaments1',
  identity: 'identity1',
  organizations: 'organizations1',
  operator: 'operator1',
} as const
type Role = keyof typeof passwords

let folder: string
let certificates: Certificates
let server: NatsServer

function startDeployed(configFolder: string): Promise<NatsServer> {
  return startNatsServer({
    configFile: join(configFolder, 'nats.conf'),
    environment: {
      NATS_SERVER_NAME: 'tests',
      NATS_STORE_DIR: join(folder, `store-${configFolder.length}`),
      NATS_TLS_CERT_FILE: certificates.certFile,
      NATS_TLS_KEY_FILE: certificates.keyFile,
      NATS_TLS_CA_FILE: certificates.caFile,
      ...Object.fromEntries(
        Object.entries(passwords).map(([role, password]) => [
          `NATS_${role.toUpperCase()}_PASSWORD`,
          password,
        ]),
      ),
    },
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matchday-nats-'))
  certificates = await makeCertificates(folder)
  if (process.env.UPDATE_FILES !== undefined) {
    await writeFile(join(deployed, 'permissions.conf'), permissionsFile(plan))
  }
  server = await startDeployed(deployed)
})
afterAll(async () => {
  await server.dispose()
  await rm(folder, { recursive: true, force: true })
})

it('the file of permissions is the one that the program writes', async () => {
  expect(await readFile(join(deployed, 'permissions.conf'), 'utf8')).toBe(permissionsFile(plan))
})

const problems: string[] = []
/** Keeps what a bus complains of. */
const log = createLog(
  'warn',
  new Writable({
    write: (line: Buffer, _encoding, done) => {
      problems.push(line.toString())
      done()
    },
  }),
)

function optionsFor(role: Role, more: Partial<NatsBusOptions> = {}): NatsBusOptions {
  return {
    servers: [`tls://localhost:${server.port}`],
    role,
    owns: Object.entries(serviceRoles).flatMap(([name, services]) => (name === role ? services : [])),
    credentials: { user: role, password: passwords[role] },
    tls: { caFile: certificates.caFile },
    log,
    ...more,
  }
}

describe('over TLS, each role with its own name', () => {
  it('everything works that each role has to do, and nothing is denied', async () => {
    problems.length = 0
    const [service, gateway, operator] = [
      createNatsBus(optionsFor('tournaments', { natsLimits: { sweepMs: 50, stallMs: 100, watchMs: 20 } })),
      createNatsBus(optionsFor('gateway')),
      createNatsBus(optionsFor('operator')),
    ]
    await Promise.all([service, gateway, operator].map((bus) => untilState(bus, 'up')))
    const [answers, events, whispers, nudges] = [
      new Collector<ReplyEnvelope>(),
      new Collector<EventMessage>(),
      new Collector<Whisper>(),
      new Collector<number>(),
    ]
    const inbox = gateway.openInbox(answers.add)
    gateway.subscribeEvents({ service: 'tournaments', stream: 'one' }, (batch) => batch.forEach(events.add))
    gateway.subscribeWhispers({ service: 'tournaments', stream: 'one' }, whispers.add)
    service.onNudge('tournaments', () => nudges.add(1))
    await eventually(
      async () =>
        gateway.enqueue(commands, { ...envelopeOf('probe'), replyTo: inbox.address }).then(() => true),
      (sent) => sent,
    )
    let isBroken = false
    workOn(service, commands, 10, (delivery) => {
      if (isBroken) return delivery.terminate('broken')
      service.reply(delivery.envelope.replyTo ?? '', {
        schema: 1,
        envelope: delivery.envelope.id,
        replies: [],
      })
      delivery.working()
      delivery.ack()
    })
    await answers.first(1)
    await service.publishEvents([eventOf('one', 1, 'tournaments')])
    service.whisper(whisperOf('key').message)
    service.nudge('tournaments')
    await Promise.all([events.first(1), whispers.first(1), nudges.first(1)])
    isBroken = true
    const broken = { ...envelopeOf('broken'), replyTo: inbox.address }
    await gateway.enqueue(commands, broken)
    await eventually(
      () => operator.deadLetters(commands, 5),
      (letters) => letters.length === 1,
    )
    isBroken = false
    expect(await operator.replayDeadLetter(commands, broken.id)).toBe(true)
    await answers.first(2)
    await Promise.all([service.close(), gateway.close(), operator.close()])
    expect(problems.filter((line) => /permission|violation/i.test(line))).toEqual([])
  })

  it('services ask whom they may ask, are woken by them, and can reach nobody else', async () => {
    problems.length = 0
    const [identity, organizations] = [
      createNatsBus(optionsFor('identity', { natsLimits: { acknowledgeMs: 1_000 } })),
      createNatsBus(optionsFor('organizations', { natsLimits: { acknowledgeMs: 1_000 } })),
    ]
    await Promise.all([identity, organizations].map((bus) => untilState(bus, 'up')))
    const answering = (bus: NatsBus, service: string) =>
      createPuller({
        bus,
        queue: { service, lane: 'queries' },
        capacityItems: 16,
        handle: async ({ operation }) => ({ kind: 'ok', body: { operation } }),
      })
    const pullers = [
      answering(organizations, 'organizations'),
      answering(identity, 'identity-staff'),
      answering(identity, 'identity-players'),
    ]
    const [fromIdentity, fromOrganizations] = [identity, organizations].map((bus) =>
      createRequester({ bus, newId: () => crypto.randomUUID() }),
    )
    const { getStanding } = organizationInternals
    const call = (service: string, timeoutMs = 20_000) => ({
      ...{ id: crypto.randomUUID(), input: {}, timeoutMs },
      caller: { kind: 'service', service } as const,
    })
    const ofStaff = staffIdentityInternals.describeAccounts
    const heard = new Collector<EventMessage>()
    // What its connection asks after that is answered only when the broker knows of this.
    organizations.subscribeEvents({ service: 'identity-staff' }, (batch) => batch.forEach(heard.add))
    expect(await fromIdentity?.request(getStanding, call('identity-staff'))).toMatchObject({ kind: 'ok' })
    expect(await fromOrganizations?.request(ofStaff, call('organizations'))).toMatchObject({ kind: 'ok' })
    await identity.publishEvents([eventOf('one', 1, 'identity-staff'), eventOf('one', 1, 'identity-players')])
    await heard.only(1)
    expect(problems.filter((line) => /permission|violation/i.test(line))).toEqual([])

    // Organisations have nothing to do with players, whatever they send.
    const ofPlayers = playerIdentityInternals.describeAccounts
    const refused = await fromOrganizations?.request(ofPlayers, call('organizations', 1_000))
    expect(refused).toMatchObject({ kind: 'fault', retryable: true })
    const denied = await eventually(
      async () => problems.join(),
      (text) => /permission|violation/i.test(text),
    )
    expect(denied).toContain('qry.identity-players')
    await Promise.all(pullers.map((puller) => puller.stop()))
    await Promise.all([fromIdentity, fromOrganizations].map((requester) => requester?.close()))
    await Promise.all([identity.close(), organizations.close()])
  })

  const wrong: Record<string, { more: Partial<NatsBusOptions>; says: RegExp }> = {
    'a wrong password': {
      more: { credentials: { user: 'gateway', password: 'guess' } },
      says: /authorization/i,
    },
    'no name': {
      more: { credentials: { user: '', password: '' } as BrokerCredentials },
      says: /authorization/i,
    },
    'an authority that did not sign': { more: { tls: {} }, says: /certificate/i },
  }
  for (const [what, { more, says }] of Object.entries(wrong)) {
    it(`${what} is refused, and said`, async () => {
      problems.length = 0
      const bus = createNatsBus(optionsFor('gateway', more))
      await eventually(
        async () => problems.join(),
        (text) => says.test(text),
      )
      expect(bus.state).toBe('down')
      expect(bus.problem).toMatch(says)
      expect(problems.join()).not.toContain('guess')
      await bus.close()
    })
  }
})

it('a key in a file is a name too, and another key is not', async () => {
  const [known, unknown] = [nkeys.createUser(), nkeys.createUser()]
  const files = { known: join(folder, 'known.nk'), unknown: join(folder, 'unknown.nk') }
  await writeFile(files.known, known.getSeed())
  await writeFile(files.unknown, unknown.getSeed())
  const keyed = await startNatsServer({
    config: `authorization { users: [{ nkey: ${known.getPublicKey()} }] }`,
  })
  const open = (nkeyFile: string) =>
    createNatsBus({ servers: [keyed.url], role: 'gateway', owns: [], credentials: { nkeyFile }, log })
  const welcome = open(files.known)
  await untilState(welcome, 'up')
  problems.length = 0
  const stranger = open(files.unknown)
  await eventually(
    async () => problems.join(),
    (text) => /authorization/i.test(text),
  )
  expect(stranger.state).toBe('down')
  await Promise.all([welcome.close(), stranger.close()])
  await keyed.dispose()
})

/** Publishing and subscribing, to a subject of each kind that there is and a few that there should not be. */
const services = ['tournaments', 'identity-staff', 'identity-players', 'organizations'] as const
type Service = (typeof services)[number]
const streamsOf = (service: Service) =>
  ['CMD', 'PRV', 'QRY', 'EVT', 'DEAD'].map((kind) => `${kind}_${service.toUpperCase()}`)
const subjects = [
  ...['cmd', 'prv', 'qry', 'nudge', 'live', 'evt', 'dead', 'reply', 'inbox'].flatMap((kind) =>
    [...services, 'identity', 'gateway', 'operator', 'others'].flatMap((whose) => [
      `${kind}.${whose}`,
      `${kind}.${whose}.one`,
    ]),
  ),
  ...[...services.flatMap(streamsOf), 'CMD_OTHERS'].flatMap((stream) => [
    ...['INFO', 'CREATE', 'UPDATE', 'DELETE', 'PURGE', 'MSG.GET', 'MSG.DELETE', 'SNAPSHOT'].map(
      (verb) => `$JS.API.STREAM.${verb}.${stream}`,
    ),
    ...['INFO', 'CREATE', 'DELETE', 'MSG.NEXT'].map((verb) => `$JS.API.CONSUMER.${verb}.${stream}.workers`),
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.another`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.workers`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.ACK.${stream}.workers.1.1.1.1.1`,
    `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${stream}.workers`,
  ]),
  '$JS.API.INFO',
  '$JS.API.STREAM.NAMES',
  '$SYS.REQ.SERVER.PING',
  '_INBOX.stolen.one',
  'anything',
]

type Allowed = { readonly publish: readonly string[]; readonly subscribe: readonly string[] }
const queueVerbs = ['STREAM.INFO', 'STREAM.CREATE', 'STREAM.MSG.GET', 'STREAM.MSG.DELETE']
const workerVerbs = ['CONSUMER.INFO', 'CONSUMER.CREATE', 'CONSUMER.MSG.NEXT']
const queueStreams = (service: Service) => streamsOf(service).slice(0, 3)
const inboxes = (role: string) => [`reply.${role}.one`, `inbox.${role}.one`]
const deadAccess = (service: Service) =>
  ['GET', 'DELETE'].map((verb) => `$JS.API.STREAM.MSG.${verb}.DEAD_${service.toUpperCase()}`)

/** What a service needs for itself. */
const own = (service: Service): Allowed => ({
  publish: [
    ...['cmd', 'prv', 'qry', 'nudge'].map((kind) => `${kind}.${service}`),
    ...['evt', 'live', 'dead'].map((kind) => `${kind}.${service}.one`),
    ...deadAccess(service),
    ...queueStreams(service).flatMap((stream) => [
      ...queueVerbs.map((verb) => `$JS.API.${verb}.${stream}`),
      ...workerVerbs.map((verb) => `$JS.API.${verb}.${stream}.workers`),
      `$JS.ACK.${stream}.workers.1.1.1.1.1`,
    ]),
    ...['PRV', 'QRY'].map((kind) => `$JS.API.STREAM.DELETE.${kind}_${service.toUpperCase()}`),
    ...streamsOf(service)
      .slice(3)
      .flatMap((stream) => ['INFO', 'CREATE'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`)),
  ],
  subscribe: [
    `nudge.${service}`,
    `evt.${service}.one`,
    ...queueStreams(service).map((stream) => `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${stream}.workers`),
  ],
})
/** A role with what it needs for its services, and for asking and answering. */
const role = (
  name: string,
  parts: readonly Allowed[],
  asked: readonly Service[],
  askers: readonly string[],
) => ({
  publish: [
    ...parts.flatMap(({ publish }) => publish),
    ...asked.map((service) => `qry.${service}`),
    ...['gateway', ...askers].map((asker) => `reply.${asker}.one`),
  ],
  subscribe: [
    ...inboxes(name),
    ...parts.flatMap(({ subscribe }) => subscribe),
    ...asked.map((service) => `evt.${service}.one`),
  ],
})

/** By hand, not from the table that the file is written from. */
const allowed: Record<Role, Allowed> = {
  gateway: {
    publish: services.flatMap((service) => ['cmd', 'prv', 'qry'].map((kind) => `${kind}.${service}`)),
    subscribe: [
      ...inboxes('gateway'),
      ...services.flatMap((service) => [`evt.${service}.one`, `live.${service}.one`]),
    ],
  },
  tournaments: role(
    'tournaments',
    [own('tournaments')],
    ['organizations', 'identity-staff', 'identity-players'],
    ['identity', 'organizations'],
  ),
  identity: role(
    'identity',
    [own('identity-staff'), own('identity-players')],
    ['organizations', 'tournaments'],
    ['tournaments', 'organizations'],
  ),
  organizations: role(
    'organizations',
    [own('organizations')],
    ['identity-staff', 'tournaments'],
    ['identity', 'tournaments'],
  ),
  operator: {
    publish: services.flatMap((service) => [
      `cmd.${service}`,
      ...deadAccess(service),
      ...queueStreams(service).flatMap((stream) => [
        `$JS.API.STREAM.INFO.${stream}`,
        `$JS.API.CONSUMER.INFO.${stream}.workers`,
      ]),
    ]),
    subscribe: inboxes('operator'),
  },
}

/** What the broker lets a connection do: whatever it does not complain of. */
async function tryAll(
  connection: NatsConnection,
  act: (subject: string) => void,
): Promise<readonly string[]> {
  const denied = new Set<string>()
  const listening = (async () => {
    for await (const status of connection.status()) {
      if (status.type !== 'error') continue
      const subject = /"([^"]+)"/.exec(status.error.message)?.[1]
      if (subject !== undefined) denied.add(subject)
    }
  })()
  for (const subject of subjects) {
    act(subject)
    await connection.flush()
  }
  await connection.close()
  await listening
  return subjects.filter((subject) => !denied.has(subject))
}

/** What differs from what each role should be able to do, in words. */
async function findings(on: NatsServer): Promise<readonly string[]> {
  const found: string[] = []
  for (const [role, password] of Object.entries(passwords)) {
    const wanted = allowed[role as Role]
    const open = () =>
      connect({
        servers: `localhost:${on.port}`,
        user: role,
        pass: password,
        tls: { caFile: certificates.caFile },
      })
    const publisher = await open()
    const published = await tryAll(publisher, (subject) => publisher.publish(subject))
    const subscriber = await open()
    const subscribed = await tryAll(subscriber, (subject) => {
      subscriber.subscribe(subject, { callback: () => {} })
    })
    const compare = (verb: string, can: readonly string[], should: readonly string[]) => {
      for (const subject of subjects) {
        if (can.includes(subject) !== should.includes(subject)) found.push(`${role} ${verb} ${subject}`)
      }
    }
    compare('publishes', published, wanted.publish)
    compare('subscribes to', subscribed, wanted.subscribe)
  }
  return found
}

describe('what each role may say and hear', () => {
  it('is what it needs and nothing more', async () => {
    for (const { publish, subscribe } of Object.values(allowed)) {
      expect([...publish, ...subscribe].filter((subject) => !subjects.includes(subject))).toEqual([])
    }
    expect(await findings(server)).toEqual([])
  })

  it('is found out when a file allows too much or too little', async () => {
    const spoiled = join(folder, 'spoiled')
    await cp(deployed, spoiled, { recursive: true })
    const file = join(spoiled, 'permissions.conf')
    const text = (await readFile(file, 'utf8'))
      .replace('"inbox.gateway.>"', '"inbox.>"')
      .replace('"nudge.tournaments"', '"evt.organizations.>"')
      .replace('"qry.organizations"\n          "qry.identity-players"', '"cmd.organizations"')
    await writeFile(file, text)
    const open = await startDeployed(spoiled)
    const found = await findings(open)
    await open.dispose()
    expect(found).toContain('gateway subscribes to inbox.tournaments.one')
    expect(found).toContain('tournaments publishes evt.organizations.one')
    expect(found).toContain('tournaments publishes nudge.tournaments')
    expect(found).toContain('tournaments publishes cmd.organizations')
    expect(found).toContain('tournaments publishes qry.identity-players')
  })
})
