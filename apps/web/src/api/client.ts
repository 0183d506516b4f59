import type {
  BodyOf,
  OperationName,
  Operations,
  OutputOf,
  ParamsOf,
  QueryOf,
  Route,
} from '@matchday/contracts'
import { newId } from '@matchday/contracts/ids'
import { ApiFault, type Rejection, readProblem } from './problem.ts'
import { pauseMs, retryAfterMs } from './retry.ts'

type Part<Name extends OperationName, Key extends string, Value> =
  Operations[Name] extends Record<Key, object> ? Value : unknown

/** What a call needs, as its contract says: path parameters, query and body. */
export type Input<Name extends OperationName> = Part<
  Name,
  'params',
  { params: ParamsOf<Operations[Name]> & Record<string, string> }
> &
  Part<Name, 'query', { query?: QueryOf<Operations[Name]> }> &
  Part<Name, 'body', { body: BodyOf<Operations[Name]> }>

export type CallOptions = {
  token?: string | undefined
  /** One id per action of the person. The same id again has one effect, so keep it when he tries again. */
  requestId?: string
  /** The version that was seen (`If-Match`). */
  version?: number
  /** Milliseconds until the call gives up; tries in between are repeated with the same id. */
  deadlineMs?: number
}

export type Answer<Name extends OperationName> =
  /** As of `atMs` by this device's clock; the server's own clock said `saidAtMs`, NaN when it said nothing. */
  | { ok: true; value: OutputOf<Operations[Name]>; atMs: number; saidAtMs: number }
  | { ok: false; problem: Rejection }

/** A client that knows these operations, and no more: a phone that joins does not carry everybody's routes. */
export type Api<Known extends OperationName = OperationName> = <Name extends Known>(
  name: Name,
  input: Input<Name>,
  options?: CallOptions,
) => Promise<Answer<Name>>

/** What the client needs from the world; tests bring their own. */
export type ApiWorld = {
  fetch: (url: string, init: RequestInit) => Promise<Response>
  now: () => number
  random: () => number
  sleep: (ms: number) => Promise<void>
}

const deadlineDefaultMs = 15_000
/** One try; a lost answer is asked for again while the deadline lasts. */
const tryTimeoutMs = 6_000
/** Clocks differ by less; an older answer was kept by the service worker. */
const keptAnswerAgeMs = 60_000
/** Statuses after which it is unknown or certain that nothing was done, and the same id may be sent again. */
const repeatable: ReadonlySet<number> = new Set([429, 502, 503, 504])

const world: ApiWorld = {
  fetch: (url, init) => fetch(url, init),
  now: Date.now,
  random: Math.random,
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
}

/** Addresses by the names of operations, as in the contracts' tables. */
export type RouteTable<Known extends OperationName> = Readonly<Record<Known, Route>>

/**
 * The typed client: the operations of a route table by name. A rejection is returned with its code; an `ApiFault` is
 * thrown when there was no usable answer until the deadline.
 */
export function createApi<Known extends OperationName>(
  routes: RouteTable<Known>,
  overrides: Partial<ApiWorld> = {},
): Api<Known> {
  const given = { ...world, ...overrides }
  return async (name, input, options = {}) => {
    const requestId = options.requestId ?? newId()
    const deadlineAtMs = given.now() + (options.deadlineMs ?? deadlineDefaultMs)
    const { url, init } = requestOf(
      routes[name],
      input as LooseInput, // the operation's types forgotten: from here on only the shape matters
      { ...options, requestId },
    )

    for (let attempt = 1; ; attempt++) {
      const leftMs = deadlineAtMs - given.now()
      const reply = await tryOnce(given, url, init, Math.min(tryTimeoutMs, leftMs))
      if (reply !== undefined && !repeatable.has(reply.status)) {
        return readAnswer(reply, requestId, given.now())
      }
      const asked = retryAfterMs(reply?.headers.get('retry-after') ?? null, given.now())
      const waitMs = pauseMs(attempt, given.random, asked)
      if (given.now() + waitMs >= deadlineAtMs) throw faultOf(reply, requestId)
      await given.sleep(waitMs)
    }
  }
}

/** The parts of an input without the types of its operation. */
type LooseInput = {
  params?: Record<string, string>
  query?: Record<string, string | number | undefined>
  body?: unknown
}

function requestOf([method, template]: Route, input: LooseInput, options: CallOptions) {
  const path = template.replace(/\{(\w+)\}/g, (_, key: string) =>
    encodeURIComponent(input.params?.[key] ?? ''),
  )
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) query.set(key, String(value))
  }
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`
  if (options.requestId !== undefined && method !== 'GET') headers['idempotency-key'] = options.requestId
  if (options.version !== undefined) headers['if-match'] = `"${options.version}"`
  if (input.body !== undefined) headers['content-type'] = 'application/json'
  const body = input.body === undefined ? null : JSON.stringify(input.body)
  return { url: query.size > 0 ? `${path}?${query}` : path, init: { method, headers, body } }
}

/** An answer that has arrived whole. */
export type Reply = { status: number; headers: Headers; text: string }

/** One try, or undefined when the network failed or was too slow. */
async function tryOnce(
  given: ApiWorld,
  url: string,
  init: RequestInit,
  timeoutMs: number,
): Promise<Reply | undefined> {
  try {
    const response = await given.fetch(url, { ...init, signal: AbortSignal.timeout(Math.max(1, timeoutMs)) })
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch {
    // fetch rejects for the network and for our own timeout only; both mean unknown.
    return undefined
  }
}

function readAnswer<Name extends OperationName>(
  reply: Reply,
  requestId: string,
  nowMs: number,
): Answer<Name> {
  if (reply.status >= 500) throw faultOf(reply, requestId)
  if (reply.status >= 400) {
    return {
      ok: false,
      problem: readProblem(reply, reply.status === 404 ? 'not-found' : 'unreadable-request'),
    }
  }
  // Answers are checked against the contract in the server's tests; shipping validators would triple the bundle.
  const value = (reply.text === '' ? undefined : JSON.parse(reply.text)) as OutputOf<Operations[Name]>
  const saidAtMs = Date.parse(reply.headers.get('date') ?? '')
  // An answer out of the service worker's store is as old as its Date header says.
  const isOld = nowMs - saidAtMs > keptAnswerAgeMs
  return { ok: true, value, atMs: isOld ? saidAtMs : nowMs, saidAtMs }
}

function faultOf(reply: Reply | undefined, requestId: string): ApiFault {
  if (reply === undefined) return new ApiFault('network', true, requestId)
  const { code } = readProblem(reply, reply.status === 504 ? 'timed-out' : 'internal')
  return new ApiFault(code, repeatable.has(reply.status), requestId)
}
