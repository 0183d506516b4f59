import type { Tournament } from '@matchday/contracts'
import { Centrifuge, type Subscription } from 'centrifuge'
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

/** The client's own codes: a line on which no ping came, and a disconnect that was asked for. */
const noPing = 2
const ownDoing = 0

/** Close codes that end a player's pass; all others of their range are refusals. */
const dismissals: Readonly<Record<number, 'not-a-player' | 'pass-moved'>> = {
  4501: 'not-a-player',
  4502: 'pass-moved',
}

/** Opens the live channel of one tournament with the official Centrifuge client, which this chunk carries. */
export function connectLive(options: LiveOptions, handlers: LiveHandlers): LiveConnection {
  const heard = { atMs: 0 }
  let refusedTimer: ReturnType<typeof setTimeout> | undefined
  const client = clientFor(options, heard)
  const channel = client.newSubscription(options.channel, {
    recoverable: true,
    minResubscribeDelay: reconnectDelayMinMs,
    maxResubscribeDelay: reconnectDelayMaxMs,
  })

  followChannel(channel, handlers)
  client.on('connecting', ({ code }) => handlers.connecting(heard.atMs, code === noPing))
  client.on('disconnected', ({ code }) => {
    const dismissal = dismissals[code]
    if (dismissal) handlers.dismissed(dismissal)
    else if (code !== ownDoing) {
      handlers.connecting(heard.atMs, false)
      refusedTimer = setTimeout(() => client.connect(), refusedPauseMs)
    }
  })
  channel.on('unsubscribed', ({ code }) => {
    // Refused, perhaps because a session has ended meanwhile: tried again with what is good then.
    if (code === ownDoing) return
    handlers.behind()
    refusedTimer = setTimeout(() => void again(), refusedPauseMs)
  })
  channel.subscribe()
  client.connect()

  const again = async () => {
    await options.freshen?.().catch(() => undefined)
    client.disconnect()
    client.connect()
    channel.subscribe()
  }

  return {
    publish: (data) => void channel.publish(data).catch(() => undefined), // fleeting: a lost one is no loss
    wake: () => {
      if (Date.now() - heard.atMs < silenceMaxMs && client.state === 'connected') return
      handlers.connecting(heard.atMs, false)
      client.disconnect()
      client.connect()
    },
    close: () => {
      clearTimeout(refusedTimer)
      client.disconnect()
    },
  }
}

/** A client that notes in `heard` when anything was received: pings don't surface as events of its own. */
function clientFor({ url, token }: LiveOptions, heard: { atMs: number }): Centrifuge {
  class WatchedSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols)
      this.addEventListener('message', () => {
        heard.atMs = Date.now()
      })
    }
  }
  return new Centrifuge(url, {
    websocket: WatchedSocket,
    maxServerPingDelay: serverPingDelayMs,
    minReconnectDelay: reconnectDelayMinMs,
    maxReconnectDelay: reconnectDelayMaxMs,
    timeout: answerTimeoutMs,
    ...(token === undefined ? {} : { token }),
  })
}

function followChannel(channel: Subscription, handlers: LiveHandlers): void {
  let epoch: string | undefined
  /** While that is told which has happened since a snapshot and came along with it. */
  let isCatchingUp = false
  channel.on('subscribed', (context) => {
    const wasRestored = epoch !== undefined && context.streamPosition?.epoch !== epoch
    epoch = context.streamPosition?.epoch
    // The channel's contract: `data` is the answer of getTournament, absent when what was missed follows instead.
    const snapshot: Tournament | undefined = context.data
    if (snapshot) {
      handlers.snapshot(snapshot, wasRestored)
      isCatchingUp = true
      // The client tells all of it in this very turn.
      queueMicrotask(() => {
        isCatchingUp = false
      })
    } else if (context.wasRecovering && !context.recovered) handlers.behind()
    handlers.connected()
  })
  channel.on('publication', ({ data }) => {
    if (isHighlights(data)) handlers.highlights(data)
    else if (isPublication(data)) handlers.publication(data, isCatchingUp)
  })
}
