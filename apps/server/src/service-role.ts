import { asks } from '@matchday/contracts'
import {
  type Breaker,
  createAsk,
  createBreaker,
  createEventSources,
  createExecutor,
  createRowExecutor,
  createViewRunner,
  type Database,
  type Fault,
  figureOf,
  type Log,
  openReplica,
  openStore,
  openTables,
  type RunningService,
  runService,
  type ServiceDefinition,
  type Store,
  schemaOf,
  watchBreaker,
  watchCommits,
  watchFollowers,
  watchService,
} from '@matchday/kernel'
import { replicaUrlOf } from './config.ts'
import type { RoleContext } from './role.ts'
import type { ServiceName } from './role-names.ts'
import { requireKnownSteps } from './service-migrations.ts'

/** Its name is that of its schema too (see `schemaOf`), so that services can share a server's one database. */
type NamedDefinition = ServiceDefinition & { readonly name: ServiceName }

const stopMs = { service: 7_000, store: 2_000 } as const
/** Of what identifies commands whose content must not be guessed from the database. */
const fingerprints = 'fingerprints'

/** Runs a service on its database, for which it waits if it must. */
export async function startService(
  context: RoleContext,
  definition: NamedDefinition,
): Promise<RunningService> {
  const { bus, lifecycle, clock, metrics } = context
  const { name, views } = definition
  const log = context.log.child({ service: name })
  const { database, isBuiltIn } = await context.database(name)
  const breaker = createBreaker({ name: `database of ${name}`, log })
  const place = { database, schema: schemaOf(name), log, breaker }
  const store = await openItsStore(context, definition, place, isBuiltIn)
  watchBreaker(metrics, breaker)
  lifecycle.add(`${name} store`, () => store.close(), stopMs.store)
  const tables = openTables({ ...place, connectionsMax: context.config.databaseConnections })
  lifecycle.add(`${name} tables`, () => tables.close(), stopMs.store)
  const ask = createAsk({ requester: context.requester, service: name, asks: asks[name] })
  const sources = createEventSources({ service: name, store, bus, ask })
  const viewRunner =
    views.length > 0 ? await createViewRunner({ ...place, store, views, sources }) : undefined
  if (viewRunner !== undefined) watchFollowers(metrics, name, viewRunner)

  const means = { log, clock, service: name, fingerprintKey: fingerprintKeyOf(context), ask }
  const counted = watchCommits(metrics, name, store)
  const service = runService({
    definition,
    bus,
    store: withReplica(context, name, store),
    tables,
    makeExecutor: (onCommitted) =>
      createExecutor({ ...means, store: counted, rows: tables.rows, onCommitted }),
    makeRowExecutor: (onCommitted, executor) =>
      createRowExecutor({
        ...means,
        store,
        tables,
        state: (decider, stream) => executor.state(decider, stream),
        onCommitted,
      }),
    ...(viewRunner ? { viewRunner } : {}),
    ask,
    log,
    clock,
  })
  lifecycle.add(name, () => service.stop(), stopMs.service)
  watchService(metrics, name, service, bus)
  for (const figure of definition.figures ?? []) metrics.add(figureOf(name, figure, tables))
  return service
}

function fingerprintKeyOf({ keys }: RoleContext): Uint8Array {
  if (keys.secretFor === null) throw new Error('the settings were to be checked for a key with secrets')
  return keys.secretFor(fingerprints)
}

/** Long reads go to the replica, if there is one; everything else is quick on the primary. */
function withReplica({ config, log, clock, lifecycle }: RoleContext, name: ServiceName, store: Store): Store {
  const url = replicaUrlOf(config, name)
  if (url === undefined) return store
  const limits = { connectionsMax: config.databaseConnections }
  const replica = openReplica({
    primary: store,
    database: { url },
    schema: schemaOf(name),
    log,
    clock,
    limits,
  })
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
  { name, migrations = [] }: NamedDefinition,
  place: {
    readonly database: Database
    readonly schema: string
    readonly log: Log
    readonly breaker: Breaker
  },
  isBuiltIn: boolean,
): Promise<Store> {
  const { config, clock, waits } = context
  requireKnownSteps(name, migrations)
  return waits.for({
    what: 'the database',
    attempt: () =>
      openStore({
        ...place,
        migrations,
        clock,
        connectionsMax: config.databaseConnections,
        // Only the database that nobody else looks after is upgraded without being asked.
        tables: isBuiltIn ? 'migrate' : 'check',
      }),
    isPassing: (fault) => !isBuiltIn && mayPass(fault, config.natsUrl !== undefined),
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
