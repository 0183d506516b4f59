import type { IncomingHttpHeaders } from 'node:http'
import { type FieldProblem, newId } from '@matchday/contracts'
import { httpLimits } from '../limits/http-limits.ts'

const visibleAscii = /^[\x21-\x7e]+$/
const entityTag = /^(?:(?:W\/)?"(\d{1,15})"|(\d{1,15}))$/
const traceParent = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
const bearer = /^bearer +([\x21-\x7e]+) *$/i

/** Ids that clients choose: 1 to 255 visible ASCII characters. */
function isClientId(text: unknown): text is string {
  return typeof text === 'string' && text.length <= httpLimits.idLengthMax && visibleAscii.test(text)
}

/**
 * One id from end to end: the client's `x-request-id` when it is well-formed, or else its `Idempotency-Key`,
 * or else a new one.
 */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const id = headers['x-request-id']
  if (isClientId(id)) return id
  const key = headers['idempotency-key']
  return isClientId(key) ? key : newId<'request'>()
}

/** The token of `Authorization: Bearer …`; undefined when the header is something else. */
export function bearerToken(authorization: string): string | undefined {
  return bearer.exec(authorization)?.[1]
}

export function traceOf(headers: IncomingHttpHeaders): string | undefined {
  const trace = headers.traceparent
  return typeof trace === 'string' && traceParent.test(trace) ? trace : undefined
}

export function idempotencyKeyOf(headers: IncomingHttpHeaders): string | FieldProblem | undefined {
  const key = headers['idempotency-key']
  if (key === undefined || isClientId(key)) return key
  return headerProblem('idempotency-key', 'Must be 1 to 255 visible ASCII characters.')
}

/**
 * The version in `If-Match`: `"7"`, `W/"7"` or `7`. `*` says nothing about what the caller saw, so it is
 * refused.
 */
export function expectedVersionOf(headers: IncomingHttpHeaders): number | FieldProblem | undefined {
  const text = headers['if-match']
  if (text === undefined) return undefined
  const match = entityTag.exec(text)
  if (match !== null) return Number(match[1] ?? match[2])
  return headerProblem('if-match', 'Must be one version, such as "7".')
}

/** Whether `If-None-Match` names this version: the client's copy is still good. */
export function holdsVersion(headers: IncomingHttpHeaders, version: number): boolean {
  const text = headers['if-none-match']
  if (text === undefined) return false
  if (text.trim() === '*') return true
  return text.split(',').some((tag) => {
    const match = entityTag.exec(tag.trim())
    return match !== null && Number(match[1] ?? match[2]) === version
  })
}

function headerProblem(name: string, message: string): FieldProblem {
  return { path: `/header/${name}`, code: 'format', message }
}
