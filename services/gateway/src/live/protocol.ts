import type { JsonObject } from '@matchday/kernel'
import { type ReplyErrorName, replyErrors, unsubscribes } from './codes.ts'

/**
 * Everything that crosses the wire, in both directions: the JSON flavour of the Centrifuge client protocol, version 2.
 * A WebSocket message holds one or more JSON documents, one a line. Commands carry an id, which their reply repeats;
 * pushes carry none; `{}` is a ping from us and a pong from the client.
 */
export type Recovery = { readonly epoch: string; readonly offset: number }
export type SubscribeCommand = {
  readonly method: 'subscribe'
  readonly id: number
  readonly channel: string
  readonly recover: Recovery | null
  /** The client has another way to load the state: it wants error 112 rather than a snapshot. */
  readonly rejectUnrecovered: boolean
}
export type Command =
  | { readonly method: 'pong' }
  | { readonly method: 'send' }
  | { readonly method: 'connect'; readonly id: number; readonly token: string }
  | { readonly method: 'refresh'; readonly id: number; readonly token: string }
  | SubscribeCommand
  | { readonly method: 'unsubscribe'; readonly id: number; readonly channel: string }
  | {
      readonly method: 'publish'
      readonly id: number
      readonly channel: string
      readonly type: string
      readonly rest: JsonObject
    }
  | { readonly method: 'ping' | 'not-available' | 'unknown'; readonly id: number }

const idMax = 2 ** 32 - 1
/** Flag of the protocol: answer with error 112 when what was missed can't be recovered. */
const rejectUnrecoveredFlag = 2
const notAvailable = [
  'sub_refresh',
  'presence',
  'presence_stats',
  'history',
  'rpc',
  'track',
  'untrack',
] as const

/** One line from a client as a command; `null` when it is not one (bad JSON, wrong types, nothing that we know). */
export function parseCommand(line: string): Command | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    return null
  }
  if (!isObject(parsed)) return null
  const id = own(parsed, 'id')
  if (id === undefined) {
    if (Object.keys(parsed).length === 0) return { method: 'pong' }
    return isObject(own(parsed, 'send')) ? { method: 'send' } : null
  }
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 1 || id > idMax) return null
  return parseRequest(id, parsed)
}

function parseRequest(id: number, parsed: JsonObject): Command | null {
  const request = (method: string) => own(parsed, method)
  if (request('connect') !== undefined) return parseTokenCommand('connect', id, request('connect'))
  if (request('subscribe') !== undefined) return parseSubscribe(id, request('subscribe'))
  if (request('publish') !== undefined) return parsePublish(id, request('publish'))
  if (request('unsubscribe') !== undefined) {
    const channel = text(request('unsubscribe'), 'channel')
    return channel === null ? null : { method: 'unsubscribe', id, channel }
  }
  if (request('refresh') !== undefined) return parseTokenCommand('refresh', id, request('refresh'))
  if (request('ping') !== undefined) return { method: 'ping', id }
  if (notAvailable.some((method) => request(method) !== undefined)) return { method: 'not-available', id }
  return { method: 'unknown', id }
}

function parseTokenCommand(method: 'connect' | 'refresh', id: number, body: unknown): Command | null {
  if (!isObject(body)) return null
  const token = own(body, 'token') ?? ''
  return typeof token === 'string' ? { method, id, token } : null
}

function parseSubscribe(id: number, body: unknown): SubscribeCommand | null {
  const channel = text(body, 'channel')
  if (channel === null || !isObject(body)) return null
  const flag = own(body, 'flag') ?? 0
  if (typeof flag !== 'number') return null
  const rejectUnrecovered = (flag & rejectUnrecoveredFlag) !== 0
  const wanted = own(body, 'recover') ?? false
  const epoch = own(body, 'epoch') ?? ''
  const offset = own(body, 'offset') ?? 0
  if (typeof wanted !== 'boolean' || typeof epoch !== 'string') return null
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0) return null
  return { method: 'subscribe', id, channel, recover: wanted ? { epoch, offset } : null, rejectUnrecovered }
}

function parsePublish(id: number, body: unknown): Command | null {
  const channel = text(body, 'channel')
  const data = isObject(body) ? own(body, 'data') : undefined
  if (channel === null || !isObject(data)) return null
  const { type, ...rest } = data
  return typeof type === 'string' ? { method: 'publish', id, channel, type, rest } : null
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Only what the document itself says, never `constructor` and its like from the prototype. */
function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function text(object: unknown, key: string): string | null {
  const value = isObject(object) ? own(object, key) : undefined
  return typeof value === 'string' ? value : null
}

/** `body` is JSON already. */
export function encodeReply(id: number, method: string, body: string): string {
  return `{"id":${id},"${method}":${body}}`
}

/** `message`: our code, when it says more than the protocol's number. */
export function encodeError(id: number, name: ReplyErrorName, message?: string): string {
  const { code, text: own, temporary } = replyErrors[name]
  return encodeReply(id, 'error', JSON.stringify({ code, message: message ?? own, temporary }))
}

/** `publication` is JSON already: `{"offset":7,"data":{…}}`, or without offset when it is fleeting. */
export function encodePush(channel: string, publication: string): string {
  return `{"push":{"channel":${JSON.stringify(channel)},"pub":${publication}}}`
}

export function encodeUnsubscribePush(channel: string, name: keyof typeof unsubscribes): string {
  return JSON.stringify({ push: { channel, unsubscribe: unsubscribes[name] } })
}

export type SubscribeAnswer = {
  readonly epoch: string
  /** Where the client stands before `publications`: the offset that it named, or the snapshot's version. */
  readonly offset: number
  readonly wasRecovering: boolean
  readonly recovered: boolean
  /** Each is JSON already. */
  readonly publications: readonly string[]
  /** The snapshot, JSON already; null after a recovery. */
  readonly data: string | null
}

export function encodeSubscribeReply(id: number, answer: SubscribeAnswer): string {
  const head = `"recoverable":true,"positioned":true,"epoch":${JSON.stringify(answer.epoch)},"offset":${answer.offset}`
  const flags = `"was_recovering":${answer.wasRecovering},"recovered":${answer.recovered}`
  const tail = answer.publications.length === 0 ? '' : `,"publications":[${answer.publications.join(',')}]`
  const data = answer.data === null ? '' : `,"data":${answer.data}`
  return encodeReply(id, 'subscribe', `{${head},${flags}${tail}${data}}`)
}
