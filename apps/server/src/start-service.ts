import {
  type Bus,
  type Clock,
  createExecutor,
  createViewRunner,
  type Database,
  type Lifecycle,
  type Log,
  openStore,
  type RunningService,
  runService,
  type ServiceDefinition,
} from '@matchday/kernel'

type Parts = {
  definition: ServiceDefinition
  bus: Bus
  database: Database
  lifecycle: Lifecycle
  log: Log
  clock: Clock
}

const stopMs = { service: 7_000, store: 2_000 } as const

/** Runs a service on its database, in a schema of its name, so that services can share a server's one database. */
export async function startService(parts: Parts): Promise<RunningService> {
  const { definition, bus, database, lifecycle, clock } = parts
  const { name, views } = definition
  const log = parts.log.child({ service: name })
  const store = await openStore({ database, schema: name, log, clock })
  lifecycle.add(`${name} store`, () => store.close(), stopMs.store)
  const viewRunner =
    views.length > 0 ? await createViewRunner({ store, database, schema: name, views, log }) : undefined

  const service = runService({
    definition,
    bus,
    store,
    makeExecutor: (onCommitted) => createExecutor({ store, log, clock, service: name, onCommitted }),
    ...(viewRunner ? { viewRunner } : {}),
    log,
    clock,
  })
  lifecycle.add(name, () => service.stop(), stopMs.service)
  return service
}
