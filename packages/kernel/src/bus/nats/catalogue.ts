import { type Lane, queueLimits } from '../port.ts'
import { type NatsLimits, natsLimits } from './nats-limits.ts'
import { type WantedStream, wantedStreams } from './streams.ts'
import * as subjects from './subjects.ts'

/** A kind of subject at the broker: who says what there, and who hears it. */
export type BrokerChannel = {
  readonly name: string
  /** With `<service>` and so on where an id stands. */
  readonly address: string
  readonly says: string
  readonly hears: string
  readonly carries: string
  readonly promise: string
}

const names = { service: 'svc', stream: 'sid', role: 'rol', connection: 'con' } as const
/** Built by the same functions that the program uses, with names put where ids stand. */
const shown = (subject: string) =>
  Object.entries(names).reduce((text, [name, id]) => text.replaceAll(`.${id}`, `.<${name}>`), subject)
const queue = (lane: Lane) => ({ service: names.service, lane })

const heldOnce = 'held by a stream; each goes to one consumer, again until it is acknowledged'
const fleeting = 'at most once, held nowhere'

/** Every kind of subject that Matchday uses itself. */
export function brokerChannels(): readonly BrokerChannel[] {
  const { service, stream, role, connection } = names
  const channels: readonly BrokerChannel[] = [
    {
      name: 'commands',
      address: subjects.queueSubject(queue('commands')),
      says: 'gateways; operators who replay',
      hears: 'instances of the service, by pulling',
      carries: '`Envelope`',
      promise: heldOnce,
    },
    {
      name: 'private',
      address: subjects.queueSubject(queue('private')),
      says: 'gateways',
      hears: 'instances of the service, by pulling',
      carries: '`Envelope`',
      promise: `${heldOnce}, in memory`,
    },
    {
      name: 'queries',
      address: subjects.queueSubject(queue('queries')),
      says: 'gateways; services that may ask this one',
      hears: 'instances of the service, by pulling',
      carries: '`Envelope`',
      promise: `${heldOnce}, in memory`,
    },
    {
      name: 'replies',
      address: subjects.replySubject(role, connection, 1).replace(/\.1$/, '.<inbox>'),
      says: 'services, to what an envelope names in `replyTo`',
      hears: 'the process that asked',
      carries: '`ReplyEnvelope`',
      promise: fleeting,
    },
    {
      name: 'events',
      address: subjects.eventsSubject(service, stream),
      says: 'the service’s relay',
      hears: 'gateways that have sockets for it; services that follow this one',
      carries: 'array of `EventMessage`, consecutive ones of one stream',
      promise:
        'held by a stream for a moment, in memory; whoever listens hears it at most once, and versions show what is missing',
    },
    {
      name: 'whispers',
      address: subjects.whisperSubject(service, stream),
      says: 'the service; gateways about their limits (`live.gateway.limits`)',
      hears: 'gateways that have sockets for it; all gateways',
      carries: '`Whisper`',
      promise: fleeting,
    },
    {
      name: 'nudges',
      address: subjects.nudgeSubject(service),
      says: 'instances of the service',
      hears: 'instances of the service',
      carries: 'nothing',
      promise: fleeting,
    },
    {
      name: 'dead-letters',
      address: subjects.deadSubject(queue('commands')).replace(/commands$/, '<lane>'),
      says: 'whoever gives up an envelope; whoever finds one left behind',
      hears: 'operators, by looking',
      carries:
        'the envelope (or its bytes), attempts, reason, time; of the lanes `private` and `queries` no more than ids and operations',
      promise: 'held by a stream until it is replayed or old',
    },
    {
      name: 'broker-answers',
      address: `${subjects.brokerInbox(role, connection)}.>`,
      says: 'the broker',
      hears: 'the process that asked',
      carries: 'acknowledgements, answers of `$JS.API`, what was pulled',
      promise: fleeting,
    },
  ]
  return channels.map((channel) => ({ ...channel, address: shown(channel.address) }))
}

const sizes = [
  { unit: 'GiB', size: 1024 ** 3 },
  { unit: 'MiB', size: 1024 ** 2 },
  { unit: 'KiB', size: 1024 },
] as const
const periods = [
  { unit: 'd', size: 24 * 3_600_000 },
  { unit: 'h', size: 3_600_000 },
  { unit: 'min', size: 60_000 },
  { unit: 's', size: 1_000 },
] as const

function inUnits(value: number, units: readonly { unit: string; size: number }[], smallest: string): string {
  const fitting = units.find(({ size }) => value % size === 0)
  return fitting === undefined ? `${value} ${smallest}` : `${value / fitting.size} ${fitting.unit}`
}
const bytes = (value: number) => inUnits(value, sizes, 'bytes')
const period = (nanoseconds: number) => inUnits(nanoseconds / 1e6, periods, 'ms')

