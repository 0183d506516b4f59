import type { Operation } from '@matchday/contracts'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { sendProblem } from '../http/problem.ts'
import { securityHeaders } from '../http/security-headers.ts'
import { isErrorCode } from '../http/status-table.ts'
import { asyncApiDocument } from './async-api.ts'
import { docsPage } from './docs-page.ts'
import { docsStyle } from './docs-style.ts'
import { openApiDocument } from './open-api.ts'

const stylePath = '/api/docs/style.css'

/** Serves the API's documents; each is made when it is first asked for. Returns their paths. */
export function serveDocuments(
  app: FastifyInstance,
  operations: readonly Operation[],
  version: string,
): string[] {
  const documents: Record<string, { type: string; make(): string }> = {
    '/api/openapi.json': {
      type: 'application/json; charset=utf-8',
      make: () => JSON.stringify(openApiDocument(operations, version)),
    },
    '/api/asyncapi.json': {
      type: 'application/json; charset=utf-8',
      make: () => JSON.stringify(asyncApiDocument(version)),
    },
    '/api/docs': {
      type: 'text/html; charset=utf-8',
      make: () => docsPage(openApiDocument(operations, version), stylePath),
    },
    [stylePath]: { type: 'text/css; charset=utf-8', make: () => docsStyle },
  }
  for (const [path, { type, make }] of Object.entries(documents)) {
    let made: string | undefined
    app.get(path, (_request, reply) => {
      made ??= make()
      reply.headers(securityHeaders.page).type(type).send(made)
    })
  }
  app.get<{ Params: { code: string } }>('/problems/:code', (request, reply) => {
    sendProblemPage(request.params.code, reply)
  })
  return [...Object.keys(documents), '/problems/{code}']
}

/** The `type` of a problem document is an address that explains it. */
function sendProblemPage(code: string, reply: FastifyReply): void {
  if (isErrorCode(code)) reply.redirect(`/api/docs#error-${code}`, 302)
  else sendProblem(reply, 'not-found')
}
