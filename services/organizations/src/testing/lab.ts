import { Writable } from 'node:stream'
import { type Caller, newId, organizationInternals, type organizationOperations } from '@matchday/contracts'
import {
  type Clock,
  createLog,
  createRowExecutor,
  type DatabaseTarget,
  type HandlerEntry,
  type JsonObject,
  type Log,
  openStore,
  openTables,
  type ReadContext,
  type Reply,
  type RowExecutor,
  type ServiceDefinition,
  type Store,
  silentLog,
  systemClock,
  type Tables,
} from '@matchday/kernel'
import { createTestDatabase } from '@matchday/testkit'
import type { OrganizationsConfig } from '../config.ts'
import { defineOrganizations } from '../service.ts'
import { breachesOf } from './conforms.ts'
import { type Neighbours, neighbours } from './neighbours.ts'

export type OwnOperation = keyof typeof organizationOperations | keyof typeof organizationInternals

export type LabOptions = {
  readonly registration?: OrganizationsConfig['registration']
  readonly clock?: Clock
  /** What runs instead of the service, made of it. */
  readonly define?: (definition: ServiceDefinition) => ServiceDefinition
}

export const publicAddress = 'https://cup.example'
const deadlineMs = 20_000
const key = new Uint8Array(32).fill(1)

/** Nothing in this service asks for these. */
const unused = () => Promise.reject(new Error('not used by this service'))

/** One instance of the service on a database. */
type Instance = { readonly store: Store; readonly tables: Tables; readonly executor: RowExecutor }

/** What goes wrong inside is told to callers as `internal`; tests want to know. */
function listeningLog(errors: string[]): Log {
  const write = (line: Buffer, _encoding: string, done: () => void) => {
    errors.push(line.toString())
    done()
  }
  return createLog('error', new Writable({ write }))
}

async function startInstance(
  database: DatabaseTarget,
  definition: ServiceDefinition,
  around: Neighbours,
  clock: Clock,
  log: Log,
) {
  const { migrations = [] } = definition
  const store = await openStore({ database, migrations, log: silentLog, clock })
  const tables = openTables({ database, log: silentLog })
  const executor = createRowExecutor({
    tables,
    store,
    log,
    clock,
    service: definition.name,
    ask: around.ask,
    fingerprintKey: key,
  })
  return { store, tables, executor }
}

/** The service on a real database of its own, with neighbours that say what they are told to. */
export async function openLab(options: LabOptions = {}) {
  const { registration = 'open', clock = systemClock, define = (definition) => definition } = options
  const { database, drop } = await createTestDatabase()
  const around = neighbours()
  const definition = define(
    defineOrganizations({ registration, publicAddress: () => publicAddress, linkKey: key }),
  )
  const instances: Instance[] = []
  const breaches: string[] = []
  const log = listeningLog(breaches)
  // One after the other: the first one makes the tables.
  for (let count = 0; count < 2; count++) {
    instances.push(await startInstance(database, definition, around, clock, log))
  }
  const first = instances[0]!
  await first.tables.transaction(async (transaction) => {
    for (const view of definition.views) await view.create(transaction)
  })
  const { rows } = first.tables
  const context: ReadContext = {
    rows,
    ask: around.ask,
    address: undefined,
    state: unused,
    holder: unused,
    eventsOf: (stream, after, limit) => first.store.eventsOf(stream, after, limit),
    claims: unused,
    secrets: unused,
    whisper: unused,
  }
  const entryOf = (name: OwnOperation): HandlerEntry => {
    const isInternal = name in organizationInternals
    const entry = (isInternal ? definition.internals : definition.handlers)?.[name]
    if (entry === undefined) throw new Error(`no handler for ${name}`)
    return entry
  }

  return {
    database,
    definition,
    neighbours: around,
    tables: first.tables,
    store: first.store,
    context,
    /** What broke a contract, or went wrong inside. */
    breaches: (): readonly string[] => breaches,
    entryOf,
    /** Sends a request to the instance with this number. */
    async send(name: OwnOperation, input: JsonObject, caller: Caller, parts: SendParts = {}): Promise<Reply> {
      const entry = entryOf(name)
      const { executor } = instances[(parts.instance ?? 0) % instances.length]!
      const reply =
        entry.kind === 'row-command'
          ? await executor.execute(entry, requestOf(name, input, caller, parts, clock))
          : await readReply(entry, input, caller, context)
      breaches.push(...breachesOf(entry.operation, reply))
      return reply
    },
    /** What an accepted request answers. */
    async ok(
      name: OwnOperation,
      input: JsonObject,
      caller: Caller,
      parts: SendParts = {},
    ): Promise<Answered> {
      const reply = await this.send(name, input, caller, parts)
      if (reply.kind !== 'ok') throw new Error(`${name}: ${reply.code}`)
      // Tests know what they ask for, and each answer was checked against its contract.
      return (reply.body ?? {}) as Answered
    },
    /** How a request ends: `ok`, or a code. */
    async outcome(
      name: OwnOperation,
      input: JsonObject,
      caller: Caller,
      parts: SendParts = {},
    ): Promise<string> {
      const reply = await this.send(name, input, caller, parts)
      return reply.kind === 'ok' ? 'ok' : reply.code
    },
    async close() {
      for (const { store, tables, executor } of instances) {
        await executor.drain()
        await tables.close()
        await store.close()
      }
      await drop()
    },
  }
}
export type Lab = Awaited<ReturnType<typeof openLab>>

// biome-ignore lint/suspicious/noExplicitAny: what is read of an answer is compared at once with what is expected
export type Answered = Record<string, any>

export type SendParts = {
  readonly instance?: number
  readonly id?: string
  readonly expectedVersion?: number
}

function requestOf(
  operation: string,
  input: JsonObject,
  caller: Caller,
  { id = newId(), expectedVersion }: SendParts,
  clock: Clock,
) {
  const item = { id, operation, input, caller, deadlineAt: clock.now() + deadlineMs }
  return expectedVersion === undefined ? item : { ...item, expectedVersion }
}

async function readReply(
  entry: HandlerEntry,
  input: JsonObject,
  caller: Caller,
  context: ReadContext,
): Promise<Reply> {
  if (entry.kind !== 'read') throw new Error(`${entry.operation.name} is no read`)
  const answer = await entry.handle(input, caller, context)
  if (answer.kind === 'rejected') return answer
  const body = answer.body ?? null
  return answer.version === undefined ? { kind: 'ok', body } : { kind: 'ok', body, version: answer.version }
}
