import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { httpLimits } from '../limits/http-limits.ts'

const readableHeaders = 'etag, location, retry-after, x-request-id'
const sendableHeaders =
  'authorization, content-type, idempotency-key, if-match, if-none-match, traceparent, x-request-id'

/**
 * Lets pages of the listed origins call the API, with tokens. Without a list nothing is added: browsers then keep
 * other sites out. Nobody's cookies are taken from other pages, listed or not (see admission.ts), and what is answered
 * to a request with cookies they may not read.
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[], methods: string): void {
  if (origins.length === 0) return
  const allowed = new Set(origins)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('vary', 'origin')
    const { origin } = request.headers
    if (origin === undefined || !allowed.has(origin)) return done()
    reply.header('access-control-allow-origin', origin)
    if (isPreflight(request)) answerPreflight(reply, methods)
    else {
      reply.header('access-control-expose-headers', readableHeaders)
      done()
    }
  })
}

function isPreflight(request: FastifyRequest): boolean {
  return request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
}

function answerPreflight(reply: FastifyReply, methods: string): void {
  reply
    .code(204)
    .header('access-control-allow-methods', methods)
    .header('access-control-allow-headers', sendableHeaders)
    .header('access-control-max-age', httpLimits.preflightAgeS)
    .send()
}
