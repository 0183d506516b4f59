import { limitsChannel, topicOfChannel } from '../channel-service.ts'
import type { Lane } from '../port.ts'
import * as subjects from './subjects.ts'
import { api, queueSubject, streamOf } from './subjects.ts'

/** What a user of the broker may do; everything else is denied. */
export type BrokerPermissions = { readonly publish: readonly string[]; readonly subscribe: readonly string[] }

const lanes: readonly Lane[] = ['commands', 'queries']
const ownInboxes = (role: string) => [`inbox.${role}.>`, `reply.${role}.>`]

/** The edge asks and listens, and tells its like what limits are used up. It makes no stream, and reads none. */
export function gatewayPermissions(services: readonly string[]): BrokerPermissions {
  const { service: edge, stream } = topicOfChannel(limitsChannel)
  const limits = subjects.whisperSubject(edge, stream)
  return {
    publish: [...services.flatMap((service) => lanes.map((lane) => queueSubject({ service, lane }))), limits],
    subscribe: [
      ...ownInboxes('gateway'),
      limits,
      ...services.flatMap((service) => [
        subjects.allEventsSubject(service),
        subjects.allWhispersSubject(service),
      ]),
    ],
  }
}

/** A service makes its own streams, but can't change, empty or delete them; and answers gateways. */
export function servicePermissions(service: string): BrokerPermissions {
  const queues = lanes.map((lane) => ({ service, lane }))
  const queueStreams = queues.map(streamOf.queue)
  const streams = [...queueStreams, streamOf.events(service), streamOf.dead(service)]
  return {
    publish: [
      ...queues.map(queueSubject),
      subjects.allEventsSubject(service),
      subjects.allWhispersSubject(service),
      subjects.nudgeSubject(service),
      subjects.allDeadSubject(service),
      'reply.gateway.>',
      ...streams.flatMap((stream) => [api.streamInfo(stream), api.streamCreate(stream)]),
      ...queueStreams.flatMap((stream) => [
        api.consumerInfo(stream),
        api.consumerCreate(stream),
        api.pull(stream),
        api.acks(stream),
        api.messageGet(stream),
        api.messageDelete(stream),
      ]),
      ...deadLetterAccess(service),
    ],
    subscribe: [
      ...ownInboxes(service),
      subjects.nudgeSubject(service),
      ...queueStreams.map(api.deliveriesExceeded),
    ],
  }
}

/** A person looks at dead letters and replays them, and sees how full queues are. */
export function operatorPermissions(services: readonly string[]): BrokerPermissions {
  const queues = services.flatMap((service) => lanes.map((lane) => ({ service, lane })))
  return {
    publish: [
      ...queues.map(queueSubject),
      ...queues.map(streamOf.queue).flatMap((stream) => [api.streamInfo(stream), api.consumerInfo(stream)]),
      ...services.flatMap(deadLetterAccess),
    ],
    subscribe: ownInboxes('operator'),
  }
}

function deadLetterAccess(service: string): readonly string[] {
  const stream = streamOf.dead(service)
  return [api.messageGet(stream), api.messageDelete(stream)]
}

/** Each role with what it may do, in the order of `deploy/nats/permissions.conf`. */
export function rolePermissions(services: readonly string[]): Readonly<Record<string, BrokerPermissions>> {
  return {
    gateway: gatewayPermissions(services),
    ...Object.fromEntries(services.map((service) => [service, servicePermissions(service)])),
    operator: operatorPermissions(services),
  }
}

const header = `# Who may say and hear what. Written by the program, from packages/kernel/src/bus/nats/permissions.ts:
#   UPDATE_FILES=1 npx vitest run packages/kernel/src/bus/nats/deploy.test.ts
# Passwords come from the server's environment: letters and digits, or a bcrypt hash.
`

/** The file of users and permissions for nats-server. */
export function permissionsFile(services: readonly string[]): string {
  const users = Object.entries(rolePermissions(services)).map(([role, { publish, subscribe }]) => {
    const list = (allowed: readonly string[]) => allowed.map((subject) => `          "${subject}"`).join('\n')
    return `    {
      user: ${role}
      password: $NATS_${role.toUpperCase()}_PASSWORD
      permissions: {
        publish: { allow: [
${list(publish)}
        ] }
        subscribe: { allow: [
${list(subscribe)}
        ] }
      }
    }`
  })
  return `${header}authorization {\n  timeout: 2\n  users: [\n${users.join('\n')}\n  ]\n}\n`
}
