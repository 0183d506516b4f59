import { sha256 } from './sha256.ts'

const BLOCK_BYTES = 64

/** HMAC-SHA-256 (RFC 2104): 32 bytes that only somebody who knows the key can make. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  const shortKey = key.length > BLOCK_BYTES ? sha256(key) : key
  return sha256(joined(mask(shortKey, 0x5c), sha256(joined(mask(shortKey, 0x36), message))))
}

function mask(key: Uint8Array, pattern: number): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES).fill(pattern)
  key.forEach((byte, index) => {
    block[index] = byte ^ pattern
  })
  return block
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length)
  whole.set(head)
  whole.set(tail, head.length)
  return whole
}
