import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** A WebSocket made by hand from bytes, so that everything a library would refuse to send can be sent. */
export type FrameOptions = {
  opcode?: number
  fin?: boolean
  /** The three reserved bits, 0–7. */
  reserved?: number
  masked?: boolean
  /** What the head claims, whatever the payload. */
  claimedLength?: bigint
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export function frame(payload: string | Buffer, options: FrameOptions = {}): Buffer {
  const { opcode = opcodes.text, fin = true, reserved = 0, masked = true } = options
  const body = Buffer.from(payload)
  const length = options.claimedLength ?? BigInt(body.length)
  const first = Buffer.from([(fin ? 0x80 : 0) | (reserved << 4) | opcode])
  const maskBit = masked ? 0x80 : 0
  let size: Buffer
  if (length < 126n) size = Buffer.from([maskBit | Number(length)])
  else if (length < 65_536n) {
    size = Buffer.from([maskBit | 126, 0, 0])
    size.writeUInt16BE(Number(length), 1)
  } else {
    size = Buffer.alloc(9)
    size[0] = maskBit | 127
    size.writeBigUInt64BE(length, 1)
  }
  if (!masked) return Buffer.concat([first, size, body])
  const mask = randomBytes(4)
  return Buffer.concat([first, size, mask, body.map((byte, index) => byte ^ mask[index % 4]!)])
}

export function closeFrame(code: number, reason: string | Buffer = ''): Buffer {
  const body = Buffer.alloc(2)
  body.writeUInt16BE(code)
  return frame(Buffer.concat([body, Buffer.from(reason)]), { opcode: opcodes.close })
}

export type Handshake = {
  method?: string
  path?: string
  httpVersion?: string
  /** Replaces or, with undefined, removes a header; a list sends it several times. */
  headers?: Readonly<Record<string, string | readonly string[] | undefined>>
}

export function handshake(port: number, path: string, changes: Handshake = {}): string {
  const headers: NonNullable<Handshake['headers']> = {
    Host: `127.0.0.1:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    ...changes.headers,
  }
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => `${name}: ${each}`),
  )
  const start = `${changes.method ?? 'GET'} ${changes.path ?? path} HTTP/${changes.httpVersion ?? '1.1'}`
  return `${[start, ...lines].join('\r\n')}\r\n\r\n`
}

/** What the other side did: HTTP status, headers, messages, and how it ended. */
export class RawWebSocket {
  readonly socket: Socket
  status = 0
  head = ''
  readonly messages: string[] = []
  /** The code of its close frame. */
  closeCode: number | undefined
  ended = false
  #bytes: Buffer = Buffer.alloc(0)
  #changed: () => void = () => undefined

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#read()
      this.#changed()
    })
    // A reset is as good an end as any: what counts is that it was the other side's decision.
    this.socket.on('error', () => this.socket.destroy())
    for (const event of ['end', 'close']) {
      this.socket.on(event, () => {
        this.ended = true
        this.#changed()
      })
    }
  }

  send(...parts: readonly (string | Buffer)[]): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(parts.map((part) => Buffer.from(part))))
  }

  /** Resolves to whether it became true in time. */
  until(isTrue: () => boolean, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(false), timeoutMs)
      const done = (result: boolean) => {
        clearTimeout(timer)
        this.#changed = () => undefined
        resolve(result)
      }
      this.#changed = () => {
        if (isTrue()) done(true)
      }
      this.#changed()
    })
  }

  #read(): void {
    if (this.status === 0) {
      const end = this.#bytes.indexOf('\r\n\r\n')
      if (end < 0) return
      this.head = this.#bytes.subarray(0, end).toString('latin1')
      this.status = Number(this.head.split(' ')[1])
      this.#bytes = this.#bytes.subarray(end + 4)
    }
    while (this.status === 101 && this.#readFrame());
  }

  #readFrame(): boolean {
    const bytes = this.#bytes
    if (bytes.length < 2) return false
    const short = bytes[1]! & 0x7f
    const headLength = short === 126 ? 4 : short === 127 ? 10 : 2
    if (bytes.length < headLength) return false
    const length =
      short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
    if (bytes.length < headLength + length) return false
    const payload = bytes.subarray(headLength, headLength + length)
    const opcode = bytes[0]! & 0x0f
    if (opcode === opcodes.text) this.messages.push(...payload.toString().split('\n'))
    if (opcode === opcodes.close) this.closeCode = length >= 2 ? payload.readUInt16BE(0) : 1005
    this.#bytes = bytes.subarray(headLength + length)
    return true
  }
}
