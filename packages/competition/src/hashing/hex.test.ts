import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toHex } from './hex.ts'

test('bytes survive the way to hexadecimal and back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes)
    }),
  )
})

test.each(['0', '0g', ' 00', '+1', '0x12', '1.'])('%j is not hexadecimal', (text) => {
  expect(() => fromHex(text)).toThrow(RangeError)
})
