import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitOf } from './fit.ts'

const laptop = { widthPx: 900, heightPx: 540 }
const projector = { widthPx: 1_440, heightPx: 880 }
const alike = (count: number, widthEm: number) => Array.from({ length: count }, () => ({ widthEm }))

describe('letters are as large as the room allows', () => {
  test('sixty-four players are read from the back of the room, and whole on a laptop', () => {
    const wall = fitOf(alike(64, 9), projector)
    expect(wall.sizePx).toBeGreaterThanOrEqual(22)
    expect(wall.scrolls).toBe(false)
    expect(fitOf(alike(64, 9), laptop)).toMatchObject({ scrolls: false })
  })

  test('two players fill the wall', () => {
    const { sizePx, rowMinPx, columns } = fitOf(alike(2, 8), projector)
    expect(sizePx).toBeGreaterThan(70)
    expect(rowMinPx * Math.ceil(2 / columns)).toBeGreaterThan(projector.heightPx / 4)
  })

  test('one very long name makes the others only a little smaller', () => {
    const usual = fitOf(alike(10, 7), laptop).sizePx
    const withLong = fitOf([...alike(9, 7), { widthEm: 30 }], laptop).sizePx
    expect(withLong).toBeGreaterThan(usual * 0.6)
  })

  test('256 players scroll, at a size that can be read', () => {
    const fit = fitOf(alike(256, 10), laptop)
    expect(fit.scrolls).toBe(true)
    expect(fit.sizePx).toBeGreaterThanOrEqual(16)
  })

  test('what is laid out fits, whoever comes', () => {
    const someone = fc.record({ widthEm: fc.double({ min: 0.5, max: 40, noNaN: true }) })
    const room = fc.record({
      widthPx: fc.integer({ min: 200, max: 3_000 }),
      heightPx: fc.integer({ min: 100, max: 2_000 }),
    })
    fc.assert(
      fc.property(fc.array(someone, { maxLength: 256 }), room, (entries, { widthPx, heightPx }) => {
        const { columns, rowMinPx, gapPx, scrolls, sizePx } = fitOf(entries, { widthPx, heightPx })
        const rows = Math.ceil(entries.length / columns)
        expect(columns).toBeGreaterThanOrEqual(1)
        expect(sizePx).toBeGreaterThanOrEqual(13)
        if (!scrolls) expect(rows * rowMinPx + Math.max(0, rows - 1) * gapPx).toBeLessThanOrEqual(heightPx)
      }),
    )
  })

  test('more room never makes the letters smaller', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 500 }), (count, morePx) => {
        const before = fitOf(alike(count, 9), laptop)
        const after = fitOf(alike(count, 9), { ...laptop, heightPx: laptop.heightPx + morePx })
        if (!before.scrolls) expect(after.sizePx).toBeGreaterThanOrEqual(before.sizePx)
      }),
    )
  })
})
