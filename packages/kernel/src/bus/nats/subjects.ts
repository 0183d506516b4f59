import type { Lane, Queue, Topic } from '../port.ts'

/**
 * Every subject, stream and consumer of the broker is named here and nowhere else. What comes from outside is
 * checked before it becomes part of a subject: a dot, a star or a space would make another subject of it.
 */

const idPattern = /^[A-Za-z0-9_-]{1,64}$/
/** Names of streams are services in upper case, so only lower case keeps them apart. */
const servicePattern = /^[a-z][a-z0-9_-]{0,39}$/
const replyPattern = /^reply\.[a-z][a-z0-9_-]{0,39}\.[A-Za-z0-9_-]{1,64}\.\d{1,9}$/

function service(name: string): string {
  if (!servicePattern.test(name)) throw new Error(`Not the name of a service: ${JSON.stringify(name)}`)
  return name
}

function id(value: string): string {
  if (!idPattern.test(value))
    throw new Error(`Not an id that may be part of a subject: ${JSON.stringify(value)}`)
  return value
}

const lanePrefixes = { commands: 'cmd', private: 'prv', queries: 'qry' } as const satisfies Record<
  Lane,
  string
>

export const queueSubject = (queue: Queue) => `${lanePrefixes[queue.lane]}.${service(queue.service)}`
export const eventsSubject = (name: string, stream: string) => `evt.${service(name)}.${id(stream)}`
export const allEventsSubject = (name: string) => `evt.${service(name)}.>`
export const whisperSubject = (name: string, stream: string) => `live.${service(name)}.${id(stream)}`
export const allWhispersSubject = (name: string) => `live.${service(name)}.>`
export const nudgeSubject = (name: string) => `nudge.${service(name)}`
export const deadSubject = (queue: Queue) => `dead.${service(queue.service)}.${queue.lane}`
export const allDeadSubject = (name: string) => `dead.${service(name)}.*`

export const eventsTopicSubject = ({ service: name, stream }: Topic) =>
  stream === undefined ? allEventsSubject(name) : eventsSubject(name, stream)
export const whispersTopicSubject = ({ service: name, stream }: Topic) =>
  stream === undefined ? allWhispersSubject(name) : whisperSubject(name, stream)

/** Where services answer a role's process. */
export const replySubject = (role: string, connection: string, inbox: number | '*') =>
  `reply.${service(role)}.${id(connection)}.${inbox}`
/** Whether an envelope's `replyTo` is an inbox, and not the name of something that must not be published to. */
export const isReplySubject = (subject: string) => replyPattern.test(subject)

/** Where the broker itself answers a process: nobody else may publish there. */
export const brokerInbox = (role: string, connection: string) => `inbox.${service(role)}.${id(connection)}`

export const streamOf = {
  queue: (queue: Queue) =>
    `${lanePrefixes[queue.lane].toUpperCase()}_${service(queue.service).toUpperCase()}`,
  events: (name: string) => `EVT_${service(name).toUpperCase()}`,
  dead: (name: string) => `DEAD_${service(name).toUpperCase()}`,
} as const

/** Every queue has this one consumer, which all instances of the service share. */
export const consumerName = 'workers'

/** Questions to JetStream. */
export const api = {
  streamInfo: (stream: string) => `$JS.API.STREAM.INFO.${stream}`,
  streamCreate: (stream: string) => `$JS.API.STREAM.CREATE.${stream}`,
  streamDelete: (stream: string) => `$JS.API.STREAM.DELETE.${stream}`,
  messageGet: (stream: string) => `$JS.API.STREAM.MSG.GET.${stream}`,
  messageDelete: (stream: string) => `$JS.API.STREAM.MSG.DELETE.${stream}`,
  consumerInfo: (stream: string) => `$JS.API.CONSUMER.INFO.${stream}.${consumerName}`,
  consumerCreate: (stream: string) => `$JS.API.CONSUMER.CREATE.${stream}.${consumerName}`,
  pull: (stream: string) => `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumerName}`,
  acks: (stream: string) => `$JS.ACK.${stream}.${consumerName}.>`,
  deliveriesExceeded: (stream: string) =>
    `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${stream}.${consumerName}`,
} as const
