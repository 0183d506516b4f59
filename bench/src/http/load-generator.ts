import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { answerQuestions } from '../answer-questions.ts'
import { percentile } from '../statistics.ts'

/** `requests` are whole HTTP requests, sent as they are; each connection sends its next when it has its answer. */
export type HttpLoad = {
  readonly port: number
  readonly connections: number
  readonly requests: readonly string[]
  /** Give the bodies of the answers back. */
  readonly keepBodies: boolean
}

export type LoadReport = {
  readonly elapsedMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly statuses: Readonly<Record<string, number>>
  /** In the order of the requests. */
  readonly bodies: readonly string[]
  readonly bodyBytes: number
}

/**
 * The leanest client that still reads each answer: nothing but sockets, requests written as text that was made
 * before, heads searched for the two fields that count.
 */
async function run({ port, connections, requests, keepBodies }: HttpLoad): Promise<LoadReport> {
  const sockets = Array.from({ length: connections }, () =>
    connect({ host: '127.0.0.1', port, noDelay: true }),
  )
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const latencies = new Float64Array(requests.length)
  const statuses: Record<string, number> = {}
  const bodies: string[] = []
  let bodyBytes = 0
  let next = 0

  const drive = (socket: Socket) =>
    new Promise<void>((resolve, reject) => {
      let index = -1
      let sentAt = 0
      let rest: Buffer | null = null
      const sendNext = () => {
        index = next++
        if (index >= requests.length) return resolve()
        sentAt = performance.now()
        socket.write(requests[index]!, 'latin1')
      }
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('the server closed a connection')))
      socket.on('data', (chunk) => {
        const bytes: Buffer = rest === null ? chunk : Buffer.concat([rest, chunk])
        const answer = readAnswer(bytes)
        rest = answer === null ? bytes : null
        if (answer === null) return
        latencies[index] = performance.now() - sentAt
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
        bodyBytes += bytes.length - answer.bodyAt
        if (keepBodies) bodies[index] = bytes.toString('utf8', answer.bodyAt)
        sendNext()
      })
      sendNext()
    })

  const begun = performance.now()
  await Promise.all(sockets.map(drive))
  const elapsedMs = performance.now() - begun
  for (const socket of sockets) socket.removeAllListeners('close').destroy()
  return {
    elapsedMs,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    statuses,
    bodies,
    bodyBytes: bodyBytes / requests.length,
  }
}

const lengthField = /\r\ncontent-length: (\d+)/i

/** Null when the answer is not complete yet. One answer at a time: there is no pipelining. */
function readAnswer(bytes: Buffer): { status: string; bodyAt: number } | null {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = bytes.toString('latin1', 0, headEnd)
  const bodyAt = headEnd + 4
  const length = Number(lengthField.exec(head)?.[1] ?? 0)
  return bytes.length < bodyAt + length ? null : { status: head.slice(9, 12), bodyAt }
}

answerQuestions(run)
