import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Repeating, repeat } from './repeating.ts'

let repeating: Repeating
afterEach(() => repeating.close())

/** Work that goes as told, then well; and what was said about it. */
function open(outcomes: (string | null | Error)[]) {
  const told: string[] = []
  let count = 0
  repeating = repeat(
    async () => {
      count++
      const outcome = outcomes.shift() ?? null
      if (outcome instanceof Error) throw outcome
      return outcome
    },
    { everyMs: 1, retryMs: 1, tell: (problem, level) => told.push(`${level} ${problem}`) },
  )
  return { told, count: () => count }
}

describe('work that is done again and again', () => {
  it('goes on whatever happens, and tells what is new', async () => {
    const { told, count } = open([
      'away',
      'away',
      null,
      'away',
      'away',
      'ill',
      new Error('a bug'),
      null,
      'away',
    ])
    await vi.waitFor(() => expect(count()).toBeGreaterThan(12), { interval: 1 })
    expect(told).toEqual(['info away', 'warn away', 'warn ill', 'warn Error: a bug', 'warn away'])
  })

  it('has worked from the first time on that it did', async () => {
    const { count } = open(['away', null, 'away', 'away'])
    expect(repeating.hasWorked).toBe(false)
    expect(repeating.isRunning).toBe(true)
    await vi.waitFor(() => expect(count()).toBeGreaterThan(3), { interval: 1 })
    expect(repeating.hasWorked).toBe(true)
  })

  it('is done once for all who want it now, and no more once it is closed', async () => {
    const { count } = open([])
    const before = count()
    expect(await Promise.all([repeating.now(), repeating.now(), repeating.now()])).toEqual([true, true, true])
    expect(count()).toBeLessThanOrEqual(before + 1)
    repeating.close()
    const after = count()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(count()).toBe(after)
  })
})
