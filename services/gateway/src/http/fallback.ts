import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from './problem.ts'

/** A path of ours and the methods that it takes. */
type KnownPath = { pattern: RegExp; methods: Set<string> }
export type PageSender = (reply: FastifyReply) => void

/**
 * What happens to requests that no route takes: 405 with `Allow` when the path is ours, the web app's page
 * for somebody who opens a link to one of its screens, 404 otherwise.
 */
export function createFallback(
  routes: readonly (readonly [method: string, path: string])[],
  sendPage: PageSender,
) {
  const knownPaths = new Map<string, KnownPath>()
  for (const [method, path] of routes) {
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    const known = knownPaths.get(pattern.source) ?? { pattern, methods: new Set() }
    known.methods.add(method)
    if (method === 'GET') known.methods.add('HEAD')
    knownPaths.set(pattern.source, known)
  }

  return (request: FastifyRequest, reply: FastifyReply): undefined => {
    const path = pathOf(request.url)
    const methods = [...knownPaths.values()].filter(({ pattern }) => pattern.test(path))
    const allowed = methods.flatMap((known) => [...known.methods])
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      reply.header('allow', [...new Set(allowed)].join(', '))
      return sendProblem(reply, 'method-not-allowed')
    }
    // A path of ours that no route takes: an id in it is longer than any id, so it names nothing.
    if (allowed.length > 0) return sendProblem(reply, 'not-found')
    if (isPageRequest(request, path)) sendPage(reply)
    else sendProblem(reply, 'unknown-route')
  }
}

export function methodsOf(routes: readonly (readonly [method: string, path: string])[]): string {
  return [...new Set(routes.map(([method]) => method))].join(', ')
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}

/** A browser that opens an address: not a script that calls one, and not a file that is missing. */
function isPageRequest(request: FastifyRequest, path: string): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  if (path === '/api' || path.startsWith('/api/') || /\.[^/]*$/.test(path)) return false
  return request.headers.accept?.includes('text/html') === true
}
