import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'

/**
 * Whom a limit counts: the socket's address, or, behind `trustedProxyHops` proxies of our own, the address
 * that the outermost of them saw. Anything further left in X-Forwarded-For was written by the client and is
 * not believed.
 */
export function clientAddress(request: IncomingMessage, trustedProxyHops: number): string {
  const socketAddress = request.socket.remoteAddress ?? 'unknown'
  if (trustedProxyHops === 0) return limitedAddress(socketAddress)
  const forwarded = request.headers['x-forwarded-for']
  const listed = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',')
  const seen = listed.at(-trustedProxyHops)?.trim()
  return limitedAddress(seen === undefined || seen === '' ? socketAddress : seen.slice(0, 64))
}

/** One IPv6 customer owns a /64 at least, so its first four groups count as one address. */
function limitedAddress(address: string): string {
  if (address.startsWith('::ffff:')) return address.slice('::ffff:'.length)
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':')
  if (tail !== undefined) {
    while (groups.length + tailGroups.length < 8) groups.push('0')
  }
  return `${[...groups, ...tailGroups].slice(0, 4).join(':')}::/64`
}
