import { type Caller, type ErrorCode, identityServiceOf, type Realm } from '@matchday/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { clientAddress } from '../limits/client-address.ts'
import type { Credential, VerifyToken } from '../sessions/credential.ts'
import { cookieName, readCookie } from '../sessions/session-cookies.ts'
import { isFromForeignPage, isFromOwnPage } from './own-origin.ts'
import type { PathParams } from './policy-table.ts'
import type { Requester } from './ports.ts'
import { sendProblem } from './problem.ts'
import { bearerToken } from './request-headers.ts'
import type { RoutePlan } from './route-plan.ts'
import { isFromThisComputer, type Transport, transportOf } from './transport.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the body is read. */
    caller: Caller
    /** How it came, once that was asked for. */
    transport: Transport | null
  }
}

export type AdmissionParts = {
  requester: Pick<Requester, 'isSaturated'>
  verifyToken: VerifyToken
  knownPass(token: string): Caller | undefined
  trustedProxyHops: number
  publicOrigin: string | undefined
  plainHttpAccounts: 'allowed' | 'refused'
  localCallers: 'allowed' | 'refused'
}

type AdmittedRequest = FastifyRequest<{ Params: PathParams }>

const anyone: Caller = { kind: 'anyone' }
const accountServices: ReadonlySet<string> = new Set(Object.values(identityServiceOf))

export function requestTransport(
  request: FastifyRequest,
  parts: Pick<AdmissionParts, 'trustedProxyHops'>,
): Transport {
  request.transport ??= transportOf(request.raw, parts.trustedProxyHops)
  return request.transport
}

/**
 * Before the body is read: 0 is there room for it (503), and does this address not ask too often (429) · 1 who calls
 * (401), and if his browser says so for him, does he know of it (403) · 2 is the line good enough for accounts (403) ·
 * 3 is the path possible (404) · 4 may he (403).
 */
export function admit(
  plan: RoutePlan,
  parts: AdmissionParts,
  request: AdmittedRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): undefined {
  // Under overload a refusal must cost next to nothing, or there is no time left for what was let in.
  if (parts.requester.isSaturated(plan.operation)) return sendProblem(reply, 'overloaded')
  const retryAfterS = plan.requestLimiter?.enter(clientAddress(request.raw, parts.trustedProxyHops)) ?? 0
  if (retryAfterS > 0) return sendProblem(reply, 'too-many-requests', { retryAfterS })

  const settle = (found: Caller | ErrorCode) => {
    if (typeof found === 'string') return sendProblem(reply, found)
    done()
  }
  const found = identify(plan, parts, request)
  if (typeof found === 'string' || 'kind' in found) return settle(checked(plan, parts, request, found))
  found.then((caller) => checked(plan, parts, request, caller)).then(settle, done)
}

/** Who calls; without a promise where nobody has to be asked, for that is most of all requests. */
function identify(
  plan: RoutePlan,
  parts: AdmissionParts,
  request: FastifyRequest,
): Caller | ErrorCode | Promise<Caller | ErrorCode> {
  const { authorization, cookie } = request.headers
  if (authorization !== undefined) {
    const token = bearerToken(authorization)
    if (token === undefined) return 'not-authenticated'
    return parts.knownPass(token) ?? callerOfToken(parts, request, token)
  }
  const token = cookie === undefined ? undefined : cookieToken(plan, parts, request)
  return token === undefined ? anyone : callerOfCookie(plan, parts, request, token)
}

/** A token that is not good is told even where none is needed: its bearer believes to be somebody. */
async function callerOfToken(
  parts: AdmissionParts,
  request: FastifyRequest,
  token: string,
): Promise<Caller | ErrorCode> {
  const address = clientAddress(request.raw, parts.trustedProxyHops)
  const credential = await parts.verifyToken(token, address)
  return isGood(credential) ? credential.caller : 'not-authenticated'
}

function isGood(credential: Credential | 'expired' | null): credential is Credential {
  return credential !== null && credential !== 'expired'
}

/** The token in the cookie of the realm that this operation knows. A renewal asks with its own one alone. */
function cookieToken(plan: RoutePlan, parts: AdmissionParts, request: FastifyRequest): string | undefined {
  if (plan.operation.session?.effect === 'renews') return undefined
  const transport = requestTransport(request, parts)
  if (transport === 'plain' && parts.plainHttpAccounts === 'refused') return undefined
  return readCookie(request.headers.cookie, cookieName(plan.realm, 'access', transport))
}

/** A cookie that is no longer good says nothing: its browser knows of it as little as its user does. */
async function callerOfCookie(
  plan: RoutePlan,
  parts: AdmissionParts,
  request: FastifyRequest,
  token: string,
): Promise<Caller | ErrorCode> {
  const address = clientAddress(request.raw, parts.trustedProxyHops)
  const credential = await parts.verifyToken(token, address)
  if (!isGood(credential) || !isOfRealm(credential, plan.realm)) return anyone
  // Browsers send cookies along with what other pages make them ask for.
  if (plan.takesBody && !isFromOwnPage(request.raw, originRules(request, parts))) return 'cross-origin'
  return credential.caller
}

function isOfRealm(credential: Credential, realm: Realm): boolean {
  return credential.kind === 'access' && credential.token.realm === realm
}

export function originRules(
  request: FastifyRequest,
  parts: Pick<AdmissionParts, 'trustedProxyHops' | 'publicOrigin'>,
) {
  return { transport: requestTransport(request, parts), publicOrigin: parts.publicOrigin }
}

function checked(
  plan: RoutePlan,
  parts: AdmissionParts,
  request: AdmittedRequest,
  caller: Caller | ErrorCode,
): Caller | ErrorCode {
  if (typeof caller === 'string') return caller
  // Also of who is refused: what he tried is told with it.
  request.caller = caller
  if (plan.needsToken && caller.kind === 'anyone') return 'not-authenticated'
  if (isOfAccounts(plan, caller) && isExposed(request, parts)) return 'insecure-connection'
  const { params } = request
  if (!plan.isPossiblePath(params)) return 'not-found'
  if (plan.isLocal && !isLocalCaller(request, parts)) return 'not-allowed'
  return plan.allows(caller, params) ? caller : 'not-allowed'
}

/** And it is a page of ours that asks, if it is a page. */
function isLocalCaller(request: FastifyRequest, parts: AdmissionParts): boolean {
  if (parts.localCallers === 'refused' || !isFromThisComputer(request.raw)) return false
  return !isFromForeignPage(request.raw, originRules(request, parts))
}

/** Passwords and tokens of accounts are on their way. */
function isOfAccounts({ takesBody, operation }: RoutePlan, caller: Caller): boolean {
  if (takesBody && accountServices.has(operation.service)) return true
  return caller.kind === 'staff' || caller.kind === 'player-account' || caller.kind === 'key'
}

function isExposed(request: FastifyRequest, parts: AdmissionParts): boolean {
  return parts.plainHttpAccounts === 'refused' && requestTransport(request, parts) === 'plain'
}
