import { connect } from 'node:net'
import { rejectionCodes } from '@matchday/contracts'
import type { BadRequest, Outcome } from './bad-request.ts'

export type RawAnswer = { status: number; headers: Record<string, string>; body: string }

/** An answer must come within this long; the edge's own time-outs are longer. */
const answerTimeoutMs = 20_000

/**
 * Sends bytes on a connection of their own and returns the answer, or undefined when the connection was
 * closed without one. Rejects when neither happens. `from`: an address of the loopback network that they come from.
 */
export function exchange(
  port: number,
  bytes: Buffer,
  options: { halfClose?: boolean; from?: string } = {},
): Promise<RawAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const { from } = options
    const place = { port, host: '127.0.0.1', ...(from === undefined ? {} : { localAddress: from }) }
    const socket = connect({ ...place, allowHalfOpen: true })
    const chunks: Buffer[] = []
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`no answer to ${JSON.stringify(bytes.toString('latin1').slice(0, 80))}`))
    }, answerTimeoutMs)
    const settle = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(parseAnswer(Buffer.concat(chunks)))
    }
    socket.on('connect', () => (options.halfClose === true ? socket.end(bytes) : socket.write(bytes)))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', settle)
    // A reset may overtake the answer that was sent before it; what has arrived counts.
    socket.on('error', settle)
    socket.on('close', settle)
  })
}

/** The first answer in some bytes. */
export function parseAnswer(bytes: Buffer): RawAnswer | undefined {
  const text = bytes.toString()
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  if (end === -1 || !statusLine.startsWith('HTTP/1.1 ')) return undefined
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return {
    status: Number(statusLine.slice(9, 12)),
    headers: Object.fromEntries(headers),
    body: text.slice(end + 4),
  }
}

/**
 * How an attempt ended; an answer that is no problem document though it should be one shows as its status.
 */
export function outcomeOf(answer: RawAnswer | undefined): string {
  if (answer === undefined) return 'closed' satisfies Outcome
  if (answer.status < 400) return 'passed-on' satisfies Outcome
  if (answer.headers['content-type']?.startsWith('application/problem+json') !== true) {
    return `status ${answer.status}`
  }
  const problem: unknown = JSON.parse(answer.body)
  return typeof problem === 'object' && problem !== null && 'code' in problem
    ? String(problem.code)
    : 'no code'
}

/**
 * Whether an attempt ended as it should. A service's own no (but for the input) is an answer that was passed
 * on.
 */
export function isExpected(attempt: BadRequest, answer: RawAnswer | undefined): boolean {
  const outcome = outcomeOf(answer)
  const isServicesNo = outcome !== 'invalid-input' && Object.hasOwn(rejectionCodes, outcome)
  return attempt.outcomes.some(
    (expected) => expected === outcome || (expected === 'passed-on' && isServicesNo),
  )
}
