import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock, Log } from '@matchday/kernel'
import { WebSocketServer } from 'ws'
import { clientAddress } from '../limits/client-address.ts'
import type { Commands } from './commands.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { LiveLimits } from './limits.ts'
import { createListeners } from './listeners.ts'
import { type Disconnect, LiveSocket, Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import { type AllowedOrigins, refusalOf, refuse } from './upgrade.ts'

export type Upgrades = { attach(server: Server): void; close(): void }

/** From a request for an upgrade to a session that receives. */
export function createUpgrades(parts: {
  config: { path: string; allowedOrigins: AllowedOrigins; trustedProxyHops?: number }
  limits: LiveLimits
  sessions: Sessions
  disconnect: Disconnect
  commands: Commands
  heartbeat: Heartbeat
  clock: Clock
  log: Log
}): Upgrades {
  const { limits, sessions, disconnect, clock, config } = parts
  const webSockets = createWebSockets(limits)
  const listen = createListeners(parts)
  const onSlow = (session: Session) => disconnect(session, 'slow')
  let isClosing = false

  function onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const address = clientAddress(request, config.trustedProxyHops ?? 0)
    const hasRoom = sessions.hasRoomFor(address)
    const refusal = refusalOf(request, { ...config, isClosing, hasRoom })
    if (refusal) {
      refuse(stream, refusal)
      return
    }
    webSockets.handleUpgrade(request, stream, head, (socket) => {
      // Always so: it is the class that the server was given.
      if (!(socket instanceof LiveSocket)) return
      socket.session = new Session({ socket, stream, address, nowMs: clock.monotonicMs(), limits, onSlow })
      sessions.add(socket.session)
      listen(socket)
    })
  }

  return {
    attach(server) {
      server.on('upgrade', onUpgrade)
    },
    close() {
      // The listener stays: late comers are told 503 rather than left hanging.
      isClosing = true
    },
  }
}

function createWebSockets(limits: LiveLimits): WebSocketServer {
  // `closeTimeout` is younger than the library's type declarations, hence a variable rather than a literal.
  const options = {
    noServer: true,
    WebSocket: LiveSocket,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: limits.frameBytesMax,
    maxFragments: limits.fragmentsMax,
    maxBufferedChunks: limits.bufferedChunksMax,
    closeTimeout: limits.closeTimeoutMs,
  }
  return new WebSocketServer(options)
}
