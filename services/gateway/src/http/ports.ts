import type { Server } from 'node:http'
import type { Caller, Operation } from '@matchday/contracts'
import type { Clock, JsonObject, Log, Reply } from '@matchday/kernel'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'

/** One request as the edge hands it on: checked against its contract, with the caller of its token. */
export type RequestCall = {
  id: string
  /** Path, query and body in one flat object. */
  input: JsonObject
  caller: Caller
  expectedVersion?: number
  /** W3C `traceparent`. */
  trace?: string
  timeoutMs?: number
  /** Aborts when the client hangs up. */
  signal?: AbortSignal
}

/** Who gets answers from the services. */
export type Requester = {
  /** Resolves within `timeoutMs`; what it throws becomes a 5xx. */
  request(operation: Operation, call: RequestCall): Promise<Reply>
  /** One more request of this kind would be refused now. */
  isSaturated(operation: Operation): boolean
}

export type Health = {
  ready: boolean
  parts: readonly { name: string; state: string; detail?: string }[]
}

export type HttpEdgeConfig = {
  /** Of Matchday, for the documents. */
  version: string
  /** Folder with the built web app. */
  webRoot?: string
  /** Origins of other sites whose pages may call the API; none by default. */
  allowedOrigins?: readonly string[]
  /** How many proxies of our own stand in front; 0 means that X-Forwarded-For is not believed. */
  trustedProxyHops?: number
  bodyBytesMax?: number
  headersTimeoutMs?: number
  requestTimeoutMs?: number
  timeoutCheckMs?: number
  answerTimeoutMs?: number
  closeGraceMs?: number
  connectionsMax?: number
  /** Checks every answer against its contract, and makes a mismatch a 500. For tests. */
  validateAnswers?: boolean
}

export type HttpEdgeParts = {
  requester: Requester
  /** The caller of a token, or null when it is not good. */
  verifyToken(token: string): Promise<Caller | null>
  log: Log
  clock: Clock
  health(): Health
  /** About to stop, and still serving: answers ask their client to open no further request on the connection. */
  isDraining?(): boolean
  config: HttpEdgeConfig
  /** The operations to serve; all of the contracts by default. */
  operations?: readonly Operation[]
}

export type HttpEdge = {
  listen(host: string, port: number): Promise<{ port: number }>
  /** For the live edge, which takes the `upgrade` events. */
  server: Server
  /**
   * Takes no new connections, finishes what is in flight within `closeGraceMs`, closes. Upgraded sockets are
   * not its own.
   */
  close(): Promise<void>
  /** A request without a socket, for tests. */
  inject(options: InjectOptions): Promise<LightMyRequestResponse>
}
