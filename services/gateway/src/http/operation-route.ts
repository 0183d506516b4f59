import type { Caller, FieldProblem } from '@matchday/contracts'
import type { JsonObject, Log } from '@matchday/kernel'
import type {
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteOptions,
} from 'fastify'
import { clientAddress } from '../limits/client-address.ts'
import { sendAnswer } from './answer.ts'
import { codeOfError } from './framework-errors.ts'
import { hangUpSignal } from './hang-up.ts'
import type { PathParams } from './policy-table.ts'
import type { HttpEdgeParts, RequestCall, Requester } from './ports.ts'
import { sendProblem } from './problem.ts'
import { bearerToken, expectedVersionOf, idempotencyKeyOf, traceOf } from './request-headers.ts'
import type { RoutePlan } from './route-plan.ts'
import { serializable } from './serializable.ts'

export type OperationRouteParts = {
  requester: Requester
  verifyToken: HttpEdgeParts['verifyToken']
  log: Log
  answerTimeoutMs: number
  trustedProxyHops: number
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

const anyone: Caller = { kind: 'anyone' }
const noBody: JsonObject = {}

/**
 * The way of one request, with its exits: 0 is there room for it (503) · 1 who calls (401) · 2 is the path
 * possible (404) · 3 may he (403) · the body is read (400, 408, 413, 415) · 4 is the input as the contract says
 * (422, 428) · 5 does he guess too fast (429) · 6 ask the service · 7 answer.
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

function admit(
  plan: RoutePlan,
  parts: OperationRouteParts,
  request: OperationRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): undefined {
  // Under overload a refusal must cost next to nothing, or there is no time left for what was let in.
  if (parts.requester.isSaturated(plan.operation)) return sendProblem(reply, 'overloaded')
  const { authorization } = request.headers
  if (authorization === undefined) {
    if (plan.needsToken) return sendProblem(reply, 'not-authenticated')
    return admitCaller(plan, anyone, request, reply, done)
  }
  const token = bearerToken(authorization)
  if (token === undefined) return sendProblem(reply, 'not-authenticated')
  // A token that is not good is told even where none is needed: its bearer believes to be somebody.
  parts.verifyToken(token).then((caller) => {
    if (caller === null) sendProblem(reply, 'not-authenticated')
    else admitCaller(plan, caller, request, reply, done)
  }, done)
}

function admitCaller(
  plan: RoutePlan,
  caller: Caller,
  request: OperationRequest,
  reply: FastifyReply,
  done: () => void,
): undefined {
  const params = request.params
  if (!plan.isPossiblePath(params)) return sendProblem(reply, 'not-found')
  if (!plan.allows(caller, params)) return sendProblem(reply, 'not-allowed')
  request.caller = caller
  done()
}

function handle(
  plan: RoutePlan,
  parts: OperationRouteParts,
  request: OperationRequest,
  reply: FastifyReply,
): undefined {
  const call = readCall(plan, request, reply)
  if (call === undefined) return
  call.timeoutMs = parts.answerTimeoutMs

  const limiter = plan.missLimiter
  const address = limiter === undefined ? '' : clientAddress(request.raw, parts.trustedProxyHops)
  const waitS = limiter?.enter(address) ?? 0
  if (waitS > 0) return sendProblem(reply, 'too-many-requests', { retryAfterS: waitS })

  parts.requester.request(plan.operation, call).then(
    (answer) => {
      limiter?.leave(address, answer.kind === 'rejected' && answer.code === 'not-found')
      if (parts.isClosing()) reply.header('connection', 'close')
      sendAnswer(plan, call.input, answer, request, reply, parts.log)
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
}

/** What the service is asked; undefined when the request was refused here. */
function readCall(plan: RoutePlan, request: OperationRequest, reply: FastifyReply): RequestCall | undefined {
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
  const params = plan.readParams(request.params)
  const call: RequestCall = {
    id: key ?? request.id,
    // Each part has just passed its contract's check, whose schemas know JSON only.
    input: Object.assign({}, params, query, body) as JsonObject,
    caller: request.caller,
    signal: hangUpSignal(request.socket),
  }
  if (version !== undefined) call.expectedVersion = version
  const trace = traceOf(request.headers)
  if (trace !== undefined) call.trace = trace
  return call
}
