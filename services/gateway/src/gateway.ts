import type { Bus, Clock, Log, TokenVerifier } from '@matchday/kernel'
import { createHttpEdge } from './http/edge.ts'
import type { Health, HttpEdgeConfig, Requester } from './http/ports.ts'
import { createSharedBudgets } from './limits/shared-budgets.ts'
import { createLiveEdge, type LiveStats } from './live/index.ts'
import type { RealmState } from './sessions/realm-sessions.ts'
import { createSessionDirectory } from './sessions/session-directory.ts'

export type GatewayParts = {
  /** It is asked on behalf of clients, and by the edge itself. */
  requester: Requester
  bus: Pick<Bus, 'subscribeEvents' | 'subscribeWhispers' | 'whisper' | 'onState'>
  /** Of passes: capability tokens of one tournament. */
  passes: TokenVerifier
  health(): Health
  /** About to stop, and still serving. */
  isDraining?(): boolean
  log: Log
  clock: Clock
  http: HttpEdgeConfig
}

export type Gateway = {
  listen(host: string, port: number): Promise<{ port: number }>
  liveStats(): LiveStats
  /** Of each realm: until its sessions are known, its accounts are told 503. */
  realmStates(): readonly RealmState[]
  /** Finishes what is in flight and tells the sockets to come back; bounded. */
  close(): Promise<void>
}

/** The edge as a whole: HTTP and, on the same port, the live protocol. */
export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const { requester, bus, passes, health, isDraining = () => false, log, clock } = parts
  const budgets = createSharedBudgets({ bus, clock, log })
  const directory = createSessionDirectory({ passes, asker: requester, bus, budgets, clock, log })
  const { verifyToken } = directory
  const http = await createHttpEdge({
    requester,
    verifyToken,
    knownPass: passes.known,
    budgets,
    health,
    isDraining,
    log,
    clock,
    config: parts.http,
  })
  const { allowedOrigins, trustedProxyHops = 0, publicOrigin, plainHttpAccounts = 'refused' } = parts.http
  const live = createLiveEdge({
    requester,
    bus,
    verifyToken,
    endings: directory,
    log,
    clock,
    config: {
      path: '/api/live',
      allowedOrigins: allowedOrigins?.length ? allowedOrigins : 'same-host',
      trustedProxyHops,
      publicOrigin,
      plainHttpAccounts,
    },
  })
  live.attach(http.server)
  return {
    listen: (host, port) => http.listen(host, port),
    liveStats: () => live.stats(),
    realmStates: () => directory.states(),
    // Together: the server waits for its sockets, and the sockets for their share of the time.
    close: async () => {
      await Promise.all([live.close(), http.close()])
      directory.close()
      budgets.close()
    },
  }
}
