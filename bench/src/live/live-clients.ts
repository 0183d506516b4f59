import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { answerQuestions } from '../answer-questions.ts'
import { percentile } from '../statistics.ts'
import { clientFrame, readFrames, upgradeRequest } from './frames.ts'
import { sentAtOf, sharedMs } from './publications.ts'

export type ClientsQuestion =
  /** `channel`: what to subscribe to; null where nothing but frames come. socket.io's server decides that itself. */
  | {
      readonly connect: number
      readonly port: number
      readonly channel: string | null
      readonly controlPort?: number
      readonly speaks?: 'socket.io'
    }
  /** What comes from now on is counted; a byte on the control connection says that all sockets have a turn more. */
  | {
      readonly expect: {
        readonly perTurn: number
        readonly measureLatency: boolean
        /** Of every so many sockets one is measured, then with each of its updates, not the last of each frame. */
        readonly oneOf?: number
      }
    }
  /** Resolves when each socket has so many updates, or the time is up; which of the two, `check` tells. */
  | { readonly await: { readonly updates: number; readonly timeoutMs: number } }
  /** Each socket must have got exactly so many updates since; `lastOffset` must be the last one's. */
  | { readonly check: { readonly updates: number; readonly lastOffset?: number } }
  | { readonly disconnect: true }
export type ClientsAnswer = { readonly p50Ms: number; readonly p99Ms: number }

const pong = clientFrame('{}')
const socketIoPath = '/socket.io/?EIO=4&transport=websocket'
const socketIoConnect = clientFrame('40')
const socketIoPong = clientFrame('3')
const newline = 0x0a
/** So many connections are opened at once, as a listening socket's queue is bounded. */
const connectsAtOnce = 100
const pollMs = 20

class Client {
  readonly socket: Socket
  received = 0
  lastOffset = 0
  isIn = false
  isMeasured = false
  /** The code with which the server closed it. */
  closed: string | null = null
  onIn: () => void = () => {}
  private rest: Buffer | null = null

  constructor(socket: Socket) {
    this.socket = socket
  }

  read(chunk: Buffer): void {
    const bytes = this.rest === null ? chunk : Buffer.concat([this.rest, chunk])
    const used = this.isIn
      ? readFrames(bytes, (from, to) => this.take(bytes, from, to), this.close)
      : this.enter(bytes)
    this.rest = used === bytes.length ? null : bytes.subarray(used)
  }

  /** The answer to the upgrade, and to `subscribe`; then come the updates. */
  private enter(bytes: Buffer): number {
    let at = 0
    if (bytes[0] !== 0x81) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) return 0
      if (!bytes.toString('latin1', 0, 12).endsWith('101')) throw new Error(bytes.toString('latin1', 0, end))
      at = end + 4
      if (channel === null && speaks === null) this.goIn()
    }
    const frames = bytes.subarray(at)
    const used = readFrames(
      frames,
      (from, to) => {
        if (this.isIn) this.take(frames, from, to)
        else this.readGreeting(frames.toString('utf8', from, to))
      },
      this.close,
    )
    return at + used
  }

  private readonly close = (reason: string): void => {
    this.closed = reason
    this.socket.removeAllListeners('close').destroy()
  }

  private readGreeting(text: string): void {
    // socket.io loses what is said to it before it has said its own.
    if (speaks === 'socket.io' && text.startsWith('0')) this.socket.write(socketIoConnect)
    else if (text.startsWith('40') || text.includes('"subscribe":')) this.goIn()
  }

  private goIn(): void {
    this.isIn = true
    this.onIn()
  }

  private take(bytes: Buffer, from: number, to: number): void {
    if (to - from <= 2) {
      this.socket.write(speaks === 'socket.io' ? socketIoPong : pong)
      return
    }
    let updates = 1
    let lineFrom = from
    for (let at = bytes.indexOf(newline, from); at >= 0 && at < to; at = bytes.indexOf(newline, at + 1)) {
      updates++
      if (this.isMeasured) latencies?.push(sharedMs() - sentAtOf(bytes.toString('latin1', lineFrom, at)))
      lineFrom = at + 1
    }
    this.received += updates
    deliveries += updates
    if (latencies !== null && (this.isMeasured || !measuresFew))
      latencies.push(sharedMs() - sentAtOf(bytes.toString('latin1', lineFrom, to)))
    // The last line's offset tells, together with the count, that none is missing and none came twice.
    this.lastOffset = offsetOf(bytes, lineFrom, to)
    while (deliveries >= perTurnOfAll * (turnsTold + 1)) {
      turnsTold++
      control?.write('.')
    }
  }
}

