import { randomBytes } from 'node:crypto'
import { type Caller, type InputOf, type InternalOperation, newId, type OutputOf } from '@matchday/contracts'
import {
  type Ask,
  type Clock,
  createRowExecutor,
  Fault,
  type JsonObject,
  type Log,
  openStore,
  openTables,
  type RecordedEvent,
  type Reply,
  reject,
  silentLog,
} from '@matchday/kernel'
import { createFakeClock, createTestDatabase, type TestDatabase } from '@matchday/testkit'
import { completeConfig, type IdentityConfig, type MailNotice } from '../config.ts'
import { createParts, type IdentityParts } from '../parts.ts'
import { defineWith } from '../service.ts'

export type Asking = {
  readonly by?: Caller
  readonly address?: string
  readonly device?: string
  readonly id?: string
}
/** What other services say, by the name of the question. Whatever is not here is not reachable. */
export type Answers = Readonly<Record<string, (input: never) => JsonObject | { rejected: 'not-found' }>>

export type LabOptions = Partial<IdentityConfig> & {
  readonly database?: TestDatabase
  readonly answers?: Answers
  /** Replaces parts of the service: plants a fault that a test must find. */
  readonly plant?: (parts: IdentityParts) => Partial<IdentityParts>
}

const anyone: Caller = { kind: 'anyone' }
const fingerprintKey = randomBytes(32)
const eventsMax = 1_000
/** Cheap hashes: what they are worth is tested where they are made. */
const cheapHashing = { memoryKib: 64, passes: 1 }

/** One instance of the service on a real database, without a bus. Instances of one database know nothing of each other. */
export async function openIdentityLab(options: LabOptions = {}) {
  const { answers = {}, plant = () => ({}), ...config } = options
  const database = options.database ?? (await createTestDatabase())
  const clock: Clock & { advance?: (ms: number) => void } = options.clock ?? createFakeClock()
  const log: Log = options.log ?? silentLog
  const notices: MailNotice[] = []
  const setupLinks: string[] = []
  const complete = completeConfig({
    realm: 'staff',
    registration: 'approved',
    secret: 'a secret of tests, that is long enough',
    publicUrl: () => 'https://matchday.test',
    onMail: (mail) => notices.push(mail),
    onSetupLink: (link) => setupLinks.push(link),
    hashing: cheapHashing,
    ...config,
    clock,
    log,
  })
  const parts = createParts(complete)
  const definition = defineWith(complete, { ...parts, ...plant(parts) })
  const service = { ...database, log, clock, migrations: definition.migrations ?? [] }
  const store = await openStore(service)
  const tables = openTables(service)
  const ask = askOf(answers)
  let commits = 0
  const executor = createRowExecutor({
    tables,
    store,
    log,
    clock,
    service: definition.name,
    fingerprintKey,
    ask,
    onCommitted: () => commits++,
  })

  async function send(name: string, input: JsonObject, asking: Asking, internal: boolean): Promise<Reply> {
    const entry = (internal ? definition.internals : definition.handlers)?.[name]
    if (entry === undefined) throw new Error(`no handler ${name}`)
    const { by = anyone, address = '192.0.2.1', id = newId(), device } = asking
    if (entry.kind === 'row-command') {
      const deadlineAt = clock.now() + 60_000
      const client = device === undefined ? { address } : { address, device }
      return executor.execute(entry, { id, operation: name, input, caller: by, ...client, deadlineAt })
    }
    if (entry.kind !== 'read') throw new Error('no streams here')
    const unused = () => Promise.reject(new Error('not of this service'))
    const context = { state: unused, holder: unused, eventsOf: unused, claims: unused, secrets: unused }
    const answer = await entry.handle(input, by, {
      ...context,
      rows: tables.rows,
      ask,
      address,
      whisper: () => {},
    })
    return answer.kind === 'rejected' ? answer : { kind: 'ok', body: answer.body ?? null }
  }

  return {
    database,
    clock,
    definition,
    notices,
    setupLinks,
    rows: tables.rows,
    store,
    commits: () => commits,
    call: (name: string, input: JsonObject = {}, asking: Asking = {}) => send(name, input, asking, false),
    internal: (name: string, input: JsonObject = {}) =>
      send(name, input, { by: { kind: 'service', service: 'tests' } }, true),
    events: (stream: string): Promise<readonly RecordedEvent[]> => store.eventsOf(stream, 0, eventsMax),
    async job(name: string) {
      const job = definition.jobs?.find((one) => one.name === name)
      if (job === undefined) throw new Error(`no job ${name}`)
      const { signal } = new AbortController()
      return job.run({ rows: tables.rows, transaction: tables.transaction, signal })
    },
    advance(ms: number) {
      clock.advance?.(ms)
    },
    async close() {
      await executor.drain()
      await tables.close()
      await store.close()
      if (options.database === undefined) await database.drop()
    },
  }
}
export type IdentityLab = Awaited<ReturnType<typeof openIdentityLab>>

function askOf(answers: Answers): Ask {
  return async <const O extends InternalOperation>(operation: O, input: InputOf<O>) => {
    const answer = answers[operation.name]
    if (answer === undefined) throw new Fault('unavailable', 'not reachable', { retryable: true })
    // By the name of the question both are as its contract says.
    const told = answer(input as never)
    if ('rejected' in told) return reject(told.rejected as never)
    return { kind: 'ok' as const, body: told as OutputOf<O> }
  }
}

/** The body of an answer that must be right. */
export function bodyOf<Body = Record<string, never>>(reply: Reply): Body {
  if (reply.kind !== 'ok') throw new Error(`not ok: ${JSON.stringify(reply)}`)
  return reply.body as Body
}

export function codeOf(reply: Reply): string {
  return reply.kind === 'ok' ? 'ok' : reply.code
}
