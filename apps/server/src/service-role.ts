import { asks } from '@matchday/contracts'
import {
  type Breaker,
  createAsk,
  createBreaker,
  createEventSources,
  createExecutor,
  createViewRunner,
  type Fault,
  openReplica,
  openStore,
  type RunningService,
  runService,
  type ServiceDefinition,
  type Store,
  watchBreaker,
  watchCommits,
  watchFollowers,
  watchService,
} from '@matchday/kernel'
import { replicaUrlOf } from './config.ts'
import type { RoleContext, ServiceDatabase } from './role.ts'
import type { ServiceName } from './role-names.ts'

/** Its name is that of its schema too, so that services can share a server's one database. */
type NamedDefinition = ServiceDefinition & { readonly name: ServiceName }

const stopMs = { service: 7_000, store: 2_000 } as const

/** Runs a service on its database, for which it waits if it must. */
export async function startService(
  context: RoleContext,
  definition: NamedDefinition,
): Promise<RunningService> {
  const { bus, lifecycle, clock, metrics } = context
  const { name, views } = definition
  const log = context.log.child({ service: name })
  const database = await context.database(name)
  const breaker = createBreaker({ name: `database of ${name}`, log })
  const store = await openItsStore(context, name, database, breaker)
  watchBreaker(metrics, breaker)
  lifecycle.add(`${name} store`, () => store.close(), stopMs.store)
  const ask = createAsk({ requester: context.requester, service: name, asks: asks[name] })
  const sources = createEventSources({ service: name, store, bus, ask })
  const viewRunner =
    views.length > 0
      ? await createViewRunner({
          ...{ store, database: database.database, schema: name, views, log, breaker },
          sources,
        })
      : undefined
  if (viewRunner !== undefined) watchFollowers(metrics, name, viewRunner)

  const counted = watchCommits(metrics, name, store)
  const service = runService({
    definition,
    bus,
    store: withReplica(context, name, store),
    makeExecutor: (onCommitted) => createExecutor({ store: counted, log, clock, service: name, onCommitted }),
    ...(viewRunner ? { viewRunner } : {}),
    ask,
    log,
    clock,
  })
  lifecycle.add(name, () => service.stop(), stopMs.service)
  watchService(metrics, name, service, bus)
  return service
}

/** Long reads go to the replica, if there is one; everything else is quick on the primary. */
function withReplica({ config, log, clock, lifecycle }: RoleContext, name: ServiceName, store: Store): Store {
  const url = replicaUrlOf(config, name)
  if (url === undefined) return store
  const limits = { connectionsMax: config.databaseConnections }
  const replica = openReplica({ primary: store, database: { url }, schema: name, log, clock, limits })
  lifecycle.add(
    `${name} replica`,
    () => replica.close(),
    stopMs.store,
    // Without it the service works as well, so it is ready.
    () => ({
      state: 'ready',
      ...(replica.problem === null ? {} : { detail: `not used: ${replica.problem}` }),
    }),
  )
  return { ...store, eventsOf: (stream, after, limit) => replica.eventsOf(stream, after, limit) }
}

function openItsStore(
  context: RoleContext,
  name: ServiceName,
  place: ServiceDatabase,
  breaker: Breaker,
): Promise<Store> {
  const { config, clock, log, waits } = context
  return waits.for({
    what: 'the database',
    attempt: () =>
      openStore({
        database: place.database,
        schema: name,
        log,
        clock,
        connectionsMax: config.databaseConnections,
        breaker,
        // Only the database that nobody else looks after is upgraded without being asked.
        tables: place.isBuiltIn ? 'migrate' : 'check',
      }),
    isPassing: (fault) => !place.isBuiltIn && mayPass(fault, config.natsUrl !== undefined),
    discard: (store) => store.close(),
  })
}

/**
 * Among many processes the database's users may be made after the process was started; on a single machine somebody
 * sits in front of it and wants to be told.
 */
function mayPass(fault: Fault, amongMany: boolean): boolean {
  return fault.retryable || (amongMany && fault.code === 'database-refused')
}
