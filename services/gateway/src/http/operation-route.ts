import type { FieldProblem } from '@matchday/contracts'
import type { Clock, JsonObject, Log, RequestCall } from '@matchday/kernel'
import type {
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteOptions,
} from 'fastify'
import { clientAddress } from '../limits/client-address.ts'
import { type AdmissionParts, admit } from './admission.ts'
import { sendAnswer } from './answer.ts'
import { type SessionUse, sessionUseOf, settleSession } from './browser-session.ts'
import { deviceOf } from './device.ts'
import { codeOfError } from './framework-errors.ts'
import { hangUpSignal } from './hang-up.ts'
import type { PathParams } from './policy-table.ts'
import type { Requester } from './ports.ts'
import { sendProblem } from './problem.ts'
import { expectedVersionOf, idempotencyKeyOf, traceOf } from './request-headers.ts'
import type { RoutePlan } from './route-plan.ts'
import { serializable } from './serializable.ts'

export type OperationRouteParts = AdmissionParts & {
  requester: Requester
  clock: Clock
  log: Log
  answerTimeoutMs: number
  /** While closing, answers ask their client to open no further request on the connection. */
  isClosing(): boolean
}

/** Path and query are text by construction. */
type Texts = { Params: PathParams; Querystring: Readonly<Record<string, unknown>> }
type OperationRequest = FastifyRequest<Texts>
type OperationRoute = RouteOptions<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  Texts
>

const noBody: JsonObject = {}

/**
 * The way of one request, with its exits: it is admitted (see admission.ts) · the body is read (400, 408, 413, 415) ·
 * is the input as the contract says (422, 428) · may its browser stand behind it (401, 403) · does he guess too fast
 * (429) · ask the service · answer.
 */
export function createOperationRoute(plan: RoutePlan, parts: OperationRouteParts): OperationRoute {
  const { operation } = plan
  const [method, path] = operation.route
  return {
    method,
    url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    ...(operation.output === undefined
      ? {}
      : { schema: { response: { [plan.status]: serializable(operation.output) } } }),
    onRequest: (request, reply, done) => admit(plan, parts, request, reply, done),
    handler: (request, reply) => handle(plan, parts, request, reply),
  }
}

function handle(
  plan: RoutePlan,
  parts: OperationRouteParts,
  request: OperationRequest,
  reply: FastifyReply,
): undefined {
  const read = readCall(plan, parts, request, reply)
  if (read === undefined) return
  const { call, session } = read

  const limiter = plan.missLimiter
  const address = limiter === undefined ? '' : clientAddress(request.raw, parts.trustedProxyHops)
  const waitS = limiter?.enter(address) ?? 0
  if (waitS > 0) return sendProblem(reply, 'too-many-requests', { retryAfterS: waitS })

  const answered = parts.requester.request(plan.operation, call).then(
    (answer) => {
      limiter?.leave(address, answer.kind === 'rejected' && answer.code === 'not-found')
      if (parts.isClosing()) reply.header('connection', 'close')
      const settled = session === null ? answer : settleSession(session, answer, reply, parts.clock)
      sendAnswer(plan, call.input, settled, request, reply, parts.log)
    },
    (error: unknown) => {
      limiter?.leave(address, false)
      if (parts.isClosing()) reply.header('connection', 'close')
      const code = codeOfError(error)
      const level = code === 'internal' ? 'error' : 'warn'
      parts.log[level](
        { requestId: request.id, operation: plan.operation.name, code, err: error },
        'no answer',
      )
      sendProblem(reply, code)
    },
  )
  answered.catch((error: unknown) => {
    parts.log.error({ requestId: request.id, operation: plan.operation.name, err: error }, 'no answer')
    if (!reply.sent) sendProblem(reply, 'internal')
  })
}

type ReadCall = { call: RequestCall; session: SessionUse | null }

/** What the service is asked; undefined when the request was refused here. */
function readCall(
  plan: RoutePlan,
  parts: OperationRouteParts,
  request: OperationRequest,
  reply: FastifyReply,
): ReadCall | undefined {
  let body: unknown = noBody
  if (plan.takesBody && request.body !== undefined) body = request.body
  else if (plan.takesBody && !plan.bodyIsOptional) {
    sendProblem(reply, 'unreadable-request', { detail: 'A body is needed.' })
    return undefined
  }
  const query = plan.readQuery(request.query)
  const key = plan.isCommand ? idempotencyKeyOf(request.headers) : undefined
  const { expectedVersion } = plan.operation
  const version = expectedVersion === undefined ? undefined : expectedVersionOf(request.headers)

  const wrongBody = plan.checkBody(body)
  const wrongQuery = plan.checkQuery(query)
  if (wrongBody.length + wrongQuery.length > 0 || typeof key === 'object' || typeof version === 'object') {
    const wrongHeaders = [key, version].filter((value): value is FieldProblem => typeof value === 'object')
    sendProblem(reply, 'invalid-input', { fields: [...wrongBody, ...wrongQuery, ...wrongHeaders] })
    return undefined
  }
  if (version === undefined && expectedVersion === 'required') {
    sendProblem(reply, 'version-required')
    return undefined
  }
  const session = sessionUseOf(plan, body, request, parts)
  if (typeof session === 'string') {
    sendProblem(reply, session)
    return undefined
  }
  const kept = session?.refreshToken === undefined ? {} : { refreshToken: session.refreshToken }
  const call: { -readonly [Part in keyof RequestCall]: RequestCall[Part] } = {
    id: key ?? request.id,
    // Each part has just passed its contract's check, whose schemas know JSON only.
    input: Object.assign({}, plan.readParams(request.params), query, body, kept) as JsonObject,
    caller: request.caller,
    timeoutMs: parts.answerTimeoutMs,
    signal: hangUpSignal(request.socket),
  }
  if (version !== undefined) call.expectedVersion = version
  const trace = traceOf(request.headers)
  if (trace !== undefined) call.trace = trace
  if (plan.operation.tellsAddress) {
    call.address = clientAddress(request.raw, parts.trustedProxyHops)
    const device = deviceOf(request.headers['user-agent'])
    if (device !== undefined) call.device = device
  }
  return { call, session }
}
