import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { realms } from '@matchday/contracts'
import type { Clock, Log } from '@matchday/kernel'
import { WebSocketServer } from 'ws'
import { originOf } from '../http/own-origin.ts'
import { type Transport, transportOf } from '../http/transport.ts'
import { clientAddress } from '../limits/client-address.ts'
import { cookieName, readCookie } from '../sessions/session-cookies.ts'
import type { Commands } from './commands.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { LiveLimits } from './limits.ts'
import { createListeners } from './listeners.ts'
import { type CookieToken, type Disconnect, LiveSocket, Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import { type AllowedOrigins, refusalOf, refuse } from './upgrade.ts'

export type UpgradeConfig = {
  path: string
  allowedOrigins: AllowedOrigins
  /** How many proxies of our own stand in front: whose word on a client's address and line is believed. */
  trustedProxyHops?: number
  publicOrigin?: string | undefined
  plainHttpAccounts?: 'allowed' | 'refused'
}

export type Upgrades = { attach(server: Server): void; close(): void }

/** From a request for an upgrade to a session that receives. */
export function createUpgrades(parts: {
  config: UpgradeConfig
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
    const hops = config.trustedProxyHops ?? 0
    const address = clientAddress(request, hops)
    const transport = transportOf(request, hops)
    const origin = originOf(request, { transport, publicOrigin: config.publicOrigin })
    const isExposed = transport === 'plain' && config.plainHttpAccounts !== 'allowed'
    const cookies = isExposed ? [] : sessionCookies(request, transport)
    const refusal = refusalOf(request, {
      ...config,
      origin,
      hasCookies: cookies.length > 0,
      isClosing,
      hasRoom: sessions.hasRoomFor(address),
    })
    if (refusal) {
      // Whose page it is, is somebody's own affair; that a page of others has tried is ours.
      if (refusal.status === 403) parts.log.info({ code: 'cross-origin', by: null, actor: null }, 'refused')
      refuse(stream, refusal)
      return
    }
    webSockets.handleUpgrade(request, stream, head, (socket) => {
      // Always so: it is the class that the server was given.
      if (!(socket instanceof LiveSocket)) return
      socket.session = new Session({
        socket,
        stream,
        address,
        nowMs: clock.monotonicMs(),
        // A listed page of somebody else may speak, but not for its visitor.
        cookies: origin === 'own' && cookies.length > 0 ? cookies : null,
        isExposed,
        limits,
        onSlow,
      })
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

/** Of both realms; organisers' people first, for they see more. */
function sessionCookies({ headers }: IncomingMessage, transport: Transport): CookieToken[] {
  return realms.flatMap((realm) => {
    const token = readCookie(headers.cookie, cookieName(realm, 'access', transport))
    return token === undefined ? [] : [{ realm, token }]
  })
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
