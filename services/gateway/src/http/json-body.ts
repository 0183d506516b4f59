import { isUtf8 } from 'node:buffer'
import { Fault } from '@matchday/kernel'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const jsonUtf8 = /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-?8"?)?\s*$/i

/**
 * The only reader of bodies: JSON in UTF-8, not compressed. `__proto__` as a key is unreadable; an empty body
 * is undefined, and the route decides whether it needs one.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    const refusal = mediaProblem(request)
    if (refusal !== undefined) done(new Fault('unsupported-media-type', refusal))
    else if (bytes.length === 0) done(null, undefined)
    else if (!isUtf8(bytes)) done(new Fault('unreadable-request', 'The body is not UTF-8.'))
    else parse(request, bytes.toString(), done)
  })
}

function mediaProblem(request: FastifyRequest): string | undefined {
  const type = request.headers['content-type']
  if (type !== 'application/json' && !jsonUtf8.test(type ?? '')) return 'Only UTF-8 is read.'
  const encoding = request.headers['content-encoding']
  return encoding === undefined || encoding === 'identity' ? undefined : 'Compressed bodies are not read.'
}
