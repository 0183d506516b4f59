import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Fault } from '../fault.ts'
import { createLog } from '../log.ts'
import { breakerLimits, createBreaker } from './breaker.ts'

const away = () => Promise.reject(new Fault('unavailable', 'away', { retryable: true }))
const { failuresMax, openMs } = breakerLimits

function start() {
  const lines: string[] = []
  const destination = new Writable({ write: (line, _encoding, done) => done(void lines.push(String(line))) })
  const breaker = createBreaker({
    name: 'tests database',
    log: createLog('info', destination),
    random: () => 0.999,
  })
  let calls = 0
  const told: string[] = []
  const ask = (call: () => Promise<unknown>) =>
    breaker
      .run(() => {
        calls++
        return call()
      })
      .then(
        (value) => told.push(String(value)),
        (error: unknown) => told.push(error instanceof Fault ? error.message : 'other'),
      )
  return { breaker, ask, told, lines, calls: () => calls }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('a circuit breaker', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  async function opened() {
    const started = start()
    for (let failure = 0; failure < failuresMax; failure++) await started.ask(away)
    await settle()
    return started
  }

  it('opens after failures in a row, and then refuses without trying', async () => {
    const { breaker, ask, told, calls, lines } = await opened()
    expect(breaker).toMatchObject({ state: 'open', opened: 1 })
    await ask(() => Promise.resolve('never asked'))
    expect(calls()).toBe(failuresMax)
    expect(told.at(-1)).toBe('tests database was not there lately')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { breaker: 'tests database', state: 'open' },
    ])
  })

  it('opens when they come all at the same time', async () => {
    const { breaker, ask } = start()
    await Promise.all(Array.from({ length: 20 }, () => ask(away)))
    await settle()
    expect(breaker).toMatchObject({ state: 'open', opened: 1 })
  })

  it('lets one through after a while, refuses the others meanwhile, and closes when that goes well', async () => {
    const { breaker, ask, told, calls, lines } = await opened()
    vi.advanceTimersByTime(openMs)
    let finish = (_: string) => {}
    const probe = ask(() => new Promise((resolve) => (finish = resolve)))
    await settle()
    expect(breaker.state).toBe('half-open')
    await ask(() => Promise.resolve('never asked'))
    expect(calls()).toBe(failuresMax + 1)
    finish('there again')
    await probe
    await ask(() => Promise.resolve('as ever'))
    expect(told.slice(-3)).toEqual(['tests database was not there lately', 'there again', 'as ever'])
    expect(lines.map((line) => JSON.parse(line).state)).toEqual(['open', 'half-open', 'closed'])
  })

  it('opens again when that one fails', async () => {
    const { breaker, ask, calls } = await opened()
    vi.advanceTimersByTime(openMs)
    await ask(away)
    await ask(away)
    expect(breaker).toMatchObject({ state: 'open', opened: 2 })
    expect(calls()).toBe(failuresMax + 1)
  })

  it('stays closed when something goes well in between, or when the other side only says no', async () => {
    const { breaker, ask, calls } = start()
    const no = () => Promise.reject(new Error('a unique key'))
    for (let turn = 0; turn < 3 * failuresMax; turn++) {
      await ask(turn % failuresMax === 0 ? () => Promise.resolve('fine') : away)
      await ask(no)
    }
    await settle()
    expect(breaker).toMatchObject({ state: 'closed', opened: 0 })
    expect(calls()).toBe(6 * failuresMax)
  })
})
