import { Fault, silentLog } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { createWaits, Stopped } from './waits.ts'

const down = new Fault('unavailable', 'The thing cannot be reached', { retryable: true, hint: 'Start it.' })
const wrong = new Fault('wrong', 'The thing is wrong')

function waitsWith(signal = new AbortController().signal) {
  const lines: unknown[] = []
  const log = { ...silentLog, warn: (fields: unknown) => lines.push(fields) } as typeof silentLog
  return { waits: createWaits({ role: 'cook', signal, log, random: () => 0 }), lines }
}
const common = { what: 'the oven', isPassing: (fault: Fault) => fault.retryable, discard: async () => {} }

describe('waiting', () => {
  it('goes on until it is there, and tells for what once', async () => {
    const { waits, lines } = waitsWith()
    let tries = 0
    const told: unknown[] = []
    const attempt = async () => {
      told.push(...waits.health())
      if (++tries < 4) throw down
      return 'warm'
    }
    expect(await waits.for({ ...common, attempt })).toBe('warm')
    expect(told.at(-1)).toEqual({
      name: 'cook',
      state: 'starting',
      detail: 'waiting for the oven: The thing cannot be reached. Start it.',
    })
    expect(lines).toHaveLength(1)
    expect(waits.health()).toEqual([])
  })

  it('does not help against what is wrong', async () => {
    const { waits } = waitsWith()
    const attempt = async () => {
      throw wrong
    }
    await expect(waits.for({ ...common, attempt })).rejects.toBe(wrong)
    expect(waits.health()).toEqual([])
  })

  it('ends at once at the stop, in a pause as in a try; what still comes is thrown away', async () => {
    const inPause = new AbortController()
    const first = waitsWith(inPause.signal)
    let tries = 0
    const failing = first.waits.for({
      ...common,
      attempt: async () => {
        // The second try is never begun: the stop comes in the pause after the first.
        if (++tries === 1) setImmediate(() => inPause.abort())
        throw down
      },
    })
    await expect(failing).rejects.toBeInstanceOf(Stopped)

    const inTry = new AbortController()
    const { waits } = waitsWith(inTry.signal)
    let arrive = (_value: string) => {}
    const discarded = new Promise<string>((resolve) => {
      const attempt = () =>
        new Promise<string>((there) => {
          arrive = there
        })
      const waiting = waits.for({ ...common, attempt, discard: async (value) => resolve(value) })
      void expect(waiting)
        .rejects.toBeInstanceOf(Stopped)
        .then(() => arrive('late'))
      inTry.abort()
    })
    expect(await discarded).toBe('late')
  })
})
