import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Log, Metrics } from '@matchday/kernel'
import type { Health } from './health.ts'

/** Only probes and a collector of metrics call; none of them sends a body or keeps many connections. */
export const healthServerLimits = {
  connectionsMax: 64,
  headerBytesMax: 4 * 1024,
  requestTimeoutMs: 5_000,
  keepAliveTimeoutMs: 5_000,
} as const

export type HealthServerParts = {
  readonly health: () => Health
  readonly metrics: Pick<Metrics, 'contentType' | 'text'>
  readonly log: Log
}

export type HealthServer = {
  readonly port: number
  close(): Promise<void>
}

/**
 * What looks after a process asks it here: `/livez` (the process lives), `/readyz` (it can do its work, or what it
 * waits for) and `/metrics`. Not for the public: metrics tell about everybody. Rejects when it can't listen.
 */
export async function startHealthServer(
  place: { host: string; port: number },
  parts: HealthServerParts,
): Promise<HealthServer> {
  const server = createServer(
    {
      maxHeaderSize: healthServerLimits.headerBytesMax,
      requestTimeout: healthServerLimits.requestTimeoutMs,
      headersTimeout: healthServerLimits.requestTimeoutMs,
      keepAliveTimeout: healthServerLimits.keepAliveTimeoutMs,
    },
    (request, response) => {
      answer(request, response, parts).catch((error: unknown) => {
        parts.log.error({ err: error, url: request.url }, 'a probe was not answered')
        if (!response.headersSent) send(response, 500, 'text/plain', 'internal\n')
      })
    },
  )
  server.maxConnections = healthServerLimits.connectionsMax
  await listen(server, place)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : place.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { health, metrics }: HealthServerParts,
): Promise<void> {
  const path = request.url?.split('?')[0]
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    send(response, 405, 'text/plain', 'GET only\n')
  } else if (path === '/livez') {
    sendJson(response, 200, { alive: true })
  } else if (path === '/readyz') {
    const { ready, parts } = health()
    sendJson(response, ready ? 200 : 503, { ready, parts })
  } else if (path === '/metrics') {
    send(response, 200, metrics.contentType, await metrics.text())
  } else {
    send(response, 404, 'text/plain', 'There are /livez, /readyz and /metrics.\n')
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, 'application/json', JSON.stringify(body))
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
