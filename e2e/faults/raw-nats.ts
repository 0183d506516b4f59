import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * The broker as a person at its console sees it: a line, and the few words of its protocol. Independent of the product's
 * own adapter, which could neither send what it must refuse nor tell what it did itself.
 */
export type RawMessage = { readonly subject: string; readonly payload: Buffer; readonly at: number }

const answerMs = 5_000
const hello = 'CONNECT {"verbose":false,"pedantic":false,"name":"console"}\r\n'

export class RawNats implements Disposable {
  readonly #socket: Socket
  #rest: Buffer = Buffer.alloc(0)
  readonly #listeners: ((message: RawMessage) => void)[] = []
  #pongs: (() => void)[] = []
  #asked = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes) => this.#read(bytes))
    // The broker may go; whoever waits for an answer has a time-out.
    socket.on('error', () => {})
  }

  static async open(port: number): Promise<RawNats> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await once(socket, 'connect')
    const nats = new RawNats(socket)
    socket.write(hello)
    await nats.flush()
    return nats
  }

  /** From now on; resolved when the broker knows. */
  async subscribe(subject: string, onMessage: (message: RawMessage) => void): Promise<void> {
    this.#listeners.push(onMessage)
    this.#socket.write(`SUB ${subject} ${this.#listeners.length - 1}\r\n`)
    await this.flush()
  }

  publish(subject: string, payload: string | Buffer, replyTo = ''): void {
    const bytes = Buffer.from(payload)
    this.#socket.write(`PUB ${subject} ${replyTo} ${bytes.length}\r\n`)
    this.#socket.write(Buffer.concat([bytes, Buffer.from('\r\n')]))
  }

  /** One question to JetStream, or any other. */
  async ask(subject: string, payload: string | Buffer = ''): Promise<Record<string, unknown>> {
    const inbox = `console.${process.pid}.${Date.now()}.${this.#asked++}`
    let answer = (_: RawMessage) => {}
    const answered = new Promise<RawMessage>((resolve) => {
      answer = resolve
    })
    await this.subscribe(inbox, answer)
    this.publish(subject, payload, inbox)
    const { payload: said } = await within(answered, `${subject} is not answered`)
    return JSON.parse(said.toString())
  }

  /** Everything that was written has reached the broker. */
  flush(): Promise<void> {
    const flushed = new Promise<void>((resolve) => this.#pongs.push(resolve))
    this.#socket.write('PING\r\n')
    return within(flushed, 'the broker does not answer')
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }

  #read(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    for (;;) {
      const end = this.#rest.indexOf('\r\n')
      if (end < 0) return
      const [word = '', ...fields] = this.#rest.toString('latin1', 0, end).split(' ')
      let next = end + 2
      if (word === 'MSG' || word === 'HMSG') {
        const size = Number(fields.at(-1))
        const headerSize = word === 'HMSG' ? Number(fields.at(-2)) : 0
        if (this.#rest.length < next + size + 2) return
        const payload = this.#rest.subarray(next + headerSize, next + size)
        const message = { subject: fields[0] ?? '', payload, at: performance.now() }
        this.#listeners[Number(fields[1])]?.(message)
        next += size + 2
      } else if (word === 'PING') this.#socket.write('PONG\r\n')
      else if (word === 'PONG') this.#pongs.shift()?.()
      this.#rest = this.#rest.subarray(next)
    }
  }
}

async function within<Value>(promise: Promise<Value>, otherwise: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), answerMs)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
