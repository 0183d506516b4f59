import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import {
  type Caller,
  callerScope,
  newId,
  type Operation,
  type PlayerId,
  type TournamentId,
} from '@matchday/contracts'
import {
  type Bus,
  type BusState,
  type Clock,
  type EventMessage,
  type JsonObject,
  type Log,
  type Reply,
  silentLog,
  systemClock,
  type Whisper,
} from '@matchday/kernel'
import { Centrifuge, type Options, type Subscription, type SubscriptionOptions } from 'centrifuge'
import { type ClientOptions, WebSocket } from 'ws'
import type { Requester } from '../../http/ports.ts'
import type { Credential, Endings, VerifyToken } from '../../sessions/credential.ts'
import { createLiveEdge, type LiveEdge, type LiveLimits } from '../index.ts'

/** For tests of the live edge: a service that keeps a list of names, its bus, a server, and clients to talk to it. */
export type World = {
  version: number
  epoch: string
  names: string[]
  /** By version; what lies beyond the world's version is of a time before it was restored. */
  log: Map<number, EventMessage>
  /** Seen by whom `members` has, by the scope of the caller, alone. */
  isPrivate: boolean
  members: Set<string>
}
/** What the live edge needs of a bus. */
type LiveBus = Pick<Bus, 'subscribeEvents' | 'subscribeWhispers' | 'onState'>
type Call = { operation: string; input: JsonObject; caller: Caller }

export class FakeService implements Pick<Requester, 'request'> {
  readonly worlds = new Map<string, World>()
  readonly calls: Call[] = []
  #gate: Promise<void> = Promise.resolve()
  seat: Reply = { kind: 'ok', body: {} }
  highlight: Reply = { kind: 'ok', body: null }
  readonly #listeners = new Map<string, Set<(events: readonly EventMessage[]) => void>>()
  readonly #onWhisper: ((message: Whisper) => void)[] = []
  readonly #onState: ((state: BusState) => void)[] = []
  readonly #shared: Bus | null

  /** With a bus of its own, on which everything arrives at once, or with one that several edges share. */
  constructor(shared: Bus | null = null) {
    this.#shared = shared
  }

  get bus(): LiveBus {
    return this.#shared ?? this.#own
  }

