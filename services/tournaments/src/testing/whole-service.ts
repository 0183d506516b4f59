import {
  type Caller,
  newId,
  type OrganizationId,
  type OrganizationRole,
  organizationInternals,
  type ServiceName,
  type StaffId,
  services,
} from '@matchday/contracts'
import {
  type AnyOperation,
  createMemoryBus,
  createRequester,
  type EmbeddedPostgres,
  type HandlerEntry,
  type JsonObject,
  type Reply,
  read,
  reject,
} from '@matchday/kernel'
import { startServiceOnBus } from '@matchday/testkit'
import { defineTournaments } from '../service.ts'
import type { AnyOperationName } from './model-system.ts'
import { testPasses } from './test-passes.ts'

type Standing = { role: OrganizationRole; organizationId: OrganizationId }
const pollMs = 50
/** As in production longer than a request may take. */
const lateMs = 5_500

/** The service as a process runs it, between a gateway's requester and the services that it asks and follows. */
export async function startWholeService(server: EmbeddedPostgres) {
  const bus = createMemoryBus({ freeze: true })
  const standings = new Map<StaffId, Standing>()
  const getStanding = read(organizationInternals.getStanding, async ({ organizationId, accountId }) => {
    const standing = standings.get(accountId)
    if (standing?.organizationId !== organizationId) return reject('not-found')
    return { kind: 'ok', body: { status: 'approved' as const, role: standing.role, isPreview: false } }
  })
  /** What another service tells: its events, one stream each, and what it answers. */
  const startOther = async (name: ServiceName, internals: Record<string, HandlerEntry> = {}) => {
    const definition = { name, handlers: {}, internals, views: [] }
    const database = await server.database(name.replace('-', '_'))
    return startServiceOnBus({ definition, bus, database, pollMs })
  }
  const organizations = await startOther('organizations', { getStanding })
  const players = await startOther('identity-players')

  const defined = defineTournaments(testPasses)
  const reactions = (defined.reactions ?? []).map((reaction) =>
    reaction.afterMs === undefined ? reaction : { ...reaction, afterMs: lateMs },
  )
  const { store, stop } = await startServiceOnBus({
    definition: { ...defined, name: 'tournaments', reactions },
    bus,
    database: await server.database('tournaments'),
    pollMs,
  })
  const requester = createRequester({ bus, newId })
  const { operations, internals } = services.tournaments
  const known: Readonly<Record<string, AnyOperation>> = { ...operations, ...internals }

  return {
    organizations,
    players,
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
      await stop()
      await players.stop()
      await organizations.stop()
      await requester.close()
      await bus.close()
    },
  }
}

export type WholeService = Awaited<ReturnType<typeof startWholeService>>
