import type { Realm } from '@matchday/contracts'
import type { Transport } from '../http/transport.ts'

/** `access`: who it is, for ten minutes. `renewal`: good for one renewal. */
export type CookieKind = 'access' | 'renewal'

export const cookieLimits = {
  /** A header with more is not looked at. */
  headerLengthMax: 16 * 1_024,
  cookiesMax: 100,
  valueLengthMax: 2_048,
  /** Browsers keep none for longer. */
  ageSMax: 400 * 24 * 60 * 60,
} as const

const valueForm = /^[A-Za-z0-9._~-]+$/

/**
 * The name of a realm's cookie. With `__Host-` a browser takes it only by TLS, and from this very host: no neighbour
 * can put one there. On a plain connection there is no such promise to be had.
 */
export function cookieName(realm: Realm, kind: CookieKind, transport: Transport): string {
  const name = kind === 'access' ? `matchday-${realm}` : `matchday-${realm}-renewal`
  return transport === 'plain' ? name : `__Host-${name}`
}

/**
 * The cookie of that name. Undefined when there is none, when there are several (one of them was put there by somebody
 * else, and nobody knows which), and when it is none of ours by its form.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined || header.length > cookieLimits.headerLengthMax || !header.includes(name)) {
    return undefined
  }
  const pairs = header.split(';')
  if (pairs.length > cookieLimits.cookiesMax) return undefined
  const values = pairs.flatMap((pair) => {
    const equals = pair.indexOf('=')
    const found = (equals === -1 ? pair : pair.slice(0, equals)).trim()
    return found === name ? [equals === -1 ? '' : pair.slice(equals + 1).trim()] : []
  })
  const [value = ''] = values
  return values.length === 1 && isCookieValue(value) ? value : undefined
}

export function isCookieValue(value: unknown): value is string {
  return typeof value === 'string' && value.length <= cookieLimits.valueLengthMax && valueForm.test(value)
}

/** `Set-Cookie`. `ageS`: how long the browser keeps it. */
export function setCookie(name: string, value: string, ageS: number): string {
  const isSecure = name.startsWith('__Host-')
  const age = Math.max(0, Math.min(cookieLimits.ageSMax, Math.floor(ageS)))
  return `${name}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
}

export function clearCookie(name: string): string {
  return setCookie(name, '', 0)
}