  readonly #own: LiveBus = {
    subscribeEvents: ({ stream = '' }, listener) => {
      const listeners = this.#listeners.get(stream) ?? new Set()
      this.#listeners.set(stream, listeners.add(listener))
      return {
        close: () => {
          listeners.delete(listener)
          if (listeners.size === 0) this.#listeners.delete(stream)
        },
      }
    },
    subscribeWhispers: (_topic, listener) => this.#listen(this.#onWhisper, listener),
    onState: (listener) => this.#listen(this.#onState, listener),
  }

  /** Streams that somebody listens to. */
  get topics(): number {
    return this.#listeners.size
  }

  /** Answers nothing any more until the function that it returns is called. */
  shut(): () => void {
    let open = () => {}
    this.#gate = new Promise((resolve) => {
      open = resolve
    })
    return () => open()
  }

  create(): TournamentId {
    const id = newId<'tournament'>()
    const log = new Map([[1, this.#event(id, 1, 'tournament-created', { name: 'first' }, 'e1')]])
    const members = new Set<string>()
    this.worlds.set(id, { version: 1, epoch: 'e1', names: ['first'], log, isPrivate: false, members })
    return id
  }

  /** Commits without publishing: what a snapshot shows before its event has arrived. */
  commit(id: string, type = 'tournament-renamed', data: JsonObject = {}): EventMessage {
    const world = this.world(id)
    world.version++
    const name = `name ${world.version}`
    world.names.push(name)
    const event = this.#event(id, world.version, type, { name, ...data }, world.epoch)
    world.log.set(world.version, event)
    return event
  }

  #event(stream: string, version: number, type: string, data: JsonObject, epoch: string): EventMessage {
    return { service: 'tournaments', stream, version, type, data, at: new Date().toISOString(), epoch }
  }

  deliver(...events: readonly EventMessage[]): void {
    if (this.#shared !== null) {
      // What is published while the bus is down is the relay's to repeat; here it is lost.
      this.#shared.publishEvents(events).catch(() => {})
      return
    }
    const streams = new Set(events.map(({ stream }) => stream))
    for (const stream of streams) {
      const own = events.filter((event) => event.stream === stream)
      for (const listener of [...(this.#listeners.get(stream) ?? [])]) listener(own)
    }
  }

  publish(id: string, type?: string, data?: JsonObject): EventMessage {
    const event = this.commit(id, type, data)
    this.deliver(event)
    return event
  }

  whisper(message: Whisper): void {
    this.#shared?.whisper(message)
    for (const listener of this.#onWhisper) listener(message)
  }

  world(id: string): World {
    const world = this.worlds.get(id)
    if (!world) throw new Error('no such tournament')
    return world
  }

  callsOf(operation: string): readonly Call[] {
    return this.calls.filter((call) => call.operation === operation)
  }

  async request(operation: Operation, call: { input: JsonObject; caller: Caller }): Promise<Reply> {
    this.calls.push({ operation: operation.name, input: call.input, caller: call.caller })
    await this.#gate
    if (operation.name === 'getSeat') return this.#seatReply(String(call.input.id))
    if (operation.name === 'highlightTeam') return this.highlight
    const world = this.worlds.get(String(call.input.id))
    if (!world || (world.isPrivate && !world.members.has(callerScope(call.caller)))) {
      return { kind: 'rejected', code: 'not-found' }
    }
    if (operation.name === 'listLog')
      return logReply(world, Number(call.input.after), Number(call.input.limit))
    return { kind: 'ok', body: { names: [...world.names] }, version: world.version, epoch: world.epoch }
  }

  #seatReply(id: string): Reply {
    const world = this.worlds.get(id)
    if (this.seat.kind !== 'ok' || world === undefined) return this.seat
    return { version: world.version, epoch: world.epoch, ...this.seat }
  }

  #listen<T>(listeners: T[], listener: T): { close(): void } {
    listeners.push(listener)
    return { close: () => void listeners.splice(listeners.indexOf(listener), 1) }
  }
}

function logReply({ log, version, epoch }: World, after: number, limit: number): Reply {
  const versions = Array.from({ length: Math.max(0, version - after) }, (_, index) => after + index + 1)
  const items = versions.slice(0, limit).flatMap((each) => {
    const event = log.get(each)
    return event === undefined
      ? []
      : [{ version: each, at: event.at, type: event.type, by: 'anyone', data: event.data }]
  })
  const next = versions.length > limit ? after + limit : null
  return { kind: 'ok', body: { items, next }, version, epoch }
}

/** Tokens of tests say who it is: `player:<tournament>:<player>:<pass>`. */
export function playerToken(tournamentId: string, playerId: string, pass = 1): string {
  return `player:${tournamentId}:${playerId}:${pass}`
}

async function verifyPass(token: string): Promise<Credential | null> {
  if (token === 'fault') throw new Error('the key store is away')
  const [kind, tournamentId, playerId, pass] = token.split(':')
  if (kind !== 'player') return null
  return {
    kind: 'pass',
    // Test tokens are made by `playerToken` from ids.
    caller: {
      kind,
      tournamentId: tournamentId as TournamentId,
      playerId: playerId as PlayerId,
      pass: Number(pass),
    },
  }
}

export type Running = { edge: LiveEdge; server: Server; port: number; url: string; stop(): Promise<void> }

export async function startEdge(
  service: FakeService,
  options: {
    limits?: Partial<LiveLimits>
    allowedOrigins?: 'same-host' | readonly string[]
    port?: number
    /** Its own connection to the bus that the service publishes on. */
    bus?: LiveBus
    verifyToken?: VerifyToken
    endings?: Endings
    clock?: Clock
    plainHttpAccounts?: 'allowed' | 'refused'
    trustedProxyHops?: number
    log?: Log
  } = {},
): Promise<Running> {
  const edge = createLiveEdge({
    requester: service,
    bus: options.bus ?? service.bus,
    verifyToken: options.verifyToken ?? verifyPass,
    ...(options.endings ? { endings: options.endings } : {}),
    log: options.log ?? silentLog,
    clock: options.clock ?? systemClock,
    config: {
      path: '/api/live',
      allowedOrigins: options.allowedOrigins ?? 'same-host',
      plainHttpAccounts: options.plainHttpAccounts ?? 'refused',
      trustedProxyHops: options.trustedProxyHops ?? 0,
      limits: { closeTimeoutMs: 300, ...options.limits },
    },
  })
  const server = createServer()
  edge.attach(server)
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    edge,
    server,
    port: address.port,
    url: `ws://127.0.0.1:${address.port}/api/live`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      await edge.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** A list that can be waited on. */
class Tape<Item> {
  readonly items: Item[] = []
  #waiting: (() => void)[] = []

  push(item: Item): void {
    this.items.push(item)
    for (const check of [...this.#waiting]) check()
  }

  until(isThere: (items: readonly Item[]) => boolean, timeoutMs = 8_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`not seen in ${timeoutMs} ms: ${JSON.stringify(this.items.slice(-20))}`))
      }, timeoutMs)
      const check = () => {
        if (!isThere(this.items)) return
        clearTimeout(timer)
        this.#waiting = this.#waiting.filter((other) => other !== check)
        resolve()
      }
      this.#waiting.push(check)
      check()
    })
  }
}

