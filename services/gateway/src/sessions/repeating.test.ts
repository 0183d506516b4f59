import { Writable } from 'node:stream'
import { createLog, createMemoryBus } from '@matchday/kernel'
import { createFakeClock } from '@matchday/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Repeating, repeat } from './repeating.ts'

const patienceMs = 1_000
let repeating: Repeating
afterEach(() => repeating.close())

/** Work that goes as told, the last way for ever; and what was said about it. */
function open(outcomes: (string | null | Error)[]) {
  const told: string[] = []
  const destination = new Writable({
    write(line, _encoding, done) {
      const { level, problem, msg } = JSON.parse(String(line))
      told.push([level >= 40 ? 'warn' : 'info', msg, ...(problem === undefined ? [] : [problem])].join(': '))
      done()
    },
  })
  const clock = createFakeClock()
  const bus = createMemoryBus()
  let count = 0
  repeating = repeat(
    async () => {
      count++
      const outcome = outcomes[0] ?? null
      if (outcomes.length > 1) outcomes.shift()
      if (outcome instanceof Error) throw outcome
      return outcome
    },
    {
      what: 'menu',
      everyMs: 1,
      limits: { retryMs: 1, patienceMs },
      bus,
      clock,
      log: createLog('info', destination),
    },
  )
  const more = () => {
    const before = count
    return vi.waitFor(() => expect(count).toBeGreaterThan(before + 2), { timeout: 10_000, interval: 1 })
  }
  return { told, outcomes, clock, bus, more, count: () => count }
}

describe('work that is done again and again', () => {
  it('goes on whatever happens; what lasts is told once, and its end', async () => {
    const { told, outcomes, clock, more } = open(['away', new Error('a bug'), 'away'])
    await more()
    clock.advance(patienceMs - 1)
    await more()
    expect(told).toEqual([])
    expect(repeating.problem).toBe('away')
    clock.advance(1)
    await more()
    await more()
    expect(told).toEqual(['warn: not known for a while: away'])
    outcomes.push(null)
    await more()
    expect(told.slice(1)).toEqual(['info: known again'])
    expect(repeating.problem).toBeNull()
    // A restart of whoever is asked is nothing to speak of.
    outcomes.push('away', null)
    await more()
    clock.advance(patienceMs)
    await more()
    expect(told).toHaveLength(2)
  })

  it('is done at once when the bus is back', async () => {
    const { bus, count } = open([null])
    await repeating.now()
    repeating.close()
    const before = count()
    bus.setState('down')
    bus.setState('up')
    expect(count()).toBe(before)
    const other = open([null])
    other.bus.setState('down')
    await repeating.now()
    const asked = other.count()
    other.bus.setState('up')
    expect(other.count()).toBe(asked + 1)
  })

  it('has worked from the first time on that it did', async () => {
    const { count } = open(['away', null, 'away', 'away'])
    expect(repeating.hasWorked).toBe(false)
    expect(repeating.isRunning).toBe(true)
    await vi.waitFor(() => expect(count()).toBeGreaterThan(3), { timeout: 10_000, interval: 1 })
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
