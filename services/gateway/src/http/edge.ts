import type { IncomingMessage, Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { operationList } from '@matchday/contracts'
import { Fault } from '@matchday/kernel'
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
} from 'fastify'
import { serveDocuments } from '../documents/document-routes.ts'
import { httpLimits } from '../limits/http-limits.ts'
import { createOwnBudgets } from '../limits/shared-budgets.ts'
import { requestTransport } from './admission.ts'
import { checkContracts } from './contract-checks.ts'
import { allowOrigins } from './cross-origin.ts'
import { createFallback, methodsOf } from './fallback.ts'
import { answerClientError, createErrorHandler } from './framework-errors.ts'
import { serveHealth } from './health-routes.ts'
import { readJsonBodies } from './json-body.ts'
import { createOperationRoute } from './operation-route.ts'
import type { HttpEdge, HttpEdgeConfig, HttpEdgeParts } from './ports.ts'
import { sendProblem } from './problem.ts'
import { createRefusalLog } from './refusals.ts'
import { requestIdOf } from './request-headers.ts'
import { createRoutePlans } from './route-plan.ts'
import { securityHeaders } from './security-headers.ts'
import { serveWebApp } from './web-app.ts'

/**
 * The HTTP edge: routes, checks and documents, all derived from the contracts; no rule of any domain.
 * Throws Fault `bad-contract` when an operation can't be served as it is declared.
 */
export async function createHttpEdge(parts: HttpEdgeParts): Promise<HttpEdge> {
  const { config, clock } = parts
  const { trustedProxyHops = 0 } = config
  const operations = parts.operations ?? operationList
  checkContracts(operations)

  const log = parts.log.child({ part: 'http' })
  const state = { closing: false }
  const isClosing = () => state.closing || parts.isDraining?.() === true
  const onError = createErrorHandler(log)
  const app = fastify(serverOptions(config, onError))
  app.server.maxConnections = config.connectionsMax ?? httpLimits.connectionsMax
  // An expectation that we don't know may be ignored (RFC 9110); node would answer 417 without a code.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  app.decorate('tellRefused', createRefusalLog(log))
  app.decorateRequest('caller')
  app.decorateRequest('transport', null)
  readJsonBodies(app)
  app.setErrorHandler(onError)
  app.addHook('onRequest', (request, reply, done) => {
    setHeaders(request, reply, trustedProxyHops)
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      sendProblem(reply, 'unreadable-request', { detail: 'The Host header is missing.' })
    } else {
      done()
    }
  })
  const routes = operations.map((operation) => operation.route)
  allowOrigins(app, config.allowedOrigins ?? [], methodsOf(routes))

  const budgets = parts.budgets ?? createOwnBudgets(clock)
  const plans = createRoutePlans(operations, { budgets, validateAnswers: config.validateAnswers ?? false })
  for (const plan of plans) {
    app.route(
      createOperationRoute(plan, {
        requester: parts.requester,
        verifyToken: parts.verifyToken,
        knownPass: (token) => parts.knownPass?.(token),
        clock,
        log,
        answerTimeoutMs: config.answerTimeoutMs ?? httpLimits.answerTimeoutMs,
        trustedProxyHops,
        publicOrigin: config.publicOrigin,
        plainHttpAccounts: config.plainHttpAccounts ?? 'refused',
        localCallers: config.localCallers ?? 'refused',
        isClosing,
      }),
    )
  }
  serveHealth(app, parts.health, isClosing)
  const documentRoutes = serveDocuments(app, operations, config.version)
  const sendPage = await serveWebApp(app, config.webRoot, log)
  app.get('/', (_request, reply) => sendPage(reply))
  const fixedRoutes = ['/', '/livez', '/readyz', ...documentRoutes].map((path) => ['GET', path] as const)
  app.setNotFoundHandler(createFallback([...routes, ...fixedRoutes], sendPage))
  await app.ready()

  return {
    server: app.server,
    inject: (options) => app.inject(options),
    listen: (host, port) => listen(app, host, port),
    close: async () => {
      state.closing = true
      await untilQuiet(app.server)
      await close(app, config.closeGraceMs ?? httpLimits.closeGraceMs)
    },
  }
}

