import type { Caller } from '@matchday/contracts'
import type { Bus, Clock, Log } from '@matchday/kernel'
import { createHttpEdge } from './http/edge.ts'
import type { Health, HttpEdgeConfig, Requester } from './http/ports.ts'
import { createLiveEdge, type LiveStats } from './live/index.ts'

export type GatewayParts = {
  requester: Requester
  bus: Pick<Bus, 'subscribeEvents' | 'subscribeWhispers' | 'onState'>
  verifyToken(token: string): Promise<Caller | null>
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
  /** Finishes what is in flight and tells the sockets to come back; bounded. */
  close(): Promise<void>
}

/** The edge as a whole: HTTP and, on the same port, the live protocol. */
export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const { requester, bus, verifyToken, health, isDraining = () => false, log, clock } = parts
  const http = await createHttpEdge({
    requester,
    verifyToken,
    health,
    isDraining,
    log,
    clock,
    config: parts.http,
  })
  const live = createLiveEdge({
    requester,
    bus,
    verifyToken,
    log,
    clock,
    config: {
      path: '/api/live',
      allowedOrigins: parts.http.allowedOrigins?.length ? parts.http.allowedOrigins : 'same-host',
      trustedProxyHops: parts.http.trustedProxyHops ?? 0,
    },
  })
  live.attach(http.server)
  return {
    listen: (host, port) => http.listen(host, port),
    liveStats: () => live.stats(),
    // Together: the server waits for its sockets, and the sockets for their share of the time.
    close: async () => void (await Promise.all([live.close(), http.close()])),
  }
}
