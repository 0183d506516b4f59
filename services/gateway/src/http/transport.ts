import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'

/**
 * How a request came. `encrypted`: by TLS, here or at a proxy of ours. `local`: from a browser on this machine, which
 * trusts it as if it were encrypted. `plain`: whoever is on the line reads along.
 */
export type Transport = 'encrypted' | 'local' | 'plain'

type Arrival = Pick<IncomingMessage, 'headers' | 'socket'>
type LocalArrival = Arrival & Pick<IncomingMessage, 'httpVersion'>

const localHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i
const loopbackAddress = /^(?:::ffff:)?127\.|^::1$/
/** What proxies add: who sends these is not at this computer, or not there alone. */
const forwardingHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
] as const

export function transportOf({ headers, socket }: Arrival, trustedProxyHops: number): Transport {
  if (socket instanceof TLSSocket) return 'encrypted'
  const outside = trustedProxyHops === 0 ? undefined : forwardedProtocol(headers, trustedProxyHops)
  if (outside !== undefined) return outside === 'https' ? 'encrypted' : 'plain'
  return localHost.test(headers.host ?? '') ? 'local' : 'plain'
}

/** As the outermost proxy of ours saw it. One that doesn't add to the list has written it anew. */
function forwardedProtocol(headers: IncomingHttpHeaders, hops: number): string | undefined {
  const forwarded = headers['x-forwarded-proto']
  if (forwarded === undefined) return undefined
  const listed = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded).split(',')
  return (listed.at(-hops) ?? listed[0])?.trim().toLowerCase()
}

/**
 * From the very computer that this runs on: by loopback, under its own name for itself (a page of elsewhere whose name
 * was made to lead here has another one), and through nobody.
 */
export function isFromThisComputer({ headers, socket, httpVersion }: LocalArrival): boolean {
  // Browsers have spoken 1.1 for decades; proxies that nobody told to do otherwise have not.
  if (httpVersion !== '1.1') return false
  if (!loopbackAddress.test(socket.remoteAddress ?? '')) return false
  if (!localHost.test(headers.host ?? '')) return false
  return forwardingHeaders.every((name) => headers[name] === undefined)
}
