import { connect, type Socket } from 'node:net'
import { newId } from '@matchday/contracts'
import { answerQuestions } from './worker.ts'

/** Creates tournaments as quickly as a process can ask for them, over plain sockets. */
export type LoadQuestion = {
  readonly port: number
  readonly durationMs: number
  /** Closed: so many clients that each ask again when they have their answer. Open: so many requests a second, come what may. */
  readonly shape: { readonly clients: number } | { readonly perSecond: number; readonly socketsMax: number }
  /** What is asked and answered counts from then on: a crowd needs a moment to gather. */
  readonly countFromMs?: number
}

export type LoadAnswer = {
  readonly offeredPerSecond: number
  /** Answered with success, before the end. */
  readonly okPerSecond: number
  readonly statuses: Readonly<Record<string, number>>
  readonly okP50Ms: number
  readonly okP99Ms: number
  /** Of what was refused with 429 or 503. */
  readonly refusedP50Ms: number
  readonly refusedP99Ms: number
  /** From the end of asking to the last answer. */
  readonly settledMs: number
  /** Connections that broke. */
  readonly broken: number
  /** Not asked, for there was no socket left: then the load was not as high as it was to be. */
  readonly unasked: number
  /** What this process itself took of a processor. */
  readonly ownCpuShare: number
}

const headEnd = Buffer.from('\r\n\r\n')
const tickMs = 1
/** After the end: what was asked in time is still answered. */
const lastAnswersMs = 12_000

class Line {
  readonly socket: Socket
  askedAt = 0
  isBusy = false
  #rest: Buffer | null = null

  constructor(port: number, onAnswer: (line: Line, status: string) => void, onClose: (line: Line) => void) {
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true })
    this.socket.on('error', () => {})
    this.socket.on('close', () => onClose(this))
    this.socket.on('data', (chunk) => {
      const bytes: Buffer = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
      const status = wholeAnswer(bytes)
      this.#rest = status === null ? bytes : null
      if (status !== null) onAnswer(this, status)
    })
  }

  ask(): void {
    this.isBusy = true
    this.askedAt = performance.now()
    const body = `{"name":"Cup ${newId()}","limit":8,"teams":{"preset":"nations"}}`
    this.socket.write(
      `POST /api/tournaments HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nidempotency-key: ${newId()}\r\n\r\n${body}`,
      'latin1',
    )
  }
}

/** The status; null when the answer is not complete yet. */
function wholeAnswer(bytes: Buffer): string | null {
  const end = bytes.indexOf(headEnd)
  if (end < 0) return null
  const head = bytes.toString('latin1', 0, end)
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  return bytes.length < end + headEnd.length + length ? null : head.slice(9, 12)
}

class Run {
  readonly #question: LoadQuestion
  readonly #lines = new Set<Line>()
  readonly #free: Line[] = []
  readonly #startedAt = performance.now()
  readonly #cpuBefore = process.cpuUsage()
  readonly #ok: number[] = []
  readonly #refused: number[] = []
  readonly #statuses: Record<string, number> = {}
  #asked = 0
  #okCounted = 0
  #broken = 0
  #unasked = 0
  #isOver = false

  constructor(question: LoadQuestion) {
    this.#question = question
  }

  async run(): Promise<LoadAnswer> {
    const { shape, durationMs } = this.#question
    if ('clients' in shape) for (let index = 0; index < shape.clients; index++) this.#open()?.ask()
    while (this.#elapsedMs() < durationMs) {
      if ('perSecond' in shape) this.#offer(Math.floor((this.#elapsedMs() / 1_000) * shape.perSecond))
      await new Promise((resolve) => setTimeout(resolve, tickMs))
    }
    this.#isOver = true
    const { user, system } = process.cpuUsage(this.#cpuBefore)
    const elapsedMs = this.#elapsedMs()
    const endedAt = performance.now()
    const until = endedAt + lastAnswersMs
    while ([...this.#lines].some(({ isBusy }) => isBusy) && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, tickMs))
    const settledMs = Math.round(performance.now() - endedAt)
    for (const { socket } of this.#lines) socket.removeAllListeners('close').destroy()
    return {
      offeredPerSecond: Math.round((this.#asked / elapsedMs) * 1_000),
      okPerSecond: Math.round((this.#okCounted / (elapsedMs - (this.#question.countFromMs ?? 0))) * 1_000),
      statuses: this.#statuses,
      ...{ okP50Ms: at(this.#ok, 0.5), okP99Ms: at(this.#ok, 0.99) },
      ...{ refusedP50Ms: at(this.#refused, 0.5), refusedP99Ms: at(this.#refused, 0.99) },
      ...{ settledMs, broken: this.#broken, unasked: this.#unasked },
      ownCpuShare: (user + system) / 1_000 / elapsedMs,
    }
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedAt
  }

  #offer(target: number): void {
    for (; this.#asked + this.#unasked < target; ) {
      const line = this.#free.pop() ?? this.#open()
      if (line === undefined) {
        this.#unasked++
        continue
      }
      line.ask()
      this.#asked++
    }
  }

  #open(): Line | undefined {
    const { shape, port } = this.#question
    if ('perSecond' in shape && this.#lines.size >= shape.socketsMax) return undefined
    const line = new Line(
      port,
      (each, status) => this.#answered(each, status),
      (each) => {
        this.#lines.delete(each)
        if (each.isBusy) this.#broken++
        else if (this.#free.includes(each)) this.#free.splice(this.#free.indexOf(each), 1)
      },
    )
    this.#lines.add(line)
    return line
  }

  #answered(line: Line, status: string): void {
    const now = performance.now()
    const countsFrom = this.#startedAt + (this.#question.countFromMs ?? 0)
    line.isBusy = false
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1
    if (status === '201' && !this.#isOver && now >= countsFrom) this.#okCounted++
    if (line.askedAt >= countsFrom) {
      if (status === '201') this.#ok.push(now - line.askedAt)
      else if (status === '503' || status === '429') this.#refused.push(now - line.askedAt)
    }
    if (this.#isOver) return
    if ('clients' in this.#question.shape) {
      line.ask()
      this.#asked++
    } else this.#free.push(line)
  }
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)) / 10
}

answerQuestions((question: LoadQuestion) => new Run(question).run())
