import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isId, joinCodeAlphabet, newId, normalizeJoinCode } from './ids.ts'

describe('an id', () => {
  it('is a UUIDv7 whose order is that of its time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 47 }), fc.integer({ min: 1, max: 1e9 }), (time, later) => {
        const [first, second] = [newId(time), newId(time + later)]
        expect(isId(first)).toBe(true)
        expect(first < second).toBe(true)
        expect(Number.parseInt(first.replace('-', '').slice(0, 12), 16)).toBe(time)
      }),
    )
  })

  it('comes after those that were made before it for the same millisecond, others in between or not', () => {
    const now = Date.now()
    const times = fc.array(fc.integer({ min: now, max: now + 3 }), { minLength: 2, maxLength: 100 })
    fc.assert(
      fc.property(times, (made) => {
        const ids = made.map((time) => newId(time))
        for (const time of new Set(made)) {
          const ofTime = ids.filter((_, index) => made[index] === time)
          expect(ofTime).toEqual([...ofTime].sort())
        }
      }),
      // A millisecond holds 4,096.
      { numRuns: 20 },
    )
  })

  it('is never made twice', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newId(0))).size).toBe(10_000)
  })

  it.each([
    '',
    'x',
    '018f4c1e-0000-4000-8000-000000000000',
    '018F4C1E-0000-7000-8000-000000000000',
    '018f4c1e00007000800000000000000',
    '../../etc/passwd',
    null,
    7,
  ])('is not %j', (text) => {
    expect(isId(text)).toBe(false)
  })
})

describe('a join code', () => {
  it('has no letters that are misread from a wall, and none twice in its alphabet', () => {
    expect(joinCodeAlphabet).not.toMatch(/[01OIL]/)
    expect(new Set(joinCodeAlphabet).size).toBe(joinCodeAlphabet.length)
  })

  it('may be typed in lower case, with spaces and dashes', () => {
    expect(normalizeJoinCode(' bc2-d3f ')).toBe('BC2D3F')
  })
})
