import { describe, expect, it } from 'vitest'
import { WorkAhead, workAheadLimits } from './work-ahead.ts'

const capacityMax = 64

type Item = { readonly startedAt: number; readonly alone: boolean; doneAt: number }

/** Always as many items in work as may be, for so long; `doneAt` says when an item is done that begins now. */
function saturate(
  workAhead: WorkAhead,
  durationMs: number,
  doneAt: (nowMs: number, inWork: number) => number,
): number[] {
  const items: Item[] = []
  const held: number[] = []
  for (let now = 0; now < durationMs; ) {
    while (items.length < workAhead.capacity) {
      const alone = workAhead.begin(now)
      items.push({ startedAt: now, alone, doneAt: doneAt(now, items.length + 1) })
    }
    held.push(items.length)
    items.sort((one, other) => one.doneAt - other.doneAt)
    const item = items.shift()!
    now = item.doneAt
    workAhead.end(now, now - item.startedAt, item.alone)
  }
  return held
}

/** One after the other. Every tenth costs twenty times as much. */
function oneByOne(cheapMs: number): (nowMs: number) => number {
  let freeAt = 0
  let count = 0
  return (now) => {
    freeAt = Math.max(now, freeAt) + (++count % 10 === 0 ? 20 * cheapMs : cheapMs)
    return freeAt
  }
}

const last = (values: readonly number[]) => values.at(-1)!

describe('how much work an instance takes', () => {
  it('is little when the work is dear and is done one by one', () => {
    // 5.8 ms each on average: six are done within 40 ms.
    expect(
      last(saturate(new WorkAhead(workAheadLimits, capacityMax), 10_000, oneByOne(2))),
    ).toBeLessThanOrEqual(10)
  })

  it('is less on a slower instance, yet one more than is in work', () => {
    const held = saturate(new WorkAhead(workAheadLimits, capacityMax), 20_000, oneByOne(6))
    expect(held.slice(-50).every((count) => count >= 1 && count <= 5)).toBe(true)
  })

  it('is all that there is room for when the work is cheap', () => {
    const held = saturate(new WorkAhead(workAheadLimits, capacityMax), 3_000, oneByOne(0.05))
    expect(Math.min(...held)).toBe(capacityMax)
  })

  it('is all that there is room for when many are done in the time of one, however long that is', () => {
    const held = saturate(new WorkAhead(workAheadLimits, capacityMax), 10_000, (now) => now + 80)
    expect(last(held)).toBe(capacityMax)
  })

  it('is as much as ever with group commits that cost a little more for each item', () => {
    let freeAt = 0
    const commit = (now: number, inWork: number) => {
      freeAt = Math.max(freeAt, now + 3 + 0.15 * inWork)
      return freeAt
    }
    const held = saturate(new WorkAhead(workAheadLimits, capacityMax), 5_000, commit)
    expect(last(held)).toBeGreaterThan(capacityMax / 2)
  })

  it('grows again when dear work is over', () => {
    const [dear, cheap] = [oneByOne(2), oneByOne(0.05)]
    const work = (now: number) => (now < 10_000 ? dear(now) : cheap(now))
    const held = saturate(new WorkAhead(workAheadLimits, capacityMax), 13_000, work)
    expect(Math.min(...held)).toBeLessThanOrEqual(10)
    expect(last(held)).toBe(capacityMax)
  })

  it('would hold everything if its bound were a number alone', () => {
    const unbounded = { ...workAheadLimits, workAheadMs: Number.POSITIVE_INFINITY }
    expect(last(saturate(new WorkAhead(unbounded, capacityMax), 10_000, oneByOne(2)))).toBe(capacityMax)
  })
})
