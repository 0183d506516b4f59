import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** `same-host`: a page must come from the host that it talks to. A list: those origins too, exactly as written. */
export type AllowedOrigins = 'same-host' | readonly string[]

export type Refusal = { readonly status: 403 | 404 | 426 | 503; readonly text: string }

/** Why a request for a WebSocket is refused, or null. Cheap, for it happens before anything is allocated. */
export function refusalOf(
  request: IncomingMessage,
  parts: { path: string; allowedOrigins: AllowedOrigins; isClosing: boolean; hasRoom: boolean },
): Refusal | null {
  if (pathOf(request) !== parts.path) return { status: 404, text: 'Not Found' }
  if (!isOriginAllowed(request, parts.allowedOrigins)) return { status: 403, text: 'Forbidden' }
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
  socket.end(`HTTP/1.1 ${status} ${text}\r\n${extra}Connection: close\r\nContent-Length: 0\r\n\r\n`)
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? ''
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

/**
 * Browsers always say where a page comes from; without the check any page could use a visitor's address and network.
 * No origin at all is a native client, which carries no cookies that it did not put there itself.
 */
function isOriginAllowed(request: IncomingMessage, allowed: AllowedOrigins): boolean {
  const origins = request.headersDistinct.origin ?? []
  const hosts = request.headersDistinct.host ?? []
  if (origins.length > 1 || hosts.length > 1) return false
  const [origin] = origins
  if (origin === undefined) return true
  if (allowed !== 'same-host' && allowed.includes(origin)) return true
  const page = parseUrl(origin)
  // The page's scheme settles which port goes without saying: a proxy may have ended TLS before us.
  const target = page && parseUrl(`${page.protocol}//${hosts[0] ?? ''}`)
  return page !== null && target !== null && page.host !== '' && page.host === target.host
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
