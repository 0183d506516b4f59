import {
  type Caller,
  newId,
  type ServiceName,
  staffIdentityInternals,
  tournamentInternals,
} from '@matchday/contracts'
import {
  type AnyOperation,
  createMemoryBus,
  createRequester,
  type DatabaseTarget,
  type HandlerEntry,
  type JsonObject,
  read,
  type ServiceDefinition,
} from '@matchday/kernel'
import { createTestDatabase, startServiceOnBus } from '@matchday/testkit'
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

  const startInstance = (definition: ServiceDefinition & { name: ServiceName }, database: DatabaseTarget) =>
    startServiceOnBus({ definition, bus, database, pollMs })

  const neighbour = async (
    name: 'tournaments' | 'identity-staff',
    internals: Record<string, HandlerEntry>,
  ) => {
    const database = await newDatabase()
    const instance = await startInstance({ name, handlers: {}, internals, views: [] }, database)
    stops.push(instance.stop)
    return instance
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