function serverOptions(
  config: HttpEdgeConfig,
  onError: ReturnType<typeof createErrorHandler>,
): FastifyServerOptions<Server> & { http: object } {
  return {
    logger: false,
    bodyLimit: config.bodyBytesMax ?? httpLimits.bodyBytesMax,
    requestTimeout: config.requestTimeoutMs ?? httpLimits.requestTimeoutMs,
    keepAliveTimeout: httpLimits.keepAliveTimeoutMs,
    connectionTimeout: httpLimits.silentSocketMs,
    // 0: a connection may carry any number of requests.
    maxRequestsPerSocket: 0,
    http: {
      // Looked at in the first hook, so that the answer has a code like all others.
      requireHostHeader: false,
      maxHeaderSize: httpLimits.headerBytesMax,
      headersTimeout: config.headersTimeoutMs ?? httpLimits.headersTimeoutMs,
      connectionsCheckingInterval: config.timeoutCheckMs ?? httpLimits.timeoutCheckMs,
    },
    // While closing, requests on open connections are answered as ever; each answer closes its connection.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: httpLimits.pathParameterLengthMax },
    requestIdHeader: false,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers),
    rewriteUrl: (request: IncomingMessage) => pathForm(request.url ?? '/'),
    frameworkErrors: (error, request, reply) => {
      // This way leads past the hooks.
      setHeaders(request, reply, config.trustedProxyHops ?? 0)
      onError(error, request, reply)
    },
    clientErrorHandler: answerClientError,
  }
}

/** On every answer. */
function setHeaders(request: FastifyRequest, reply: FastifyReply, trustedProxyHops: number): void {
  const isEncrypted = requestTransport(request, { trustedProxyHops }) === 'encrypted'
  reply.headers(isEncrypted ? encryptedHeaders : securityHeaders.answer)
  reply.header('x-request-id', request.id)
}
const encryptedHeaders = { ...securityHeaders.answer, ...securityHeaders.encrypted }

/** `GET http://host/path` is the same request as `GET /path` (RFC 9112, absolute form). */
function pathForm(url: string): string {
  if (url.startsWith('/')) return url
  return url.replace(/^https?:\/\/[^/?#]*/i, '') || '/'
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<{ port: number }> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') {
      throw new Fault('port-taken', `Port ${port} is in use.`, {
        cause: error,
        hint: 'Stop the other program, or choose another port with MATCHDAY_PORT.',
      })
    }
    throw new Fault('cannot-listen', `Cannot listen on ${host}, port ${port}.`, {
      cause: error,
      hint: 'Check MATCHDAY_HOST and MATCHDAY_PORT; ports below 1024 need rights.',
    })
  }
  const address = app.server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : port }
}

/**
 * Lets in what was sent before the stop: connections and requests that the system holds for us and that we
 * have not read yet would be cut as idle, although their senders can't know.
 */
async function untilQuiet(server: Server): Promise<void> {
  let arrivals = 0
  const count = () => {
    arrivals += 1
  }
  server.on('connection', count).on('request', count)
  let seen = -1
  for (
    let waitedMs = 0;
    seen !== arrivals && waitedMs < httpLimits.quietWaitMs;
    waitedMs += httpLimits.quietMs
  ) {
    seen = arrivals
    await sleep(httpLimits.quietMs)
  }
  server.off('connection', count).off('request', count)
}

async function close(app: FastifyInstance, graceMs: number): Promise<void> {
  const { server } = app
  const sweep = setInterval(() => server.closeIdleConnections(), httpLimits.closeSweepMs)
  const closed = app.close()
  let cut: NodeJS.Timeout | undefined
  const graceIsOver = new Promise<void>((resolve) => {
    cut = setTimeout(() => {
      server.closeAllConnections()
      resolve()
    }, graceMs)
  })
  try {
    await Promise.race([closed, graceIsOver])
  } finally {
    clearTimeout(cut)
    clearInterval(sweep)
  }
}
