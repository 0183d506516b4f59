import { createHash, randomBytes } from 'node:crypto'

/** What both ends of a WebSocket must write by hand when no library is in the way (RFC 6455). */
const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

export function acceptKey(key: string): string {
  return createHash('sha1').update(`${key}${handshakeGuid}`).digest('base64')
}

export function upgradeRequest(port: number, path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n')
}

/** As a server sends it: not masked. */
export function serverFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  return Buffer.concat([head(payload.length, 0), payload])
}

/** As a client sends it. The mask is all zeros, which leaves the text as it is. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  return Buffer.concat([head(payload.length, 0x80), Buffer.alloc(4), payload])
}

function head(length: number, maskBit: number): Buffer {
  if (length < 126) return Buffer.from([0x81, maskBit | length])
  if (length < 65_536) return Buffer.from([0x81, maskBit | 126, length >> 8, length & 0xff])
  const long = Buffer.alloc(10)
  long.writeUInt8(0x81, 0)
  long.writeUInt8(maskBit | 127, 1)
  long.writeBigUInt64BE(BigInt(length), 2)
  return long
}

/**
 * Calls `onText` with the place of each whole frame's payload in `bytes`; the number of bytes that were used up. Only
 * text frames come, and the one that closes, which `onClose` is told of; whatever else does ends the run.
 */
export function readFrames(
  bytes: Buffer,
  onText: (from: number, to: number) => void,
  onClose: (reason: string) => void,
): number {
  let at = 0
  while (bytes.length - at >= 2) {
    if (bytes[at] === 0x88) {
      onClose(bytes.length - at >= 4 ? String(bytes.readUInt16BE(at + 2)) : 'no code')
      return bytes.length
    }
    if (bytes[at] !== 0x81)
      throw new Error(`a frame that is no text: ${bytes.subarray(at, at + 60).toString('hex')}`)
    const short = bytes[at + 1]!
    const headLength = short < 126 ? 2 : short === 126 ? 4 : 10
    if (bytes.length - at < headLength) break
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
    const from = at + headLength
    if (bytes.length < from + length) break
    onText(from, from + length)
    at = from + length
  }
  return at
}
