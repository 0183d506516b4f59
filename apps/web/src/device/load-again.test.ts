import { expect, test, vi } from 'vitest'
import { loadAgain } from './load-again.ts'

test('a chunk is asked for three times, then the fault is passed on', async () => {
  vi.useFakeTimers()
  try {
    const load = vi.fn(async () => {
      if (load.mock.calls.length < 3) throw new Error('lost')
      return 'screen'
    })
    const loaded = loadAgain(load)
    await vi.runAllTimersAsync()
    expect(await loaded).toBe('screen')

    const never = vi.fn(async () => {
      throw new Error('gone')
    })
    const failed = loadAgain(never).catch((fault: Error) => fault.message)
    await vi.runAllTimersAsync()
    expect(await failed).toBe('gone')
    expect(never).toHaveBeenCalledTimes(3)
  } finally {
    vi.useRealTimers()
  }
})
