import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { originOf } from '../http/own-origin.ts'

/** `same-host`: a page must come from the host that it talks to. A list: those origins too, exactly as written. */
export type AllowedOrigins = 'same-host' | readonly string[]

export type Refusal = { readonly status: 403 | 404 | 426 | 503; readonly text: string }

/** Why a request for a WebSocket is refused, or null. Cheap, for it happens before anything is allocated. */
export function refusalOf(
  request: IncomingMessage,
  parts: {
    path: string
    allowedOrigins: AllowedOrigins
    origin: ReturnType<typeof originOf>
    /** It brings a session of a browser. */
    hasCookies: boolean
    isClosing: boolean
    hasRoom: boolean
  },
): Refusal | null {
  if (pathOf(request) !== parts.path) return { status: 404, text: 'Not Found' }
  if (!isOriginAllowed(request, parts)) return { status: 403, text: 'Forbidden' }
  // Version 8 sends its origin under another name; no browser of this decade speaks it.
  if (request.headers['sec-websocket-version'] !== '13') return { status: 426, text: 'Upgrade Required' }
  if (parts.isClosing || !parts.hasRoom) return { status: 503, text: 'Service Unavailable' }
  return null
}

/** Answers in plain HTTP and ends the socket. */
export function refuse(socket: Duplex, { status, text }: Refusal): void {
  const extra = status === 426 ? 'Sec-WebSocket-Version: 13\r\n' : status === 503 ? 'Retry-After: 2\r\n' : ''
  socket.on('error', () => socket.destroy())
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${text}\r\n${extra}X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  )
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? ''
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

/**
 * Browsers always say where a page comes from; without the check any page could use a visitor's address, network and
 * session. No origin at all is a native client, and those have no cookies.
 */
function isOriginAllowed(
  { headers }: IncomingMessage,
  parts: { allowedOrigins: AllowedOrigins; origin: ReturnType<typeof originOf>; hasCookies: boolean },
): boolean {
  if (parts.origin === 'own') return true
  if (parts.origin === 'absent') return !parts.hasCookies
  return parts.allowedOrigins !== 'same-host' && parts.allowedOrigins.includes(headers.origin ?? '')
}
