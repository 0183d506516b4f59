import { readFileSync } from 'node:fs'
import {
  type Authenticator,
  credsAuthenticator,
  headers,
  type Msg,
  type Subscription as NativeSubscription,
  nkeyAuthenticator,
} from '@nats-io/nats-core'
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node'
import type { Log } from '../../log.ts'
import { settlesWithin } from '../../settles-within.ts'
import type { Subscription } from '../port.ts'
import type { NatsLimits } from './nats-limits.ts'

export type BrokerCredentials =
  | { readonly user: string; readonly password: string }
  /** A file as `nsc` writes it: a JWT and its key. */
  | { readonly credentialsFile: string }
  /** A file that holds the seed of an NKey. */
  | { readonly nkeyFile: string }

/** Files of certificates, in PEM. Whoever names any, or a `tls://` server, never talks in the clear. */
export type BrokerTls = { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string }

export type LinkOptions = {
  /** `nats://host:port` or `tls://host:port`; of a cluster one is enough, more make starting surer. */
  readonly servers: readonly string[]
  /** How the broker's own pages call this process. */
  readonly name: string
  readonly credentials?: BrokerCredentials
  readonly tls?: BrokerTls
  readonly limits: NatsLimits
  readonly log: Log
  /** False as soon as nothing can be sent; true with the broker's version when it can again. */
  readonly onConnected: (version: string) => void
  readonly onDisconnected: () => void
}

export type LinkSubscription = Subscription & {
  /** Takes nothing more, but hears what is on its way already. Resolves when all of it has been heard. */
  drain(): Promise<void>
}

type Outgoing = {
  subject: string
  payload: Uint8Array
  replyTo: string | undefined
  messageId: string | undefined
}
type Listening = {
  subject: string
  group: string | undefined
  onMessage: (message: Msg) => void
  native: NativeSubscription | null
}

/** Every nats-server's, unless it is configured otherwise. */
const messageBytesMaxUsual = 1024 * 1024
/** On closing, what was written last must reach the broker within this time. */
const closingFlushMs = 500

/**
 * The connection to the broker, for as long as the process lives: it is made again whenever it is lost, whatever the
 * reason, and everything that was subscribed to is subscribed to again. What is sent in one turn of the event loop is
 * written at once.
 */
export class BrokerLink {
  private readonly options: LinkOptions
  private readonly listening = new Set<Listening>()
  private native: NatsConnection | null = null
  private connected = false
  private closed = false
  // What was sent in this turn. Bounded by what a turn can send.
  private outgoing: Outgoing[] = []
  private flushScheduled = false
  /** What went wrong last, in the broker's or the system's words; empty while there is a connection. */
  lastProblem = ''
  private endWait: (() => void) | null = null

  constructor(options: LinkOptions) {
    this.options = options
    void this.run()
  }

  get isConnected(): boolean {
    return this.connected
  }

  /** The largest message that the broker takes. */
  get messageBytesMax(): number {
    return this.native?.info?.max_payload ?? messageBytesMaxUsual
  }

  /** Subscriptions may be made at any time; they hear from when the connection is there. */
  subscribe(subject: string, onMessage: (message: Msg) => void, group?: string): LinkSubscription {
    const entry: Listening = { subject, group, onMessage, native: null }
    this.listening.add(entry)
    if (this.native !== null && !this.native.isClosed()) this.listen(entry, this.native)
    return {
      close: () => {
        this.listening.delete(entry)
        entry.native?.unsubscribe()
      },
      drain: async () => {
        this.listening.delete(entry)
        if (!this.connected || entry.native === null) entry.native?.unsubscribe()
        else await entry.native.drain()
      },
    }
  }

  /** At most once: what is sent while there is no connection is lost. */
  publish(subject: string, payload: Uint8Array, replyTo?: string, messageId?: string): void {
    if (!this.connected) return
    this.outgoing.push({ subject, payload, replyTo, messageId })
    if (this.flushScheduled) return
    this.flushScheduled = true
    // After all promises that this turn settles: what they send goes with it.
    process.nextTick(() => this.flush())
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.endWait?.()
    const { native } = this
    if (native === null) return
    this.flush()
    if (this.connected)
      await settlesWithin(
        native.flush().catch(() => {}),
        closingFlushMs,
      )
    this.connected = false
    await native.close()
  }

