import type { ErrorCode, Realm } from '@matchday/contracts'
import type { Clock, JsonObject, Reply } from '@matchday/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { clearCookie, cookieName, isCookieValue, readCookie, setCookie } from '../sessions/session-cookies.ts'
import { type AdmissionParts, originRules, requestTransport } from './admission.ts'
import { isFromForeignPage, isFromOwnPage } from './own-origin.ts'
import type { RoutePlan } from './route-plan.ts'
import { isErrorCode, statusTable } from './status-table.ts'
import type { Transport } from './transport.ts'

type Parts = Pick<AdmissionParts, 'trustedProxyHops' | 'publicOrigin'> & { clock: Clock }

/** What a request does with the session of its browser, if anything. */
export type SessionUse = {
  readonly effect: 'begins' | 'renews' | 'ends'
  readonly realm: Realm
  readonly transport: Transport
  /** The session is the browser's: its tokens travel in cookies. */
  readonly byCookie: boolean
  /** Of the cookie, for a body that brings none. */
  readonly refreshToken?: string
}

/** How the session of a browser comes into a request whose body is right; or why it may not. */
export function sessionUseOf(
  plan: RoutePlan,
  body: unknown,
  request: FastifyRequest,
  parts: Parts,
): SessionUse | ErrorCode | null {
  const { session } = plan.operation
  if (session === undefined) return null
  const transport = requestTransport(request, parts)
  const use = { ...session, transport }
  if (session.effect === 'ends') return { ...use, byCookie: true }
  const { cookies, refreshToken } = fieldsOf(body)
  if (session.effect === 'begins' || refreshToken !== undefined) {
    // Nobody else's page may sign its visitor in here, as whomever it likes.
    const isForeign = cookies === true && isFromForeignPage(request.raw, originRules(request, parts))
    return isForeign ? 'cross-origin' : { ...use, byCookie: cookies === true }
  }
  const kept = readCookie(request.headers.cookie, cookieName(session.realm, 'renewal', transport))
  if (kept === undefined || plan.checkBody({ ...fieldsOf(body), refreshToken: kept }).length > 0) {
    return 'not-authenticated'
  }
  if (!isFromOwnPage(request.raw, originRules(request, parts))) return 'cross-origin'
  return { ...use, byCookie: true, refreshToken: kept }
}

/** Puts tokens of an answer into cookies, or takes cookies back, as the session's effect is. Gives what is left. */
export function settleSession(use: SessionUse, answer: Reply, reply: FastifyReply, clock: Clock): Reply {
  if (!use.byCookie) return answer
  const nameOf = (kind: 'access' | 'renewal') => cookieName(use.realm, kind, use.transport)
  const clear = () => reply.header('set-cookie', [nameOf('access'), nameOf('renewal')].map(clearCookie))
  if (use.effect === 'ends') {
    if (answer.kind === 'ok') clear()
    return answer
  }
  if (answer.kind !== 'ok') {
    // The session is over; a renewal that could only not be done now may be tried again.
    const isOver = answer.kind === 'rejected' && isErrorCode(answer.code) && statusTable[answer.code] === 401
    if (use.effect === 'renews' && isOver) clear()
    return answer
  }
  const { accessToken, refreshToken, ...rest } = answer.body ?? {}
  if (accessToken === undefined || refreshToken === undefined) return { ...answer, body: rest }
  // Whatever else is in them must not become part of a header.
  if (!isCookieValue(accessToken) || !isCookieValue(refreshToken)) {
    return { kind: 'fault', code: 'internal', retryable: false }
  }
  reply.header('set-cookie', [
    setCookie(nameOf('access'), accessToken, secondsUntil(rest.accessExpiresAt, clock)),
    setCookie(nameOf('renewal'), refreshToken, secondsUntil(rest.refreshExpiresAt, clock)),
  ])
  return { ...answer, body: rest }
}

function fieldsOf(body: unknown): JsonObject {
  // It has passed its contract's check, whose schemas know JSON only.
  return typeof body === 'object' && body !== null ? (body as JsonObject) : {}
}

function secondsUntil(time: unknown, clock: Clock): number {
  const atMs = typeof time === 'string' ? Date.parse(time) : Number.NaN
  return Number.isNaN(atMs) ? 0 : (atMs - clock.now()) / 1_000
}
