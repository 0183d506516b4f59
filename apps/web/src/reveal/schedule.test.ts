import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Lateness, type Moment, momentAt, scheduleFor } from './schedule.ts'

function placeOf(moment: Moment): number {
  switch (moment.phase) {
    case 'intro':
      return 0
    case 'step':
      return 1 + moment.index * 100 + moment.whirl
    case 'outro':
      return 1e6
    case 'done':
      return 2e6
    default:
      return moment satisfies never
  }
}

const count = fc.integer({ min: 2, max: 256 })

test('the reveal of 2 to 256 players takes less than a minute, and everybody has his moment', () => {
  fc.assert(
    fc.property(count, (players) => {
      const schedule = scheduleFor(players)
      expect(schedule.totalMs).toBeLessThan(60_000)
      for (let index = 0; index < players; index++) {
        const moment = momentAt(schedule, schedule.introMs + index * schedule.stepMs)
        expect(moment).toMatchObject({ phase: 'step', index, settled: false })
        const last = momentAt(schedule, schedule.introMs + (index + 1) * schedule.stepMs - 1)
        expect(last).toMatchObject({ phase: 'step', index, settled: true })
      }
      expect(momentAt(schedule, schedule.totalMs)).toEqual({ phase: 'done' })
    }),
  )
})

test('time only moves forward: neither the player nor the whirl goes back', () => {
  fc.assert(
    fc.property(count, fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 60 }), (players, times) => {
      const schedule = scheduleFor(players)
      let before = -1
      for (const elapsedMs of times.toSorted((left, right) => left - right)) {
        const place = placeOf(momentAt(schedule, elapsedMs))
        expect(place).toBeGreaterThanOrEqual(before)
        before = place
      }
    }),
  )
})

test('two devices that start 100 ms apart show the same player except at the border', () => {
  const schedule = scheduleFor(10)
  const shown = (elapsedMs: number) => {
    const moment = momentAt(schedule, elapsedMs)
    return moment.phase === 'step' ? moment.index : moment.phase
  }
  const different = Array.from({ length: schedule.totalMs }, (_, ms) => ms).filter(
    (ms) => ms >= 100 && shown(ms) !== shown(ms - 100),
  )
  expect(different.length).toBeLessThanOrEqual(11 * 100)
})

test('a wrong clock is no lateness, a recovered publication is', () => {
  const late = new Lateness()
  const clockWrongByMs = 3_600_000
  expect(late.of(1_000, 1_020 + clockWrongByMs)).toBe(0)
  expect(late.of(2_000, 2_010 + clockWrongByMs)).toBe(0)
  expect(late.of(3_000, 9_010 + clockWrongByMs)).toBe(6_000)
})

test('the very first publication is known to be late by what an answer said before', () => {
  const clockWrongByMs = -3_600_000
  const late = new Lateness()
  expect(late.of(3_000, 9_010 + clockWrongByMs), 'nothing to compare with').toBe(0)
  const told = new Lateness()
  // A Date header: cut to the second.
  told.hear(Math.floor(1_900 / 1_000) * 1_000, 1_910 + clockWrongByMs)
  told.hear(Number.NaN, 5_000)
  expect(told.of(3_000, 9_010 + clockWrongByMs)).toBeGreaterThan(5_000)
  expect(told.of(20_000, 20_015 + clockWrongByMs)).toBe(0)
})
