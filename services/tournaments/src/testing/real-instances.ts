import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Caller, newId, type TournamentId } from '@matchday/contracts'
import {
  type Clock,
  createExecutor,
  type Database,
  type EmbeddedPostgres,
  type Executor,
  type JsonObject,
  openStore,
  openTables,
  type ReadContext,
  type RecordedEvent,
  type Reply,
  type ServiceDefinition,
  type Store,
  silentLog,
  startEmbeddedPostgres,
  systemClock,
  type Tables,
} from '@matchday/kernel'
import { type ModelOrganizations, modelOrganizations } from './model-organizations.ts'
import type { AnyOperationName } from './model-system.ts'

export type RealRequest = {
  readonly operation: AnyOperationName
  readonly input: JsonObject
  readonly by: Caller
  readonly expectedVersion?: number
  /** A new one when not given. */
  readonly commandId?: string
}

const deadlineMs = 20_000
const eventsMax = 1_000
const clock: Clock = systemClock
const fingerprintKey = new Uint8Array(32).fill(1)

/** A PostgreSQL server in a temporary folder. */
export async function startServer(): Promise<{ server: EmbeddedPostgres; stop(): Promise<void> }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'matchday-tournaments-'))
  const server = await startEmbeddedPostgres({ dataDirectory })
  return {
    server,
    async stop() {
      await server.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

type Instance = {
  readonly definition: ServiceDefinition
  readonly store: Store
  readonly tables: Tables
  readonly executor: Executor
}

async function startInstance(
  definition: ServiceDefinition,
  database: Database,
  { ask, rows }: ModelOrganizations,
): Promise<Instance> {
  const store = await openStore({ database, log: silentLog, clock })
  const tables = openTables({ database, log: silentLog })
  const executor = createExecutor({
    ...{ store, log: silentLog, clock, service: definition.name, ask, rows },
    fingerprintKey,
  })
  return { definition, store, tables, executor }
}

/**
 * Instances of the service that share one new database and know nothing of each other. What organisations are, a model
 * tells.
 */
export async function startInstances(
  server: EmbeddedPostgres,
  name: string,
  definitions: ServiceDefinition[],
) {
  const database = await server.database(name)
  const organizations = modelOrganizations()
  const instances: Instance[] = []
  // One after the other: the first one makes the tables.
  for (const definition of definitions) {
    instances.push(await startInstance(definition, database, organizations))
  }
  const first = instances[0]
  if (first === undefined) throw new Error('at least one instance')
  const instanceOf = (number: number) => instances[number % instances.length] ?? first

  const faults: string[] = []

  /** Sends to the instance with this number, counted round. */
  async function send(number: number, request: RealRequest): Promise<Reply> {
    const { definition, executor } = instanceOf(number)
    const entry = definition.handlers[request.operation] ?? definition.internals?.[request.operation]
    if (entry?.kind !== 'command') throw new Error(`${request.operation} is no command`)
    const { operation, input, by: caller, expectedVersion } = request
    const item = {
      id: request.commandId ?? newId(),
      operation,
      input,
      caller,
      deadlineAt: clock.now() + deadlineMs,
    }
    const asked = expectedVersion === undefined ? item : { ...item, expectedVersion }
    const reply = await executor.execute(entry, asked)
    if (reply.kind === 'fault') faults.push(`${request.operation}: ${reply.code}`)
    return reply
  }

  return {
    send,
    organizations,
    database,
    store: first.store,
    /** What queries of the first instance read. */
    context: readContextOf(first, organizations),
    definition: first.definition,
    /** All replies so far that were faults. */
    faults: (): readonly string[] => faults,
    events: (id: string): Promise<readonly RecordedEvent[]> => first.store.eventsOf(id, 0, eventsMax),
    holder: (claim: string) => first.store.holder(claim),
    /** All that is kept of a stream, in whatever table. */
    rows: <Row>(text: string, values: readonly unknown[]) => first.tables.rows<Row>(text, values),
    async stop() {
      for (const { executor, store, tables } of instances) {
        await executor.drain()
        await tables.close()
        await store.close()
      }
    },
  }
}

export type RealInstances = Awaited<ReturnType<typeof startInstances>>

/** Of an answer that must be a good one. */
export function bodyOf(reply: Reply): JsonObject {
  if (reply.kind !== 'ok') throw new Error(JSON.stringify(reply))
  return reply.body ?? {}
}

export async function createTournament(at: RealInstances, input: JsonObject): Promise<TournamentId> {
  const asked = { name: `Cup ${newId()}`, ...input }
  const reply = await at.send(0, { operation: 'createTournament', input: asked, by: { kind: 'anyone' } })
  // The contract says that it is a tournament's id.
  return bodyOf(reply).id as TournamentId
}

function readContextOf({ executor, store, tables }: Instance, { ask }: ModelOrganizations): ReadContext {
  return {
    state: (decider, stream) => executor.state(decider, stream),
    holder: (claim) => store.holder(claim),
    eventsOf: (stream, after, limit) => store.eventsOf(stream, after, limit),
    claims: (prefix, after, limit) => store.claims(prefix, after, limit),
    secrets: (stream) => store.secrets(stream),
    rows: (text, values) => tables.rows(text, values),
    ask,
    address: undefined,
    whisper: () => {},
  }
}