/** What a client library tells, in the order in which it does. */
export type Seen =
  | { what: 'subscribed'; recovered: boolean; offset: number; epoch: string; data: unknown }
  | { what: 'publication'; offset: number | undefined; data: JsonObject }
  | { what: 'subscribing' | 'unsubscribed' | 'connecting' | 'disconnected'; code: number }
  | { what: 'connected' }

export type OfficialClient = {
  client: Centrifuge
  seen: Tape<Seen>
  sockets: Set<WebSocket>
  subscribe(channel: string, options?: Partial<SubscriptionOptions>): Subscription
  /** Cuts the line without a word. */
  cut(): void
  versions(): number[]
}

/** The official JavaScript client, as it is, on the same kind of socket as a browser's. */
export function officialClient(url: string, options: Partial<Options> = {}): OfficialClient {
  const seen = new Tape<Seen>()
  const sockets = new Set<WebSocket>()
  class Tapped extends WebSocket {
    constructor(address: string) {
      super(address)
      sockets.add(this)
      this.on('close', () => sockets.delete(this))
    }
  }
  const client = new Centrifuge(url, {
    websocket: Tapped,
    minReconnectDelay: 10,
    maxReconnectDelay: 40,
    ...options,
  })
  client.on('connected', () => seen.push({ what: 'connected' }))
  client.on('connecting', ({ code }) => seen.push({ what: 'connecting', code }))
  client.on('disconnected', ({ code }) => seen.push({ what: 'disconnected', code }))
  return {
    client,
    seen,
    sockets,
    subscribe(channel, subscriptionOptions) {
      const subscription = client.newSubscription(channel, {
        minResubscribeDelay: 10,
        maxResubscribeDelay: 50,
        ...subscriptionOptions,
      })
      subscription.on('subscribing', ({ code }) => seen.push({ what: 'subscribing', code }))
      subscription.on('unsubscribed', ({ code }) => seen.push({ what: 'unsubscribed', code }))
      subscription.on('subscribed', ({ recovered, streamPosition, data }) =>
        seen.push({
          what: 'subscribed',
          recovered,
          offset: streamPosition?.offset ?? 0,
          epoch: streamPosition?.epoch ?? '',
          data,
        }),
      )
      subscription.on('publication', ({ offset, data }) => seen.push({ what: 'publication', offset, data }))
      subscription.subscribe()
      return subscription
    },
    cut() {
      for (const socket of sockets) socket.terminate()
    },
    versions: () =>
      seen.items.flatMap((item) => (item.what === 'publication' && item.offset ? [item.offset] : [])),
  }
}

export type RawClient = {
  socket: WebSocket
  /** Replies and pushes, one JSON document each; pings as `{}`. */
  received: Tape<JsonObject>
  /** Number of WebSocket messages; pings don't count. */
  frames: () => number
  send(...commands: readonly object[]): void
  closed: Promise<{ code: number; reason: string }>
}

/** A bare WebSocket that speaks the protocol by hand. Rejects with the HTTP status when the upgrade is refused. */
export async function rawClient(url: string, options: ClientOptions = {}): Promise<RawClient> {
  const socket = new WebSocket(url, options)
  const received = new Tape<JsonObject>()
  let frames = 0
  socket.on('message', (data) => {
    if (String(data) !== '{}') frames++
    for (const line of String(data).split('\n')) received.push(JSON.parse(line))
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve)
    socket.on('error', reject)
  })
  return {
    socket,
    received,
    frames: () => frames,
    send: (...commands) => socket.send(commands.map((command) => JSON.stringify(command)).join('\n')),
    closed,
  }
}

/** The reply to a command of a raw client. */
export async function replyTo(raw: RawClient, id: number): Promise<JsonObject> {
  await raw.received.until((items) => items.some((item) => item.id === id))
  return raw.received.items.find((item) => item.id === id) ?? {}
}