const introduction = `# Subjects, streams and consumers at the broker

Written by the program from \`packages/kernel/src/bus/nats/\` (\`subjects.ts\`, \`streams.ts\`, \`nats-limits.ts\`); a test keeps it true:
\`UPDATE_FILES=1 npx vitest run packages/kernel/src/bus/nats/catalogue.test.ts\`. The same as AsyncAPI: [asyncapi-broker.json](asyncapi-broker.json).
Who may say and hear what: [deploy/nats](../deploy/nats/README.md). Ids in subjects are \`[A-Za-z0-9_-]{1,64}\`, services \`[a-z][a-z0-9_-]{0,39}\`.
`

/** The page `docs/subjects.md`. */
export function subjectsPage(): string {
  const limits = { queue: queueLimits, nats: natsLimits, waitingMax: null, replicas: 1 }
  const streams = wantedStreams(names.service, limits)
  const channelRows = brokerChannels().map(
    ({ address, says, hears, carries, promise }) =>
      `| \`${address}\` | ${says} | ${hears} | ${carries} | ${promise} |`,
  )
  const limitRows = Object.keys(natsLimits).map((name) => `| \`${name}\` | ${limitValue(name)} |`)
  return `${introduction}
## Subjects

| subject | who says | who hears | what | promise |
|---|---|---|---|---|
${channelRows.join('\n')}

## Streams of a service

| stream | subject | kept | storage | full at | when full | forgets after | same id dropped within |
|---|---|---|---|---|---|---|---|
${streams.map(streamRow).join('\n')}

Queues are bounded by bytes and age, not by count: after a crash of the broker a stream may hold messages that are done already. A full queue refuses, and the sender is told \`overloaded\`.
A message larger than an envelope may be is refused too. What exists is never changed: differences are logged and told in \`NatsBus.differences\`.
Only a queue in memory that holds work and gives none of it to anybody is made anew by its service, after \`stuckMs\`.

## Consumers

${streams.flatMap(consumerLine).join('\n')}

## Bounds of the adapter

| bound | value |
|---|---|
${limitRows.join('\n')}
`
}

const upper = names.service.toUpperCase()

function streamRow(stream: WantedStream): string {
  const { name, subjects: taken, retention, storage, max_bytes, max_msgs_per_subject, discard } = stream
  const kept = retention === 'workqueue' ? 'until it is done' : 'until it is old'
  const perSubject = max_msgs_per_subject > 0 ? `, ${max_msgs_per_subject} per lane` : ''
  const whenFull = discard === 'new' ? 'refuses' : 'forgets the oldest'
  const cells = [
    `\`${name.replace(upper, '<SERVICE>')}\``,
    taken.map((subject) => `\`${shown(subject)}\``).join(', '),
    ...[kept, storage, `${bytes(max_bytes)}${perSubject}`, whenFull],
    ...[period(stream.max_age), period(stream.duplicate_window)],
  ]
  return `| ${cells.join(' | ')} |`
}

function consumerLine({ name, consumer }: WantedStream): readonly string[] {
  if (consumer === undefined) return []
  const { ack_wait = 0, max_deliver = 0, max_ack_pending = 0 } = consumer
  const stream = name.replace(upper, '<SERVICE>')
  return [
    `- \`${subjects.consumerName}\` on \`${stream}\`: durable, pulled by all instances; explicit ack within ${period(ack_wait)}, ${max_deliver} deliveries, at most ${max_ack_pending} in work.`,
  ]
}

function limitValue(name: string): string {
  const value = natsLimits[name as keyof NatsLimits]
  if (name.endsWith('Ms')) return inUnits(value, periods, 'ms')
  return /Bytes/.test(name) ? bytes(value) : String(value)
}

/** A small AsyncAPI 3 document of the broker's subjects, for tools. */
export function brokerDocument(): object {
  const entries = brokerChannels().map(({ name, address, says, hears, carries, promise }) => [
    name,
    {
      address: address.replaceAll('<', '{').replaceAll('>', '}').replace('.}', '.>'),
      summary: `${says} → ${hears}`,
      description: promise,
      parameters: Object.fromEntries(
        [...address.matchAll(/<(\w+)>/g)].map(([, parameter = '']) => [
          parameter,
          { description: `Id: ${parameter}` },
        ]),
      ),
      messages: { message: { name, contentType: 'application/json', summary: carries } },
    },
  ])
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Matchday at the broker',
      version: '1',
      description: 'What the processes of Matchday say to each other over NATS. No public interface.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: { broker: { host: 'localhost:4222', protocol: 'nats' } },
    channels: Object.fromEntries(entries),
  }
}
