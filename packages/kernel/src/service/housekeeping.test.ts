import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { silentLog } from '../log.ts'
import { housekeepingLimits, startHousekeeping } from './housekeeping.ts'

const everyMs = 1_000
const portion = housekeepingLimits.answersPerStatementMax

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('forgets in portions until there is nothing left', async () => {
  const left = [portion, portion, 7, 0]
  const forgetAnswers = vi.fn(async () => left.shift() ?? 0)
  const housekeeping = startHousekeeping({ store: { forgetAnswers }, log: silentLog, everyMs })
  await vi.advanceTimersByTimeAsync(everyMs)
  expect(forgetAnswers).toHaveBeenCalledTimes(3)
  await housekeeping.stop()
})

it('takes up a failure at the next time, and ends when it is stopped', async () => {
  const forgetAnswers = vi
    .fn<() => Promise<number>>()
    .mockRejectedValueOnce(new Error('down'))
    .mockResolvedValue(0)
  const housekeeping = startHousekeeping({ store: { forgetAnswers }, log: silentLog, everyMs })
  await vi.advanceTimersByTimeAsync(2 * everyMs)
  expect(forgetAnswers).toHaveBeenCalledTimes(2)
  await housekeeping.stop()
  await vi.advanceTimersByTimeAsync(5 * everyMs)
  expect(forgetAnswers).toHaveBeenCalledTimes(2)
})
