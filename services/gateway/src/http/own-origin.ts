import type { IncomingMessage } from 'node:http'
import { parseUrl } from './parse-url.ts'
import type { Transport } from './transport.ts'

type Arrival = Pick<IncomingMessage, 'headers' | 'rawHeaders'>

export type OriginRules = {
  /** How the request came: an encrypted one can't come from a page that is not. */
  readonly transport: Transport
  readonly publicOrigin: string | undefined
}

/**
 * Where a request comes from, as its browser says. `own`: a page of the very host that it talks to. `absent`: no
 * browser, or one that saw no reason to tell. `foreign`: any other page, and whatever is no origin as browsers write it.
 */
export function originOf(request: Arrival, rules: OriginRules): 'own' | 'foreign' | 'absent' {
  const origins = valuesOf(request, 'origin')
  const hosts = valuesOf(request, 'host')
  if (origins.length === 0) return 'absent'
  const [origin = ''] = origins
  if (origins.length > 1 || hosts.length > 1) return 'foreign'
  if (origin === rules.publicOrigin) return 'own'
  const page = parseUrl(origin)
  if (page === null || page.origin !== origin || !/^https?:$/.test(page.protocol)) return 'foreign'
  if (rules.transport === 'encrypted' && page.protocol !== 'https:') return 'foreign'
  // The page's scheme settles which port goes without saying: a proxy may have ended TLS before us.
  const target = parseUrl(`${page.protocol}//${hosts[0] ?? ''}`)
  return target !== null && page.host === target.host ? 'own' : 'foreign'
}

/** All that was sent under a name: who sends two of what there is one of has something in mind. */
function valuesOf({ rawHeaders }: Arrival, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
}

/** What newer browsers add by themselves, and no page can change. */
function isSameSiteFetch(request: Arrival): boolean {
  const site = request.headers['sec-fetch-site']
  return site === undefined || site === 'same-origin'
}

/** A change that a browser's session stands behind: a page of ours has asked for it, and says so. */
export function isFromOwnPage(request: Arrival, rules: OriginRules): boolean {
  return originOf(request, rules) === 'own' && isSameSiteFetch(request)
}

/** A page of somebody else has asked; what is no browser at all has not. */
export function isFromForeignPage(request: Arrival, rules: OriginRules): boolean {
  return originOf(request, rules) === 'foreign' || !isSameSiteFetch(request)
}
