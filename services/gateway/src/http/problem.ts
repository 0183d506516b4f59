import {
  type ErrorCode,
  type FieldProblem,
  faultCodes,
  newId,
  type Problem,
  rejectionCodes,
} from '@matchday/contracts'
import type { FastifyReply } from 'fastify'
import { httpLimits } from '../limits/http-limits.ts'
import { securityHeaders } from './security-headers.ts'
import { retryableCodes, statusTable } from './status-table.ts'

export const problemType = 'application/problem+json'
const titles: Record<ErrorCode, string> = { ...rejectionCodes, ...faultCodes }

export type ProblemDetails = {
  detail?: string | undefined
  fields?: readonly FieldProblem[] | undefined
  /** For codes that pass by themselves. */
  retryAfterS?: number | undefined
}

/** The RFC 9457 document of one error. */
export function problem(code: ErrorCode, requestId: string, details: ProblemDetails = {}): Problem {
  return {
    type: `/problems/${code}`,
    title: titles[code],
    status: statusTable[code],
    code,
    requestId,
    ...(details.detail === undefined ? {} : { detail: details.detail }),
    ...(details.fields === undefined ? {} : { fields: details.fields.slice(0, httpLimits.fieldProblemsMax) }),
  }
}

export function sendProblem(reply: FastifyReply, code: ErrorCode, details: ProblemDetails = {}): undefined {
  reply.server.tellRefused(reply.request, code)
  if (retryableCodes.has(code)) {
    const waitS = Math.ceil(details.retryAfterS ?? httpLimits.retryAfterS)
    reply.header('retry-after', Math.max(httpLimits.retryAfterS, waitS))
  }
  if (statusTable[code] === 401) reply.header('www-authenticate', challenge(reply))
  reply
    .code(statusTable[code])
    .header('content-type', problemType)
    .send(JSON.stringify(problem(code, reply.request.id, details)))
}

/** RFC 6750: why the token was not good is told only when there was one. */
function challenge(reply: FastifyReply): string {
  const given = reply.request.headers.authorization !== undefined
  return given ? 'Bearer realm="matchday", error="invalid_token"' : 'Bearer realm="matchday"'
}

/** A whole answer for a socket whose request never became one. */
export function rawProblem(code: ErrorCode): string {
  const requestId = newId<'request'>()
  const body = JSON.stringify(problem(code, requestId))
  const headers = {
    ...securityHeaders.answer,
    'x-request-id': requestId,
    'content-type': problemType,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${statusTable[code]} ${code}\r\n${lines.join('')}\r\n${body}`
}
