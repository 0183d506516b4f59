import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { silentLog } from '../log.ts'
import { leasesInMemory } from '../store/testing/leases-in-memory.ts'
import { housekeepingLimits, startHousekeeping } from './housekeeping.ts'

const everyMs = 1_000
const portion = housekeepingLimits.answersPerStatementMax

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('forgets in portions until there is nothing left', async () => {
  const left = [portion, portion, 7, 0]
  const forgetAnswers = vi.fn(async () => left.shift() ?? 0)
  const housekeeping = startHousekeeping({
    store: { forgetAnswers, leases: leasesInMemory() },
    log: silentLog,
    everyMs,
  })
  await vi.advanceTimersByTimeAsync(everyMs)
  expect(forgetAnswers).toHaveBeenCalledTimes(3)
  await housekeeping.stop()
})

it('takes up a failure at the next time, and ends when it is stopped', async () => {
  const forgetAnswers = vi
    .fn<() => Promise<number>>()
    .mockRejectedValueOnce(new Error('down'))
    .mockResolvedValue(0)
  const housekeeping = startHousekeeping({
    store: { forgetAnswers, leases: leasesInMemory() },
    log: silentLog,
    everyMs,
  })
  await vi.advanceTimersByTimeAsync(2 * everyMs)
  expect(forgetAnswers).toHaveBeenCalledTimes(2)
  await housekeeping.stop()
  await vi.advanceTimersByTimeAsync(5 * everyMs)
  expect(forgetAnswers).toHaveBeenCalledTimes(2)
})

it('is done by one of many instances in each round', async () => {
  const leases = leasesInMemory()
  const forgetAnswers = vi.fn(async () => 0)
  const instances = [1, 2, 3].map(() =>
    startHousekeeping({ store: { forgetAnswers, leases }, log: silentLog, everyMs }),
  )
  await vi.advanceTimersByTimeAsync(4 * everyMs)
  expect(forgetAnswers).toHaveBeenCalledTimes(4)
  await Promise.all(instances.map((instance) => instance.stop()))
})

it('is done by each where nobody takes turns', async () => {
  const forgetAnswers = vi.fn(async () => 0)
  const instances = [1, 2, 3].map(() =>
    startHousekeeping({ store: { forgetAnswers, leases: leasesInMemory() }, log: silentLog, everyMs }),
  )
  await vi.advanceTimersByTimeAsync(4 * everyMs)
  expect(forgetAnswers).toHaveBeenCalledTimes(12)
  await Promise.all(instances.map((instance) => instance.stop()))
})
