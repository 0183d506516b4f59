import type { Socket } from 'node:net'
import type { ErrorCode } from '@matchday/contracts'
import { Fault, type Log } from '@matchday/kernel'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { TooManyRequests } from '../limits/too-many-requests.ts'
import { rawProblem, sendProblem } from './problem.ts'
import { isErrorCode } from './status-table.ts'

/** Errors of the framework that are the client's doing. */
const codeOfFrameworkError: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'unreadable-request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'unreadable-request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'unreadable-request',
  FST_ERR_BAD_URL: 'unreadable-request',
  // An id that is longer than any id names nothing.
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-too-slow',
}

/** The code of whatever was thrown on the way to an answer. */
export function codeOfError(error: unknown): ErrorCode {
  if (error instanceof Fault) {
    if (isErrorCode(error.code)) return error.code
    return error.retryable ? 'unavailable' : 'internal'
  }
  if (!(error instanceof Error)) return 'internal'
  const known =
    'code' in error && typeof error.code === 'string' ? codeOfFrameworkError[error.code] : undefined
  if (known !== undefined) return known
  const status = 'statusCode' in error ? error.statusCode : undefined
  // A body that breaks off (the client went away) arrives as an error of the stream with this status.
  if (status === 400) return 'unreadable-request'
  // Folders and hidden files of the web app.
  return status === 403 || status === 404 ? 'unknown-route' : 'internal'
}

/** The client reads the code and the request id; the operator reads everything. */
export function createErrorHandler(log: Log) {
  return (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void => {
    const code = codeOfError(error)
    if (code === 'internal') log.error({ requestId: request.id, err: error }, 'request failed')
    // What was said about the answer that could not be given.
    reply.removeHeader('etag').removeHeader('location').header('cache-control', 'no-store')
    sendProblem(reply, code, error instanceof TooManyRequests ? { retryAfterS: error.retryAfterS } : {})
  }
}

/**
 * Answers bytes that never became a request. While an earlier request of the same connection waits for its
 * answer, nothing is written: the client would take it for that answer.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || hasOtherAnswerPending(socket)) {
    socket.destroy()
    return
  }
  const code = codeOfFrameworkError[error.code ?? ''] ?? 'unreadable-request'
  socket.end(rawProblem(code), () => socket.destroy())
}

/** Node keeps the answer that a socket is busy with under this name; it has no public one. */
function hasOtherAnswerPending(socket: Socket): boolean {
  const pending: unknown = Reflect.get(socket, '_httpMessage')
  if (typeof pending !== 'object' || pending === null) return false
  const request: unknown = Reflect.get(pending, 'req')
  const isComplete =
    typeof request === 'object' && request !== null && Reflect.get(request, 'complete') === true
  return isComplete || Reflect.get(pending, 'headersSent') === true
}
