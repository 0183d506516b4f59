import { Centrifuge, type Options } from 'centrifuge'
import { WebSocket } from 'ws'

/** A list that can be waited on. */
export class Waited<Item> {
  readonly items: Item[] = []
  #waiting: (() => void)[] = []

  push(item: Item): void {
    this.items.push(item)
    for (const check of [...this.#waiting]) check()
  }

  until(isThere: (items: readonly Item[]) => boolean, timeoutMs = 15_000): Promise<void> {
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

export type Data = { type?: string; version?: number; [key: string]: unknown }
/** What a client library tells, in the order in which it does. */
export type Told =
  | {
      what: 'subscribed'
      recovered: boolean
      wasRecovering: boolean
      offset: number
      epoch: string
      data: Data
    }
  | { what: 'publication'; channel: string; offset: number | undefined; data: Data; at: number }
  | { what: 'subscribing' | 'unsubscribed' | 'connecting' | 'disconnected'; code: number; reason: string }
  | { what: 'connected' }

export type LiveClient = {
  client: Centrifuge
  told: Waited<Told>
  /** Every WebSocket message, as it came. */
  frames: string[]
  /** Close codes of its sockets. */
  closes: Waited<number>
  /** Resolves when subscribed. */
  watch(tournamentId: string): Promise<void>
  publications(type?: string): Extract<Told, { what: 'publication' }>[]
  /** Cuts the line without a word. */
  cut(): void
  stop(): void
}

export function liveUrl(url: string): string {
  return `${url.replace('http', 'ws')}/api/live`
}

/** The official JavaScript client, as it is, on the same kind of socket as a browser's. */
export function liveClient(endpoint: string | (() => string), options: Partial<Options> = {}): LiveClient {
  const told = new Waited<Told>()
  const closes = new Waited<number>()
  const frames: string[] = []
  const sockets = new Set<WebSocket>()
  const address = typeof endpoint === 'string' ? () => endpoint : endpoint
  class Tapped extends WebSocket {
    constructor(_address: string) {
      // The server may come back on another port.
      super(liveUrl(address()))
      sockets.add(this)
      this.on('message', (data) => frames.push(String(data)))
      this.on('close', (code) => {
        sockets.delete(this)
        closes.push(code)
      })
    }
  }
  const client = new Centrifuge(liveUrl(address()), {
    websocket: Tapped,
    minReconnectDelay: 10,
    maxReconnectDelay: 100,
    ...options,
  })
  client.on('connected', () => told.push({ what: 'connected' }))
  client.on('connecting', ({ code, reason }) => told.push({ what: 'connecting', code, reason }))
  client.on('disconnected', ({ code, reason }) => told.push({ what: 'disconnected', code, reason }))

  async function watch(tournamentId: string): Promise<void> {
    const channel = `tournament:${tournamentId}`
    const subscription = client.newSubscription(channel, {
      minResubscribeDelay: 10,
      maxResubscribeDelay: 100,
    })
    subscription.on('subscribing', ({ code, reason }) => told.push({ what: 'subscribing', code, reason }))
    subscription.on('unsubscribed', ({ code, reason }) => told.push({ what: 'unsubscribed', code, reason }))
    subscription.on('subscribed', ({ recovered, wasRecovering, streamPosition, data }) => {
      const { offset = 0, epoch = '' } = streamPosition ?? {}
      told.push({ what: 'subscribed', recovered, wasRecovering, offset, epoch, data })
    })
    subscription.on('publication', ({ offset, data }) =>
      told.push({ what: 'publication', channel, offset, data, at: performance.now() }),
    )
    subscription.subscribe()
    client.connect()
    await subscription.ready()
  }

  return {
    client,
    told,
    frames,
    closes,
    watch,
    publications: (type) =>
      told.items.flatMap((item) =>
        item.what === 'publication' && (type === undefined || item.data.type === type) ? [item] : [],
      ),
    cut() {
      for (const socket of sockets) socket.terminate()
    },
    stop: () => client.disconnect(),
  }
}