  private flush(): void {
    this.flushScheduled = false
    const { outgoing, native } = this
    this.outgoing = []
    if (native === null || !this.connected) return
    // The library writes once, in the next microtask, whatever is published until then.
    for (const { subject, payload, replyTo, messageId } of outgoing) {
      const options: { reply?: string; headers?: ReturnType<typeof headers> } = {}
      if (replyTo !== undefined) options.reply = replyTo
      if (messageId !== undefined) {
        options.headers = headers()
        options.headers.set('Nats-Msg-Id', messageId)
      }
      try {
        native.publish(subject, payload, options)
      } catch (error) {
        // Larger than the broker takes. Whoever waits for an acknowledgement will not get one.
        this.options.log.error({ err: error, subject, bytes: payload.length }, 'a message could not be sent')
      }
    }
  }

  private listen(entry: Listening, native: NatsConnection): void {
    const { subject, group, onMessage } = entry
    const callback = (error: Error | null, message: Msg): void => {
      if (error !== null) {
        this.options.log.error({ err: error, subject }, 'a subscription ended')
        return
      }
      try {
        onMessage(message)
      } catch (cause) {
        // Whatever is thrown here would end the connection's reader.
        this.options.log.error({ err: cause, subject }, 'a listener threw at a message')
      }
    }
    entry.native = native.subscribe(subject, group === undefined ? { callback } : { callback, queue: group })
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      try {
        const native = await connect(this.connectOptions())
        if (this.closed) return await native.close()
        await this.serve(native)
      } catch (error) {
        this.report(error)
      }
      this.setConnected(null)
      if (!this.closed) await this.wait(this.reconnectDelayMs())
    }
  }

  /** Until this connection is given up for good; it comes back by itself as long as it can. */
  private async serve(native: NatsConnection): Promise<void> {
    this.native = native
    for (const entry of this.listening) this.listen(entry, native)
    this.setConnected(native)
    for await (const status of native.status()) {
      if (status.type === 'disconnect') this.setConnected(null)
      else if (status.type === 'reconnect') this.setConnected(native)
      else if (status.type === 'error') this.report(status.error)
    }
    this.native = null
    const problem = await native.closed()
    if (problem instanceof Error) throw problem
  }

  private setConnected(native: NatsConnection | null): void {
    const isConnected = native !== null
    if (isConnected === this.connected || (isConnected && this.closed)) return
    this.connected = isConnected
    if (native === null) {
      this.outgoing = []
      this.options.onDisconnected()
    } else {
      this.lastProblem = ''
      this.options.onConnected(native.info?.version ?? '0')
    }
  }

  private connectOptions(): NodeConnectionOptions {
    const { servers, name, credentials, tls, limits } = this.options
    const wantsTls = tls !== undefined || servers.some((server) => server.startsWith('tls://'))
    return {
      servers: servers.map((server) => server.replace(/^(nats|tls):\/\//, '')),
      name,
      ...(credentials === undefined ? {} : { authenticator: [authenticatorOf(credentials)] }),
      ...(wantsTls ? { tls: { ...tls } } : {}),
      maxReconnectAttempts: -1,
      reconnectDelayHandler: () => this.reconnectDelayMs(),
      // Wrong credentials may be put right while we wait.
      ignoreAuthErrorAbort: true,
      pingInterval: limits.pingIntervalMs,
      maxPingOut: limits.pingsUnansweredMax,
      timeout: limits.connectMs,
      noAsyncTraces: true,
    }
  }

  private reconnectDelayMs(): number {
    return Math.round(this.options.limits.reconnectMs * (1 + Math.random()))
  }

  private wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.endWait = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Says each problem once, not at every attempt. */
  private report(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    if (text === this.lastProblem || this.closed) return
    this.lastProblem = text
    this.options.log.warn({ problem: text, servers: this.options.servers }, 'the broker')
  }
}

function authenticatorOf(credentials: BrokerCredentials): Authenticator {
  if ('user' in credentials) {
    return () => ({ user: credentials.user, pass: credentials.password })
  }
  // Read at each connection, so that a file may be replaced.
  if ('credentialsFile' in credentials) {
    return (nonce) => credsAuthenticator(readFileSync(credentials.credentialsFile))(nonce)
  }
  return (nonce) =>
    nkeyAuthenticator(new TextEncoder().encode(readFileSync(credentials.nkeyFile, 'utf8').trim()))(nonce)
}
