import { describe, expect, it } from 'vitest'
import { Admission, type AdmissionLimits, admissionLimits } from './admission.ts'

/** Looks, and what happens between them. */
const tickMs = 25
const deadlineMs = 5_000

type Load = {
  /** Requests per second that a service answers, one after the other. */
  capacity: number | ((atS: number) => number)
  /** Requests per second that come, at a time in seconds. */
  offered: (atS: number) => number
  seconds: number
  limits?: Partial<AdmissionLimits>
  /** Answers come in batches of so many. */
  batch?: number
  /** Between looks the machine may be busy with something else. */
  jitter?: () => number
}

/** One service behind its queue, first come first served, which begins nothing after its deadline; what came of it, by second. */
function simulate({ capacity, offered, seconds, limits, batch = 1, jitter = () => 1 }: Load) {
  const admission = new Admission({ ...admissionLimits, ...limits })
  const queue: number[] = []
  const bySecond = Array.from({ length: seconds }, () => ({ good: 0, late: 0, refused: 0, waitMs: 0 }))
  let budget = 0
  let arrivals = 0
  for (let now = 0; now < seconds * 1_000; ) {
    const stepMs = tickMs * jitter()
    now += stepMs
    const second = bySecond[Math.min(seconds - 1, Math.floor(now / 1_000))]!
    for (arrivals += (offered(now / 1_000) * stepMs) / 1_000; arrivals >= 1; arrivals--) {
      if (admission.isFull) second.refused++
      else {
        admission.begin()
        queue.push(now)
      }
    }
    const perSecond = typeof capacity === 'number' ? capacity : capacity(now / 1_000)
    budget = Math.min(budget + (perSecond * stepMs) / 1_000, queue.length)
    while (budget >= batch || (budget >= 1 && budget >= queue.length)) {
      for (const cameAt of queue.splice(0, batch)) {
        // Begun just in time and answered too late: that is what an unbounded queue leads to.
        const waitMs = now - cameAt + 50
        if (waitMs - 50 < deadlineMs) budget--
        admission.end()
        if (waitMs < deadlineMs) {
          second.good++
          admission.answered()
        } else second.late++
        second.waitMs = Math.max(second.waitMs, waitMs)
      }
    }
    admission.look(now)
  }
  return bySecond
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const goodput = (seconds: readonly { good: number }[]) =>
  sum(seconds.map(({ good }) => good)) / seconds.length
const capacities = [20, 100, 500, 3_000, 20_000]

describe('more requests than a service can answer', () => {
  for (const capacity of capacities) {
    for (const factor of [1.5, 3, 10]) {
      it(`${factor} times what it can, ${capacity}/s: nine in ten of what it can are answered, within seconds`, () => {
        const seconds = simulate({ capacity, offered: () => factor * capacity, seconds: 30 })
        const settled = seconds.slice(8)
        expect(goodput(settled)).toBeGreaterThanOrEqual(0.9 * capacity)
        expect(sum(settled.map(({ late }) => late))).toBe(0)
        expect(Math.max(...settled.map(({ waitMs }) => waitMs))).toBeLessThan(4_000)
      })
    }
  }

  it('holds when answers come in batches and the machine is busy', () => {
    for (let seed = 1; seed <= 30; seed++) {
      let state = seed
      const random = () => {
        state = (state * 48_271) % 2_147_483_647
        return state / 2_147_483_647
      }
      const capacity = 10 ** (1.5 + 2.5 * random())
      const load = { capacity, offered: () => 3 * capacity * (0.5 + random()), seconds: 20 }
      const jitter = () => 0.5 + (random() < 0.05 ? 10 : 1) * random()
      const settled = simulate({ ...load, jitter, batch: Math.ceil(64 * random()) }).slice(5)
      expect(goodput(settled), `seed ${seed}, capacity ${capacity}`).toBeGreaterThanOrEqual(0.9 * capacity)
    }
  })

  it('answers next to nothing in time where the number alone is bounded', () => {
    const limits = { waitMsMax: Number.POSITIVE_INFINITY, pendingPerQueueMax: 10_000 }
    const settled = simulate({ capacity: 500, offered: () => 1_500, seconds: 30, limits }).slice(15)
    expect(goodput(settled)).toBeLessThan(0.9 * 500)
  })

  it('is over within five seconds', () => {
    for (const capacity of capacities) {
      const offered = (atS: number) => (atS < 20 ? 3 : 0.8) * capacity
      const after = simulate({ capacity, offered, seconds: 40 }).slice(25)
      expect(sum(after.map(({ refused, late }) => refused + late))).toBe(0)
      // So few that they are always let in may keep a slow service busy for longer.
      const alwaysMs = (1_000 * admissionLimits.pendingPerQueueMin) / capacity
      expect(Math.max(...after.map(({ waitMs }) => waitMs))).toBeLessThan(Math.max(1_000, alwaysMs))
    }
  })

  it('adapts when the service becomes slower, and when it is fast again', () => {
    const capacity = (atS: number) => (atS > 10 && atS < 20 ? 100 : 2_000)
    const seconds = simulate({ capacity, offered: () => 1_500, seconds: 30 })
    expect(goodput(seconds.slice(15, 20))).toBeGreaterThanOrEqual(90)
    expect(Math.max(...seconds.slice(15, 20).map(({ waitMs }) => waitMs))).toBeLessThan(1_500)
    expect(goodput(seconds.slice(25))).toBeGreaterThanOrEqual(0.99 * 1_500)
    expect(sum(seconds.slice(25).map(({ refused }) => refused))).toBe(0)
  })
})

describe('a crowd that comes at once', () => {
  it('is let in when the service was quiet before', () => {
    const offered = (atS: number) => (atS > 5 && atS <= 5.1 ? 15_000 : 20)
    const seconds = simulate({ capacity: 3_000, offered, seconds: 10 })
    expect(sum(seconds.map(({ refused, late }) => refused + late))).toBe(0)
  })

  it('is not let in beyond the number', () => {
    const seconds = simulate({ capacity: 100, offered: () => 100_000, seconds: 1 })
    expect(sum(seconds.map(({ good }) => good))).toBeLessThanOrEqual(200)
    expect(sum(seconds.map(({ refused }) => refused))).toBeGreaterThanOrEqual(100_000 - 2_500)
  })
})
