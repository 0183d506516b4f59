import {
  asks,
  type Caller,
  newId,
  type ServiceName,
  staffIdentityInternals,
  tournamentInternals,
} from '@matchday/contracts'
import {
  type AnyOperation,
  createAsk,
  createEventSources,
  createExecutor,
  createMemoryBus,
  createRequester,
  createRowExecutor,
  createViewRunner,
  type DatabaseTarget,
  type HandlerEntry,
  type JsonObject,
  openStore,
  openTables,
  read,
  runService,
  type ServiceDefinition,
  silentLog,
  systemClock,
} from '@matchday/kernel'
import { createTestDatabase } from '@matchday/testkit'
import { defineOrganizations } from '../service.ts'
import type { Answered } from './lab.ts'
import { type Neighbours, neighbours } from './neighbours.ts'

const key = new Uint8Array(32).fill(1)
/** Without a poll of their own, views would hide that nobody wakes them; with a slow one nothing is lost for good. */
const pollMs = 500

/** Services as they run in one process: each on a database of its own, with one bus between them. */
export async function startWorld() {
  const bus = createMemoryBus({ freeze: true })
  const around = neighbours()
  const stops: (() => Promise<void>)[] = []

  async function newDatabase(): Promise<DatabaseTarget> {
    const { database, drop } = await createTestDatabase()
    stops.push(drop)
    return database
  }

  async function startInstance(
    definition: ServiceDefinition & { name: ServiceName },
    database: DatabaseTarget,
  ) {
    const { name, views, migrations = [] } = definition
    const place = { database, log: silentLog }
    const store = await openStore({ ...place, migrations })
    const tables = openTables(place)
    const requester = createRequester({ bus, newId })
    const ask = createAsk({ requester, service: name, asks: asks[name] })
    const sources = createEventSources({ service: name, store, bus, ask })
    const viewRunner = await createViewRunner({ ...place, store, views, sources, pollMs })
    const means = {
      ...{ store, tables, ask, log: silentLog, clock: systemClock },
      ...{ service: name, fingerprintKey: key },
    }
    const service = runService({
      ...{ definition, bus, store, tables, viewRunner, ask, log: silentLog },
      makeExecutor: (onCommitted) => createExecutor({ ...means, onCommitted }),
      makeRowExecutor: (onCommitted) => createRowExecutor({ ...means, onCommitted }),
    })
    let stopped: Promise<void> | undefined
    const stopAll = async () => {
      await service.stop()
      await requester.close()
      await tables.close()
      await store.close()
    }
    const stop = () => {
      stopped ??= stopAll()
      return stopped
    }
    return { store, tables, stop }
  }

  const neighbour = async (
    name: 'tournaments' | 'identity-staff',
    internals: Record<string, HandlerEntry>,
  ) => {
    const database = await newDatabase()
    const instance = await startInstance({ name, handlers: {}, internals, views: [] }, database)
    stops.push(instance.stop)
    return { ...instance, happens: happensIn(instance.store) }
  }
  const tournaments = await neighbour('tournaments', {
    getOwner: answering(tournamentInternals.getOwner, around),
  })
  const identity = await neighbour('identity-staff', {
    describeAccounts: answering(staffIdentityInternals.describeAccounts, around),
  })

  const definition = defineOrganizations({
    ...({ registration: 'open', publicAddress: () => 'https://cup.example', linkKey: key } as const),
  })
  const database = await newDatabase()
  const requester = createRequester({ bus, newId })
  stops.push(() => requester.close())
  return {
    neighbours: around,
    tournaments,
    identity,
    /** One more instance of the service. */
    startOrganizations: () => startInstance({ ...definition, name: 'organizations' }, database),
    async ok(operation: AnyOperation, input: JsonObject, caller: Caller): Promise<Answered> {
      const reply = await requester.request(operation, { id: newId(), input, caller })
      if (reply.kind !== 'ok') throw new Error(`${operation.name}: ${reply.code}`)
      // Tests know what they ask for.
      return (reply.body ?? {}) as Answered
    },
    async stop() {
      for (const stop of stops.toReversed()) await stop()
      await bus.close()
    },
  }
}
export type RunningWorld = Awaited<ReturnType<typeof startWorld>>

/** What the neighbours of the lab say, said over the bus. */
function answering(operation: AnyOperation, around: Neighbours): HandlerEntry {
  // Whatever the contract of the operation is, it is the same on both sides.
  return read(operation, (input) => around.ask(operation as never, input as never) as never)
}

type HappeningStore = Awaited<ReturnType<typeof openStore>>

/** Events in a neighbour's log, one after the other in a stream. */
function happensIn(store: HappeningStore) {
  return async (
    stream: string,
    type: string,
    data: JsonObject,
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
        fenceOffset: 0,
        claims: [],
        releases: [],
        secrets: [],
        forgottenSecrets: [],
        redactions: [],
        answers: [],
      },
    ])
  }
}
