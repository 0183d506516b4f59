import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex } from './hex.ts'
import { hmacSha256 } from './hmac-sha256.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const repeated = (byte: number, length: number) => new Uint8Array(length).fill(byte)

test.each([
  [
    1,
    repeated(0x0b, 20),
    ascii('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    2,
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    3,
    repeated(0xaa, 20),
    repeated(0xdd, 50),
    '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  ],
  [
    4,
    fromHex('0102030405060708090a0b0c0d0e0f10111213141516171819'),
    repeated(0xcd, 50),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
  [
    6,
    repeated(0xaa, 131),
    ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    7,
    repeated(0xaa, 131),
    ascii(
      'This is a test using a larger than block-size key and a larger than block-size data. ' +
        'The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
])('RFC 4231 test case %i', (_, key, message, digest) => {
  expect(toHex(hmacSha256(key, message))).toBe(digest)
})

test('RFC 4231 test case 5, which is cut to 128 bits', () => {
  const digest = toHex(hmacSha256(repeated(0x0c, 20), ascii('Test With Truncation')))
  expect(digest.slice(0, 32)).toBe('a3b6167473100ee06e0c796c2955552b')
})

test('any key and message, as node:crypto has it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 400 }), (key, message) => {
      expect(toHex(hmacSha256(key, message))).toBe(createHmac('sha256', key).update(message).digest('hex'))
    }),
  )
})
