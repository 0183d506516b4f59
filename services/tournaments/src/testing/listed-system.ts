import {
  type Caller,
  newId,
  type OrganizationId,
  type OrganizationRole,
  type StaffId,
  type TournamentId,
} from '@matchday/contracts'
import {
  type Checkpoint,
  createViewRunner,
  type EmbeddedPostgres,
  type EventSources,
  type JsonObject,
  type ReadBatch,
  type ReadContext,
  type RecordedEvent,
  type RunningViews,
  silentLog,
  type View,
} from '@matchday/kernel'
import { vi } from 'vitest'
import { defineTournaments } from '../service.ts'
import { asContracted } from './as-contracted.ts'
import type { AnyOperationName } from './model-system.ts'
import { staff } from './people.ts'
import { startInstances } from './real-instances.ts'
import { testPasses } from './test-passes.ts'

export const patience = { timeout: 20_000, interval: 5 }
const epoch = '00000000-0000-4000-8000-000000000000'

/** The log of the service of organisations, as its followers read it. */
function organizationLog() {
  const events: RecordedEvent[] = []
  const listeners = new Set<() => void>()
  const sources: EventSources = (service) => ({
    service,
    isOwn: false,
    async read(after, limit) {
      const from = Number(after?.position ?? 0)
      const batch = events.slice(from, from + limit)
      const position = String(from + batch.length)
      return { events: batch, checkpoint: { epoch, xid: '1', position }, isFull: false, epoch }
    },
    onEvents(wake) {
      listeners.add(wake)
      return { close: () => void listeners.delete(wake) }
    },
  })
  return {
    sources,
    tell(stream: string, type: string, data: JsonObject = {}) {
      events.push({
        stream,
        version: events.length + 1,
        type,
        data,
        at: new Date().toISOString(),
        by: 'staff',
      })
      for (const wake of listeners) wake()
    },
  }
}

/** The service with its views on a real database, and organisations that are told what becomes of them. */
export async function startListedSystem(server: EmbeddedPostgres, name: string) {
  const definition = defineTournaments(testPasses)
  const instances = await startInstances(server, name, [definition])
  const { store, database, organizations } = instances
  const log = organizationLog()
  const runners: RunningViews[] = []
  const run = async (views: readonly View[]) => {
    const common = { store, database, log: silentLog, pollMs: 10 }
    const runner = await createViewRunner({ ...common, views, sources: log.sources })
    runners.push(runner)
    return runner
  }
  await run(definition.views)

  /** Until the views hold all that was committed. */
  async function caughtUp(): Promise<void> {
    let checkpoint: Checkpoint | null = null
    let seen = 0
    for (;;) {
      const batch: ReadBatch = await store.read(checkpoint, 500)
      seen += batch.events.length
      if (batch.events.length > 0) {
        checkpoint = batch.checkpoint
        continue
      }
      // What an open transaction holds back, a view's own for one, is committed all the same.
      const [row] = await instances.rows<{ count: number }>(
        'select count(*)::integer as count from events',
        [],
      )
      if (row?.count === seen) break
    }
    const last = checkpoint
    if (last !== null) await Promise.all(runners.map((runner) => runner.caughtUp(last)))
  }

  async function send(operation: AnyOperationName, input: JsonObject, by: Caller): Promise<JsonObject> {
    const reply = await instances.send(0, { operation, input, by })
    if (reply.kind !== 'ok') throw new Error(`${operation}: ${JSON.stringify(reply)}`)
    return reply.body ?? {}
  }

  async function ask(operation: AnyOperationName, input: JsonObject, by: Caller): Promise<JsonObject> {
    await caughtUp()
    const entry = definition.handlers[operation]
    if (entry?.kind !== 'read') throw new Error(`${operation} reads nothing`)
    const context: ReadContext = instances.context
    const answer = await entry.handle(input, by, context)
    if (answer.kind === 'rejected') throw new Error(answer.code)
    asContracted(operation, { kind: 'ok', body: answer.body, version: answer.version })
    return answer.body ?? {}
  }

  const known = async (id: OrganizationId) => {
    const rows = await instances.rows<{ name: string; status: string }>(
      'select name, status from known_organizations where id = $1',
      [id],
    )
    return rows[0]
  }

  /** A new organisation, with somebody who manages it. */
  async function organization(organizationName = 'City League', status: 'approved' | 'pending' = 'approved') {
    const [id, manager] = [newId<'organization'>(), newId<'staff'>()]
    const roles: Record<StaffId, OrganizationRole> = { [manager]: 'manager' }
    organizations.add(id, roles)
    log.tell(id, 'organization-registered', { name: organizationName, status })
    await vi.waitUntil(async () => (await known(id)) !== undefined, patience)
    return { id, manager: staff(manager) }
  }

  /** What becomes of an organisation, as its service tells it. */
  async function tell(id: OrganizationId, what: 'approved' | 'blocked' | 'deleted'): Promise<void> {
    organizations.set(id, what)
    log.tell(id, `organization-${what}`)
    await vi.waitUntil(async () => (await known(id))?.status === what, patience)
  }

  async function create(of: Awaited<ReturnType<typeof organization>> | null, input: JsonObject = {}) {
    const asked = { name: `Cup ${newId()}`, limit: 4, ...(of && { organizationId: of.id }), ...input }
    const { id } = await send('createTournament', asked, of?.manager ?? { kind: 'anyone' })
    // The contract says that it is a tournament's id.
    return id as TournamentId
  }

  return {
    ...{ instances, log, run, caughtUp, send, ask, known, organization, tell, create },
    /** Names of what is found, in their order. */
    async search(input: JsonObject = {}): Promise<readonly string[]> {
      const { items } = await ask('searchTournaments', { limit: 100, ...input }, { kind: 'anyone' })
      return (items as readonly { name: string }[]).map((item) => item.name)
    },
    async stop() {
      await Promise.all(runners.map((runner) => runner.stop()))
      await instances.stop()
    },
  }
}

export type ListedSystem = Awaited<ReturnType<typeof startListedSystem>>
