import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonBytes } from './json-size.ts'

describe('the size of JSON', () => {
  it('is never understated, and exact above the threshold', () => {
    const threshold = 100
    fc.assert(
      fc.property(fc.object({ withNullPrototype: false, maxDepth: 3 }), (value) => {
        const text = JSON.stringify(value)
        const exact = Buffer.byteLength(text)
        const told = jsonBytes(value, threshold)
        if (told > threshold) expect(told).toBe(exact)
        else expect(told).toBeGreaterThanOrEqual(exact)
      }),
    )
  })

  it('counts bytes, not characters', () => {
    expect(jsonBytes({ text: '€'.repeat(100) }, 10)).toBe(Buffer.byteLength(`{"text":"${'€'.repeat(100)}"}`))
    expect(jsonBytes({ text: '\u0000'.repeat(100) }, 10)).toBe(611)
  })
})