const offsetKey = Buffer.from('"offset":')
function offsetOf(bytes: Buffer, from: number, to: number): number {
  const at = bytes.indexOf(offsetKey, from)
  if (at < 0 || at > to) return 0
  let offset = 0
  for (let digit = bytes[at + 9]! - 48; digit >= 0 && digit <= 9; ) {
    offset = offset * 10 + digit
    digit = bytes[at + 9 + String(offset).length]! - 48
  }
  return offset
}

let clients: Client[] = []
let control: Socket | null = null
let channel: string | null = null
let deliveries = 0
let turnsTold = 0
let perTurnOfAll = Number.POSITIVE_INFINITY
let latencies: number[] | null = null
let measuresFew = false
let speaks: 'socket.io' | null = null

async function answer(question: ClientsQuestion): Promise<ClientsAnswer> {
  const latency = { p50Ms: percentile(latencies ?? [], 0.5), p99Ms: percentile(latencies ?? [], 0.99) }
  if ('connect' in question) {
    channel = question.channel
    speaks = question.speaks ?? null
    if (question.controlPort !== undefined) {
      control = connect(question.controlPort, '127.0.0.1').on('error', () => {})
      await once(control, 'connect')
    }
    while (clients.length < question.connect) {
      const more = Math.min(connectsAtOnce, question.connect - clients.length)
      clients.push(...(await Promise.all(Array.from({ length: more }, () => enter(question.port)))))
    }
  } else if ('expect' in question) {
    const { perTurn, measureLatency, oneOf } = question.expect
    measuresFew = oneOf !== undefined
    for (const [index, client] of clients.entries()) {
      client.received = 0
      client.isMeasured = oneOf !== undefined && index % oneOf === 0
    }
    deliveries = 0
    turnsTold = 0
    perTurnOfAll = perTurn * clients.length
    latencies = measureLatency ? [] : null
  } else if ('await' in question) {
    const { updates, timeoutMs } = question.await
    const until = performance.now() + timeoutMs
    while (
      performance.now() < until &&
      clients.some(({ received, closed }) => closed === null && received < updates)
    )
      await delay(pollMs)
  } else if ('check' in question) {
    const { updates, lastOffset } = question.check
    const wrong = clients.filter(
      (client) =>
        client.received !== updates || (lastOffset !== undefined && client.lastOffset !== lastOffset),
    )
    if (wrong.length > 0) {
      const { received, lastOffset: offset, closed } = wrong[0]!
      const how = closed === null ? '' : `, closed (${closed})`
      throw new Error(
        `${wrong.length} sockets lost updates: ${received} of ${updates}, to ${offset} of ${lastOffset}${how}`,
      )
    }
  } else {
    for (const { socket } of clients) socket.removeAllListeners('close').destroy()
    clients = []
  }
  return latency
}

async function enter(port: number): Promise<Client> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const client = new Client(socket)
  const isIn = new Promise<void>((resolve, reject) => {
    client.onIn = resolve
    socket.on('close', () => reject(new Error('a socket was closed')))
  })
  socket.on('error', () => {})
  socket.on('data', (chunk) => client.read(chunk))
  socket.write(upgradeRequest(port, speaks === 'socket.io' ? socketIoPath : '/api/live'))
  if (channel !== null) {
    const commands = [
      { id: 1, connect: {} },
      { id: 2, subscribe: { channel } },
    ]
    socket.write(clientFrame(commands.map((command) => JSON.stringify(command)).join('\n')))
  }
  await isIn
  return client
}

answerQuestions(answer)
