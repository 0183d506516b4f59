import type { Server } from 'node:http'
import type { Caller, Operation } from '@matchday/contracts'
import type { AskedOperation, Clock, Log, Reply, RequestCall } from '@matchday/kernel'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import type { SharedBudgets } from '../limits/shared-budgets.ts'
import type { VerifyToken } from '../sessions/credential.ts'

/** Who gets answers from the services. */
export type Requester = {
  /** Resolves within `timeoutMs`; what it throws becomes a 5xx. */
  request(operation: Operation, call: RequestCall): Promise<Reply>
  /** One more request of this kind would be refused now. */
  isSaturated(operation: Operation): boolean
}

/** Who gets answers for the edge itself. */
export type Asker = { request(operation: AskedOperation, call: RequestCall): Promise<Reply> }

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
  /** How many proxies of our own stand in front; 0 means that X-Forwarded-For and -Proto are not believed. */
  trustedProxyHops?: number
  /** Origin under which pages reach us, should a proxy hide it from us. The host that is talked to always counts. */
  publicOrigin?: string | undefined
  /** Whether accounts may be used without TLS from other machines; `refused` by default. */
  plainHttpAccounts?: 'allowed' | 'refused'
  /** Whether who sits at this computer may do what is for him alone (policy `local`); nobody may by default. */
  localCallers?: 'allowed' | 'refused'
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
  verifyToken: VerifyToken
  /** Whose a pass is that was verified before, for most requests show one; left out: each is verified. */
  knownPass?(token: string): Caller | undefined
  /** Limits that are shared with other gateways; of this edge alone by default. */
  budgets?: SharedBudgets
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
