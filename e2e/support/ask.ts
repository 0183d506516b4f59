import { Agent, request } from 'node:http'
import { newId, type Operation, routes } from '@matchday/contracts'

/** One request over HTTP, as any program on any address of this machine may send it. */
export type Request = {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Where it comes from: an address of the loopback network. */
  readonly from?: string
}
export type Told = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** `ok`, or the code of the problem. */
  readonly code: string
}

const answerTimeoutMs = 30_000
/** So many addresses keep a connection; whoever comes with more of them opens one each time. */
const agentsMax = 64
const agents = new Map<string, Agent>()

function agentFor(from: string): Agent | false {
  const known = agents.get(from)
  if (known !== undefined) return known
  if (agents.size >= agentsMax) return false
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  agents.set(from, agent)
  return agent
}

export function ask(url: string, { method, path, headers = {}, body, from }: Request): Promise<Told> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const options = {
      ...{ method, path, hostname, port, agent: agentFor(from ?? ''), timeout: answerTimeoutMs },
      ...(from === undefined ? {} : { localAddress: from }),
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
    }
    const sent = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const { statusCode: status = 0 } = response
        resolve({ status, headers: headersOf(response.rawHeaders), text, code: codeOf(status, text) })
      })
    })
    sent.on('timeout', () => sent.destroy(new Error(`no answer in time: ${method} ${path}`)))
    sent.on('error', reject)
    sent.end(body)
  })
}

function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers()
  for (let index = 0; index + 1 < raw.length; index += 2) headers.append(raw[index]!, raw[index + 1]!)
  return headers
}

function codeOf(status: number, text: string): string {
  if (status < 400) return 'ok'
  try {
    const problem: unknown = JSON.parse(text)
    if (typeof problem === 'object' && problem !== null && 'code' in problem) return String(problem.code)
  } catch {
    // Told below.
  }
  return `status ${status}`
}

export type OperationCall = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly from?: string
}

/** The request of an operation, with an id of its own. */
export function requestOf(operation: Operation, call: OperationCall): Request {
  const [method, template] = routes[operation.name]
  const { params = {}, query = {}, body, token, headers = {}, from } = call
  const search = new URLSearchParams(query)
  const path = template.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(params[key] ?? key))
  return {
    method,
    path: `${path}${search.size > 0 ? `?${search}` : ''}`,
    headers: {
      ...(method === 'GET' ? {} : { 'idempotency-key': newId() }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(from === undefined ? {} : { from }),
  }
}
