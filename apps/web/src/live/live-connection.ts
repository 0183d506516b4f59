import type { Tournament } from '@matchday/contracts'
import { Centrifuge, type SubscribedContext } from 'centrifuge'
import { isHighlights, isPublication } from './publication.ts'
import type { LiveConnection, LiveHandlers, LiveOptions } from './tournament-store.ts'

/** Added to the server's own ping interval (about 4 s): a silent line is noticed within 5 s. */
const serverPingDelayMs = 800
const reconnectDelayMinMs = 200
const reconnectDelayMaxMs = 3_000
const answerTimeoutMs = 4_000
/** Silence after which a socket that slept is not trusted any more, although it says that it is open. */
const silenceMaxMs = 5_500
/** A refusal that is no answer about the seat (a restart, a limit) is tried again after this. */
const refusedPauseMs = 5_000

/** The client's code for a line on which no ping came. */
const noPing = 2

/** Close codes that end a player's pass; all others of their range are refusals. */
const dismissals: Readonly<Record<number, 'not-a-player' | 'pass-moved'>> = {
  4501: 'not-a-player',
  4502: 'pass-moved',
}

/** Opens the live channel of one tournament with the official Centrifuge client, which this chunk carries. */
export function connectLive(options: LiveOptions, handlers: LiveHandlers): LiveConnection {
  let lastReceivedAtMs = 0
  let epoch: string | undefined
  let refusedTimer: ReturnType<typeof setTimeout> | undefined

  /** Notes when anything was received: pings don't surface as events of the client. */
  class WatchedSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      this.addEventListener('message', () => {
        lastReceivedAtMs = Date.now()
      })
    }
  }

  const client = new Centrifuge(options.url, {
    websocket: WatchedSocket,
    maxServerPingDelay: serverPingDelayMs,
    minReconnectDelay: reconnectDelayMinMs,
    maxReconnectDelay: reconnectDelayMaxMs,
    timeout: answerTimeoutMs,
    ...(options.token === undefined ? {} : { token: options.token }),
  })
  const channel = client.newSubscription(options.channel, {
    recoverable: true,
    minResubscribeDelay: reconnectDelayMinMs,
    maxResubscribeDelay: reconnectDelayMaxMs,
  })

  const subscribed = (context: SubscribedContext) => {
    const restored = epoch !== undefined && context.streamPosition?.epoch !== epoch
    epoch = context.streamPosition?.epoch
    // The channel's contract: `data` is the answer of getTournament.
    const snapshot = context.data as Tournament | undefined
    if (snapshot) handlers.snapshot(snapshot, restored)
    else if (context.wasRecovering && !context.recovered) handlers.behind()
    handlers.connected()
  }

  channel.on('subscribed', subscribed)
  channel.on('publication', ({ data }) => {
    if (isHighlights(data)) handlers.highlights(data)
    else if (isPublication(data)) handlers.publication(data)
  })
  client.on('connecting', ({ code }) => handlers.connecting(lastReceivedAtMs, code === noPing))
  client.on('disconnected', ({ code }) => {
    if (code === 0) return // our own doing
    const dismissal = dismissals[code]
    if (dismissal) {
      handlers.dismissed(dismissal)
      return
    }
    handlers.connecting(lastReceivedAtMs, false)
    refusedTimer = setTimeout(() => client.connect(), refusedPauseMs)
  })
  channel.subscribe()
  client.connect()

  return {
    publish: (data) => void channel.publish(data).catch(() => undefined), // fleeting: a lost one is no loss
    wake: () => {
      if (Date.now() - lastReceivedAtMs < silenceMaxMs && client.state === 'connected') return
      handlers.connecting(lastReceivedAtMs, false)
      client.disconnect()
      client.connect()
    },
    close: () => {
      clearTimeout(refusedTimer)
      client.disconnect()
    },
  }
}
