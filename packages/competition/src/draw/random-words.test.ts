import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { below, bigBelow, randomWords, type WordSource } from './random-words.ts'

/** A source that gives these words and then fails the test: also a count of the words taken. */
function scripted(...words: number[]): WordSource {
  return () => {
    const word = words.shift()
    if (word === undefined) throw new Error('took a word too many')
    return word
  }
}

test('words are the blocks HMAC(key, number), cut from the front', () => {
  const key = Uint8Array.of(1, 2, 3)
  const nextWord = randomWords(key)
  for (let number = 0; number < 3; number++) {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(number)
    const block = createHmac('sha256', key).update(counter).digest()
    for (let offset = 0; offset < 32; offset += 4) expect(nextWord()).toBe(block.readUInt32BE(offset))
  }
})

test('below takes the top bits of a word and refuses what is too large', () => {
  expect(below(6, scripted(0b110 << 29, 0b111 << 29, 0x5fff_ffff))).toBe(2)
  expect(below(6, scripted(0xbfff_ffff))).toBe(5)
  expect(below(2, scripted(0x8000_0000))).toBe(1)
  expect(below(2 ** 32, scripted(0xffff_ffff))).toBe(2 ** 32 - 1)
})

test('below 1 there is only 0, and no word is spent on it', () => {
  expect(below(1, scripted())).toBe(0)
  expect(bigBelow(1n, scripted())).toBe(0n)
})

test('big numbers take whole words, first word highest, and keep the top bits', () => {
  expect(bigBelow(2n ** 33n, scripted(0x8000_0001, 0x8000_0000))).toBe(0x1_0000_0003n)
  expect(bigBelow(2n ** 32n + 1n, scripted(0xffff_ffff, 0, 0x8000_0000, 0x7fff_ffff))).toBe(2n ** 32n)
  expect(bigBelow(2n ** 64n, scripted(1, 2))).toBe(2n ** 32n + 2n)
})

test('small bounds give the same number by either way', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.uint8Array(), (bound, key) => {
      const number = below(bound, randomWords(key))
      expect(number).toBeLessThan(bound)
      expect(bigBelow(BigInt(bound), randomWords(key))).toBe(BigInt(number))
    }),
  )
})

test('every word prefix is used: each number below n comes from equally many of the top bits', () => {
  for (let bound = 2; bound <= 40; bound++) {
    const bits = 32 - Math.clz32(bound - 1)
    const numbers: number[] = []
    for (let prefix = 0; prefix < 2 ** bits; prefix++) {
      const word = (prefix << (32 - bits)) >>> 0
      if (prefix < bound) numbers.push(below(bound, scripted(word)))
      else expect(() => below(bound, scripted(word))).toThrow('took a word too many')
    }
    expect(numbers).toEqual(Array.from({ length: bound }, (_, number) => number))
  }
})

test('a stuck source and a senseless bound end in an error, not in a loop', () => {
  expect(() => below(3, () => 0xffff_ffff)).toThrow('stuck')
  expect(() => bigBelow(3n, () => 0xffff_ffff)).toThrow('stuck')
  for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 33]) {
    expect(() => below(bound, () => 0)).toThrow(RangeError)
  }
  expect(() => bigBelow(0n, () => 0)).toThrow(RangeError)
})
