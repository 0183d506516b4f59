import { asks, newId, type ServiceName } from '@matchday/contracts'
import {
  type Bus,
  createAsk,
  createEventSources,
  createExecutor,
  createRequester,
  createRowExecutor,
  createViewRunner,
  type DatabaseTarget,
  eventsAlone,
  type JsonObject,
  openStore,
  openTables,
  runService,
  type ServiceDefinition,
  type Store,
  silentLog,
  systemClock,
} from '@matchday/kernel'

export type ServiceOnBus = {
  readonly definition: ServiceDefinition & { readonly name: ServiceName }
  readonly bus: Bus
  readonly database: DatabaseTarget
  /** How often its views look by themselves. */
  readonly pollMs: number
}

const common = { log: silentLog, clock: systemClock } as const
const fingerprintKey = new Uint8Array(32).fill(1)

/** An instance of a service as a process runs it, among others on the same bus. */
export async function startServiceOnBus({ definition, bus, database, pollMs }: ServiceOnBus) {
  const { name, views, migrations = [] } = definition
  const store = await openStore({ ...common, database, migrations })
  const tables = openTables({ ...common, database })
  const requester = createRequester({ ...common, bus, newId })
  const ask = createAsk({ requester, service: name, asks: asks[name] })
  const sources = createEventSources({ service: name, store, bus, ask })
  const viewRunner = await createViewRunner({ ...common, database, store, views, sources, pollMs })
  const means = { ...common, store, service: name, ask, fingerprintKey }
  const service = runService({
    ...common,
    ...{ definition, bus, store, tables, viewRunner, ask },
    makeExecutor: (onCommitted) => createExecutor({ ...means, rows: tables.rows, onCommitted }),
    makeRowExecutor: (onCommitted) => createRowExecutor({ ...means, tables, onCommitted }),
  })
  const stopAll = async () => {
    await service.stop()
    await requester.close()
    await tables.close()
    await store.close()
  }
  let stopped: Promise<void> | undefined
  return {
    store,
    /** Has an event in its log that no command of its own has caused. */
    happens: happensIn(store),
    stop() {
      stopped ??= stopAll()
      return stopped
    },
  }
}

function happensIn(store: Store) {
  return async (
    stream: string,
    type: string,
    data: JsonObject = {},
    by = 'staff',
    actor?: string,
  ): Promise<void> => {
    const version = (await store.versions([stream])).get(stream)?.version ?? 0
    const event = { type, data, at: new Date().toISOString(), by }
    await store.append([
      {
        stream,
        expected: { version },
        events: [actor === undefined ? event : { ...event, actor }],
        ...eventsAlone,
      },
    ])
  }
}
