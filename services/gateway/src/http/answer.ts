import type { JsonObject, Log, Reply } from '@matchday/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from './problem.ts'
import { holdsVersion } from './request-headers.ts'
import type { RoutePlan } from './route-plan.ts'
import { keeping } from './security-headers.ts'
import { isErrorCode, statusTable } from './status-table.ts'

/** A service's reply as an HTTP answer. */
export function sendAnswer(
  plan: RoutePlan,
  input: JsonObject,
  answer: Reply,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): undefined {
  switch (answer.kind) {
    case 'ok':
      return sendSuccess(plan, input, answer, request, reply, log)
    case 'rejected': {
      const mismatch = rejectionMismatch(plan, answer.code)
      if (mismatch !== undefined) return sendMismatch(plan, mismatch, request, reply, log)
      const { detail, fields, retryAfterS } = answer
      return sendProblem(reply, answer.code, { detail, fields, retryAfterS })
    }
    case 'fault': {
      const code = isErrorCode(answer.code) ? answer.code : answer.retryable ? 'unavailable' : 'internal'
      log.warn({ requestId: request.id, operation: plan.operation.name, code: answer.code }, 'no answer')
      return sendProblem(reply, code)
    }
    default:
      return answer satisfies never
  }
}

function sendSuccess(
  plan: RoutePlan,
  input: JsonObject,
  answer: Reply & { kind: 'ok' },
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): undefined {
  if (isForAnybody(plan, request)) reply.header('cache-control', keeping.anyone)
  if (plan.operation.versioned === true && answer.version !== undefined) {
    reply.header('etag', `"${answer.version}"`)
    if (!plan.takesBody && holdsVersion(request.headers, answer.version)) {
      reply.code(304).send()
      return
    }
  }
  if (plan.status === 204) {
    reply.code(204).send()
    return
  }
  const { body } = answer
  if (body === null) return sendMismatch(plan, 'the body is missing', request, reply, log)
  const problems = plan.checkAnswer?.(body) ?? []
  if (problems.length > 0) return sendMismatch(plan, JSON.stringify(problems), request, reply, log)
  if (plan.locationOf !== undefined) reply.header('location', plan.locationOf(input, body))
  reply.code(plan.status).send(body)
}

/** What nobody in particular was told, by an operation that everybody may ask. */
function isForAnybody({ takesBody, operation }: RoutePlan, { caller }: FastifyRequest): boolean {
  return !takesBody && operation.policy === 'anyone' && caller.kind === 'anyone'
}

/**
 * A service that answers otherwise than its contract says has a bug; the client learns only that it is ours.
 */
function sendMismatch(
  plan: RoutePlan,
  mismatch: string,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): undefined {
  log.error({ requestId: request.id, operation: plan.operation.name, mismatch }, 'answer breaks the contract')
  sendProblem(reply, 'internal')
}

function rejectionMismatch(plan: RoutePlan, code: string): string | undefined {
  if (!isErrorCode(code)) return `unknown code ${code}`
  const { rejections } = plan.operation
  const isDeclared = code === 'invalid-input' || rejections.some((declared) => declared === code)
  const isRule = statusTable[code] === 409
  return plan.checkAnswer !== undefined && isRule && !isDeclared ? `undeclared code ${code}` : undefined
}
