import { limitsChannel, topicOfChannel } from '../channel-service.ts'
import { isWrittenDown, lanes } from '../port.ts'
import * as subjects from './subjects.ts'
import { api, queueSubject, streamOf } from './subjects.ts'

/** What a user of the broker may do; everything else is denied. */
export type BrokerPermissions = { readonly publish: readonly string[]; readonly subscribe: readonly string[] }

/** Who there is, and who has to do with whom. */
export type BrokerPlan = {
  /** Each role but gateways, with the services that it runs. */
  readonly roles: Readonly<Record<string, readonly string[]>>
  /** Each service, with those that it asks and whose events it follows. */
  readonly asks: Readonly<Record<string, readonly string[]>>
}

const ownInboxes = (role: string) => [`inbox.${role}.>`, answersOf(role)]
const answersOf = (role: string) => `reply.${role}.>`
const servicesOf = ({ roles }: BrokerPlan) => Object.values(roles).flat()
const askedBy = ({ asks }: BrokerPlan, services: readonly string[]) => [
  ...new Set(services.flatMap((service) => asks[service] ?? [])),
]

/** The edge asks and listens, and tells its like what limits are used up. It makes no stream, and reads none. */
export function gatewayPermissions(plan: BrokerPlan): BrokerPermissions {
  const services = servicesOf(plan)
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

/**
 * A role does what its services have to, answers gateways and the roles that may ask them, and asks and hears those
 * that they ask.
 */
export function servicePermissions(plan: BrokerPlan, role: string): BrokerPermissions {
  const own = plan.roles[role] ?? []
  const asked = askedBy(plan, own).filter((service) => !own.includes(service))
  const askers = Object.keys(plan.roles).filter((other) =>
    askedBy(plan, plan.roles[other] ?? []).some((service) => own.includes(service)),
  )
  const parts = own.map(ownPermissions)
  return {
    publish: [
      ...parts.flatMap(({ publish }) => publish),
      ...['gateway', ...askers].map(answersOf),
      ...asked.map((service) => queueSubject({ service, lane: 'queries' })),
    ],
    subscribe: [
      ...ownInboxes(role),
      ...parts.flatMap(({ subscribe }) => subscribe),
      ...asked.map(subjects.allEventsSubject),
    ],
  }
}

/**
 * A service makes its own streams, but can't change, empty or delete them; only those of queues in memory, for servers
 * that lost what they held there may be of no use to anybody until they are made anew.
 */
function ownPermissions(service: string): BrokerPermissions {
  const queues = lanes.map((lane) => ({ service, lane }))
  const queueStreams = queues.map(streamOf.queue)
  const inMemory = queues.filter(({ lane }) => !isWrittenDown[lane]).map(streamOf.queue)
  const streams = [...queueStreams, streamOf.events(service), streamOf.dead(service)]
  return {
    publish: [
      ...queues.map(queueSubject),
      subjects.allEventsSubject(service),
      subjects.allWhispersSubject(service),
      subjects.nudgeSubject(service),
      subjects.allDeadSubject(service),
      ...streams.flatMap((stream) => [api.streamInfo(stream), api.streamCreate(stream)]),
      ...inMemory.map(api.streamDelete),
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
      subjects.nudgeSubject(service),
      // A service may follow itself.
      subjects.allEventsSubject(service),
      ...queueStreams.map(api.deliveriesExceeded),
    ],
  }
}

/** A person looks at dead letters and replays those that were kept, and sees how full queues are. */
export function operatorPermissions(plan: BrokerPlan): BrokerPermissions {
  const queues = servicesOf(plan).flatMap((service) => lanes.map((lane) => ({ service, lane })))
  return {
    publish: [
      ...queues.filter(({ lane }) => isWrittenDown[lane]).map(queueSubject),
      ...queues.map(streamOf.queue).flatMap((stream) => [api.streamInfo(stream), api.consumerInfo(stream)]),
      ...servicesOf(plan).flatMap(deadLetterAccess),
    ],
    subscribe: ownInboxes('operator'),
  }
}

function deadLetterAccess(service: string): readonly string[] {
  const stream = streamOf.dead(service)
  return [api.messageGet(stream), api.messageDelete(stream)]
}

/** Each role with what it may do, in the order of `deploy/nats/permissions.conf`. */
export function rolePermissions(plan: BrokerPlan): Readonly<Record<string, BrokerPermissions>> {
  const roles = Object.keys(plan.roles)
  return {
    gateway: gatewayPermissions(plan),
    ...Object.fromEntries(roles.map((role) => [role, servicePermissions(plan, role)])),
    operator: operatorPermissions(plan),
  }
}

const header = `# Who may say and hear what. Written by the program, from packages/kernel/src/bus/nats/permissions.ts:
#   UPDATE_FILES=1 npx vitest run packages/kernel/src/bus/nats/deploy.test.ts
# Passwords come from the server's environment: letters and digits, or a bcrypt hash.
`

/** The file of users and permissions for nats-server. */
export function permissionsFile(plan: BrokerPlan): string {
  const users = Object.entries(rolePermissions(plan)).map(([role, { publish, subscribe }]) => {
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
