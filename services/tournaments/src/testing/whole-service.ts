import {
  asks,
  type Caller,
  newId,
  type OrganizationId,
  type OrganizationRole,
  organizationInternals,
  type StaffId,
  services,
} from '@matchday/contracts'
import {
  type AnyOperation,
  createAsk,
  createEventSources,
  createExecutor,
  createMemoryBus,
  createRequester,
  createViewRunner,
  type EmbeddedPostgres,
  type HandlerEntry,
  type JsonObject,
  openStore,
  openTables,
  type Reply,
  read,
  reject,
  runService,
  type ServiceDefinition,
  silentLog,
  systemClock,
} from '@matchday/kernel'
import { defineTournaments } from '../service.ts'
import type { AnyOperationName } from './model-system.ts'
import { testPasses } from './test-passes.ts'

const common = { log: silentLog, clock: systemClock } as const
type Standing = { role: OrganizationRole; organizationId: OrganizationId }
type Stop = () => Promise<unknown>

/** What another service tells: its events, one stream each, and what it answers. */
async function startOther(
  server: EmbeddedPostgres,
  bus: ReturnType<typeof createMemoryBus>,
  name: string,
  internals: Record<string, HandlerEntry> = {},
) {
  const store = await openStore({ ...common, database: await server.database(name.replace('-', '_')) })
  const definition: ServiceDefinition = { name, handlers: {}, internals, views: [] }
  const makeExecutor = (onCommitted: () => void) =>
    createExecutor({ ...common, store, service: name, onCommitted })
  const service = runService({ ...common, definition, bus, store, makeExecutor })
  const versions = new Map<string, number>()
  return {
    async tell(stream: string, type: string, data: JsonObject = {}): Promise<void> {
      const version = versions.get(stream) ?? 0
      versions.set(stream, version + 1)
      const nothing = {
        claims: [],
        releases: [],
        secrets: [],
        forgottenSecrets: [],
        redactions: [],
        answers: [],
      }
      const events = [{ type, data, at: new Date().toISOString(), by: 'staff' }]
      await store.append([{ stream, expected: { version }, events, fenceOffset: 0, ...nothing }])
    },
    async stop() {
      await service.stop()
      await store.close()
    },
  }
}

/** In place of the seconds that what comes late is waited for. */
const lateMs = 1_500

/** The service as a process runs it, between a gateway's requester and the services that it asks and follows. */
export async function startWholeService(server: EmbeddedPostgres) {
  const bus = createMemoryBus({ freeze: true })
  const standings = new Map<StaffId, Standing>()
  const getStanding = read(organizationInternals.getStanding, async ({ organizationId, accountId }) => {
    const standing = standings.get(accountId)
    if (standing?.organizationId !== organizationId) return reject('not-found')
    return { kind: 'ok', body: { status: 'approved' as const, role: standing.role, isPreview: false } }
  })
  const organizations = await startOther(server, bus, 'organizations', { getStanding })
  const players = await startOther(server, bus, 'identity-players')

  const database = await server.database('tournaments')
  const store = await openStore({ ...common, database })
  const tables = openTables({ ...common, database })
  const requester = createRequester({ ...common, bus, newId })
  const ask = createAsk({ requester, service: 'tournaments', asks: asks.tournaments })
  const sources = createEventSources({ service: 'tournaments', store, bus, ask })
  const defined = defineTournaments(testPasses)
  const reactions = (defined.reactions ?? []).map((reaction) =>
    reaction.afterMs === undefined ? reaction : { ...reaction, afterMs: lateMs },
  )
  const definition = { ...defined, reactions }
  const { views } = definition
  const viewRunner = await createViewRunner({ ...common, database, store, views, sources, pollMs: 50 })
  const means = { ...common, store, service: 'tournaments', ask, rows: tables.rows }
  const fingerprintKey = new Uint8Array(32).fill(1)
  const service = runService({
    ...common,
    ...{ definition, bus, store, tables, viewRunner, ask },
    makeExecutor: (onCommitted) => createExecutor({ ...means, fingerprintKey, onCommitted }),
  })
  const stops: Stop[] = [
    () => service.stop(),
    () => players.stop(),
    () => organizations.stop(),
    () => requester.close(),
    () => tables.close(),
    () => store.close(),
    () => bus.close(),
  ]
  const { operations, internals } = services.tournaments
  const known: Readonly<Record<string, AnyOperation>> = { ...operations, ...internals }

  return {
    organizations,
    players,
    service,
    store,
    member(accountId: StaffId, standing: Standing) {
      standings.set(accountId, standing)
    },
    /** As a gateway sends it, or another service. */
    send(name: AnyOperationName, input: JsonObject, caller: Caller): Promise<Reply> {
      const operation = known[name]
      if (operation === undefined) throw new Error(`there is no operation ${name}`)
      return requester.request(operation, { id: newId(), input, caller })
    },
    async stop() {
      for (const stop of stops) await stop()
    },
  }
}

export type WholeService = Awaited<ReturnType<typeof startWholeService>>
