import type { ErrorCode, Operation } from '@matchday/contracts'
import { type ExampleValue, exampleObjectOf } from '../../documents/example.ts'

/** A route to try, with a path that exists and a token that its policy allows. */
export type Target = {
  operation: Operation
  params: Readonly<Record<string, string>>
  token?: string | undefined
}

/**
 * How an attempt may end: with a code, `passed-on` (the edge has nothing against it: whatever the service
 * says, but no 5xx), or `closed` without an answer.
 */
export type Outcome = ErrorCode | 'passed-on' | 'closed'

/** Something that a client should not send, or that looks as if it should not be sent. */
export type BadRequest = {
  name: string
  appliesTo(operation: Operation): boolean
  bytes(target: Target): Buffer
  outcomes: readonly Outcome[]
}

export type HeaderLines = readonly (readonly [name: string, value: string])[]
type Shape = {
  method?: string
  path?: string
  /** In addition to host, token and those of the body. */
  headers?: HeaderLines
  body?: string | Buffer
  /** `false` leaves it out. */
  contentType?: string | false
  version?: string
}

export const everywhere = () => true
export const takesBody = (operation: Operation) => operation.route[0] !== 'GET'
export const needsBody = (operation: Operation) =>
  takesBody(operation) && (operation.body?.required ?? []).length > 0
export const isCommand = (operation: Operation) => operation.kind === 'command'
export const needsVersion = (operation: Operation) => operation.expectedVersion === 'required'

/** A request that would be fine but for what `shape` changes. */
export function requestBytes(target: Target, shape: Shape = {}): Buffer {
  const { operation } = target
  const method = shape.method ?? operation.route[0]
  const body = shape.body ?? (method === 'GET' ? '' : JSON.stringify(goodBody(operation)))
  const type = shape.contentType ?? 'application/json'
  const headers: (readonly [string, string])[] = [['host', 'localhost']]
  if (target.token !== undefined) headers.push(['authorization', `Bearer ${target.token}`])
  if (needsVersion(operation) && !shape.headers?.some(([name]) => name === 'if-match')) {
    headers.push(['if-match', '"1"'])
  }
  if (body.length > 0) headers.push(['content-length', String(Buffer.byteLength(body))])
  if (body.length > 0 && type !== false) headers.push(['content-type', type])
  headers.push(...(shape.headers ?? []), ['connection', 'close'])
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const line = `${method} ${shape.path ?? pathOf(target)} HTTP/${shape.version ?? '1.1'}\r\n`
  return Buffer.concat([Buffer.from(`${line}${head}\r\n`, 'latin1'), Buffer.from(body)])
}

export function pathOf({ operation, params }: Target): string {
  return operation.route[1].replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? name)
}

/** As of a client that is no page: what is for pages alone is told of where they come from. */
export function goodBody(operation: Operation): Record<string, ExampleValue> {
  const { cookies: _ofPages, ...body } = exampleObjectOf(operation.body)
  return body
}
