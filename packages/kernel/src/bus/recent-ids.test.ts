import { describe, expect, it } from 'vitest'
import { RecentIds } from './recent-ids.ts'

describe('recent ids', () => {
  let nowMs = 0
  const clock = { now: () => 0, monotonicMs: () => nowMs }

  it('are remembered for the window and forgotten after two', () => {
    const ids = new RecentIds(clock, 100, 1_000)
    nowMs = 99
    ids.add('one')
    nowMs = 198
    expect(ids.has('one')).toBe(true)
    nowMs = 299
    expect(ids.has('one')).toBe(false)
  })

  it('are at most twice as many as allowed, and the latest stay', () => {
    const ids = new RecentIds(clock, 1e9, 10)
    for (let id = 0; id < 100; id++) ids.add(`${id}`)
    const kept = Array.from({ length: 100 }, (_, id) => `${id}`).filter((id) => ids.has(id))
    expect(kept.length).toBeLessThanOrEqual(20)
    expect(kept).toEqual(expect.arrayContaining(Array.from({ length: 10 }, (_, id) => `${90 + id}`)))
  })
})
