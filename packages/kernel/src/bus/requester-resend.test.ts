import { Writable } from 'node:stream'
import { allOperations, type FaultCode } from '@matchday/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Fault } from '../fault.ts'
import { createLog } from '../log.ts'
import type { Reply, ReplyEnvelope } from '../message.ts'
import { createMemoryBus, type MemoryBus } from './memory.ts'
import type { Delivery } from './port.ts'
import { createRequester, type RequesterOptions, requesterLimits } from './requester.ts'

const { pickTeam } = allOperations
const ok: Reply = { kind: 'ok', body: { done: true } }
const fault = (code: FaultCode): Reply => ({ kind: 'fault', code, retryable: true })
const { busWaitMs, expiryTickMs, resendMs, resendMsMax, timeoutMs, resendsPerTickMax } = requesterLimits

/** A requester and what it sends; the test is the service. */
function start(options: Partial<RequesterOptions> = {}, bus: MemoryBus = createMemoryBus({ freeze: true })) {
  const deliveries: Delivery[] = []
  const consumer = bus.consume({ service: 'tournaments', lane: 'commands' }, (delivery) => {
    deliveries.push(delivery)
    delivery.ack()
  })
  consumer.pull(100_000)
  let envelopes = 0
  const requester = createRequester({
    bus,
    newId: () => `envelope-${++envelopes}`,
    random: () => 0,
    ...options,
  })
  const told: string[] = []
  const ask = async (id: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) => {
    const reply = await requester.request(pickTeam, { id, input: {}, caller: { kind: 'anyone' }, ...more })
    told.push(`${id} ${reply.kind === 'fault' ? reply.code : reply.kind}`)
  }
  /** Answers all items of a delivery. */
  const answer = (delivery: Delivery | undefined, reply: Reply) => {
    const { id, replyTo, items } = delivery!.envelope
    const replies: ReplyEnvelope['replies'] = items.map((_, index) => ({ index, reply }))
    bus.reply(replyTo ?? '', { schema: 1, envelope: id, replies })
  }
  const sentIds = () => deliveries.map(({ envelope }) => envelope.items.map((item) => item.id))
  return { bus, requester, deliveries, ask, answer, told, sentIds }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
/** Until what was asked in this turn is sent. */
const turn = async () => {
  await new Promise((resolve) => setImmediate(resolve))
  await pass(0)
}
/** Time in which a look of the requester surely happens, and what it sends leaves. */
const passLook = async (ms: number) => {
  await pass(ms + expiryTickMs)
  await turn()
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a request whose outcome is unknown', () => {
  it('is sent again with the same id, ever later, until there is an answer', async () => {
    const { ask, answer, deliveries, told, sentIds, requester } = start()
    void ask('one')
    await turn()
    for (const [sends, waitMs] of [25, 50, 100, 200, 400, 500, 500].entries()) {
      expect(deliveries).toHaveLength(sends + 1)
      answer(deliveries.at(-1), fault('unavailable'))
      await pass(waitMs - 1)
      await turn()
      expect(deliveries).toHaveLength(sends + 1)
      await passLook(1)
    }
    answer(deliveries.at(-1), ok)
    await pass(0)
    expect(told).toEqual(['one ok'])
    expect(sentIds()).toEqual(Array(8).fill(['one']))
    expect(new Set(deliveries.map(({ envelope }) => envelope.id)).size).toBe(8)
    expect(new Set(deliveries.map(({ envelope }) => envelope.items[0]?.deadlineAt)).size).toBe(1)
    expect(requester.queues()[0]?.resent).toBe(7)
    expect(requester.pending).toBe(0)
  })

  it('that nobody takes it is told, and not each time', async () => {
    const bus = createMemoryBus({ freeze: true })
    let tries = 0
    bus.enqueue = () => {
      tries++
      return Promise.reject(new Fault('unavailable', 'nobody takes it', { retryable: true }))
    }
    const lines: string[] = []
    const write = (line: Buffer, _: unknown, done: () => void) => {
      lines.push(String(line))
      done()
    }
    const { ask, told } = start({ log: createLog('warn', new Writable({ write })) }, bus)
    const forMs = async (ms: number) => {
      for (let passedMs = 0; passedMs < ms; passedMs += 500) {
        void ask('one')
        await turn()
        await passLook(500 - expiryTickMs)
      }
    }
    await forMs(10_000)
    expect(tries).toBeGreaterThan(30)
    expect(told).toContain('one unavailable')
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['envelopes can’t be sent'])
    await forMs(requesterLimits.failureLogMs)
    expect(lines).toHaveLength(2)
  })

  it('spreads what is sent again', async () => {
    let random = 0
    const { ask, answer, deliveries } = start({ random: () => (random = 0.999 - random) })
    for (const id of ['one', 'two']) {
      void ask(id)
      await turn()
    }
    for (const delivery of [...deliveries]) answer(delivery, fault('unavailable'))
    await pass(0)
    // A look at 25 ms finds one of them due, one at 50 ms the other.
    await passLook(0)
    expect(deliveries).toHaveLength(3)
    await passLook(resendMs)
    expect(deliveries).toHaveLength(4)
  })

  it('counts an answer to an earlier send, and is not sent any more', async () => {
    const { ask, answer, deliveries, told, requester } = start()
    void ask('one')
    await turn()
    answer(deliveries[0], fault('unavailable'))
    await passLook(resendMs)
    expect(deliveries).toHaveLength(2)
    answer(deliveries[0], ok)
    answer(deliveries[1], fault('unavailable'))
    await pass(0)
    expect(told).toEqual(['one ok'])
    await passLook(resendMsMax)
    expect(deliveries).toHaveLength(2)
    expect(requester.pending).toBe(0)
  })

  it('takes no notice of a late "not now" of an earlier send', async () => {
    const { ask, answer, deliveries, told } = start()
    void ask('one')
    await turn()
    answer(deliveries[0], fault('unavailable'))
    await passLook(resendMs)
    answer(deliveries[0], fault('unavailable'))
    await passLook(resendMsMax)
    expect(deliveries).toHaveLength(2)
    answer(deliveries[1], ok)
    await pass(0)
    expect(told).toEqual(['one ok'])
  })

  it('is told `unavailable` at its deadline when that was the last that was heard', async () => {
    const { bus, ask, deliveries, told } = start()
    const heard = ask('heard', { timeoutMs: 300 })
    const silent = ask('silent', { timeoutMs: 300 })
    await turn()
    const notNow = { index: 0, reply: fault('unavailable') }
    for (let answered = 0; answered < 5; answered++) {
      const delivery = deliveries[answered]
      if (delivery !== undefined)
        bus.reply(delivery.envelope.replyTo!, {
          schema: 1,
          envelope: delivery.envelope.id,
          replies: [notNow],
        })
      await passLook(2 * resendMs)
    }
    await Promise.all([heard, silent])
    expect(told.sort()).toEqual(['heard unavailable', 'silent timed-out'])
  })

  it('is never sent again after `overloaded`', async () => {
    const { ask, answer, deliveries, told } = start()
    void ask('one')
    await turn()
    answer(deliveries[0], fault('overloaded'))
    await passLook(2 * resendMsMax)
    expect(told).toEqual(['one overloaded'])
    expect(deliveries).toHaveLength(1)
  })

  it('is not told that nothing was done when it was sent twice', async () => {
    const { ask, answer, deliveries, told } = start()
    void ask('one')
    await turn()
    answer(deliveries[0], fault('unavailable'))
    await passLook(resendMs)
    answer(deliveries[1], fault('overloaded'))
    await pass(0)
    expect(told).toEqual(['one unavailable'])
  })

  it('is sent again when the bus failed to take it', async () => {
    const bus = createMemoryBus()
    const enqueue = bus.enqueue.bind(bus)
    let failures = 2
    bus.enqueue = (queue, envelope) =>
      failures-- > 0
        ? Promise.reject(new Fault('unavailable', 'no acknowledgement', { retryable: true }))
        : enqueue(queue, envelope)
    const { ask, answer, deliveries, told } = start({}, bus)
    void ask('one')
    await turn()
    await passLook(resendMs)
    await passLook(2 * resendMs)
    answer(deliveries[0], ok)
    await pass(0)
    expect(told).toEqual(['one ok'])
  })

  it('ends when the client hangs up, and is not sent again', async () => {
    const { ask, answer, deliveries, told, requester } = start()
    const hangUp = new AbortController()
    void ask('gone', { signal: hangUp.signal })
    void ask('stays')
    await turn()
    answer(deliveries[0], fault('unavailable'))
    await pass(0)
    hangUp.abort()
    await passLook(resendMs)
    expect(told).toEqual(['gone timed-out'])
    expect(deliveries[1]?.envelope.items.map((item) => item.id)).toEqual(['stays'])
    expect(requester.pending).toBe(1)
  })
})

describe('a bus that goes down', () => {
  it('is waited for a moment, then the request is told `unavailable`', async () => {
    const { bus, ask, told, requester, deliveries } = start()
    bus.setState('down')
    void ask('one')
    await turn()
    await pass(busWaitMs - 1)
    expect(told).toEqual([])
    await pass(expiryTickMs + 1)
    expect(told).toEqual(['one unavailable'])
    expect(requester.pending).toBe(0)
    bus.setState('up')
    await passLook(0)
    expect(deliveries).toEqual([])
    await pass(100)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does no harm when it is up again in time', async () => {
    const { bus, ask, answer, told, deliveries } = start()
    bus.setState('down')
    void ask('one')
    await turn()
    await pass(busWaitMs - 50)
    bus.setState('up')
    await turn()
    expect(deliveries).toHaveLength(1)
    answer(deliveries[0], ok)
    await pass(0)
    expect(told).toEqual(['one ok'])
  })

  it('gets all that is unanswered once more when it is back, though a reply was lost', async () => {
    const { bus, ask, answer, told, deliveries, sentIds } = start()
    for (const id of ['lost', 'also-lost']) void ask(id)
    await turn()
    bus.setState('down')
    answer(deliveries[0], ok)
    await passLook(10 * busWaitMs)
    expect(told).toEqual([])
    bus.setState('up')
    await turn()
    expect(sentIds()).toEqual(Array(2).fill(['lost', 'also-lost']))
    answer(deliveries[1], ok)
    await pass(0)
    expect(told).toEqual(['lost ok', 'also-lost ok'])
  })

  it('leaves them unanswered where nothing is sent again', async () => {
    const { bus, ask, answer, told, deliveries } = start({ limits: { sendsMax: 1 } })
    void ask('lost')
    await turn()
    bus.setState('down')
    answer(deliveries[0], ok)
    bus.setState('up')
    await passLook(timeoutMs)
    expect(deliveries).toHaveLength(1)
    expect(told).toEqual(['lost timed-out'])
  })

  it('gets them at a bounded rate, and each once for every time that it comes back', async () => {
    const { bus, ask, deliveries, requester } = start({ limits: { pendingPerQueueMax: 10_000 } })
    const count = 2.5 * resendsPerTickMax
    for (let index = 0; index < count; index++) void ask(`request-${index}`)
    await turn()
    const items = () => deliveries.reduce((sum, { envelope }) => sum + envelope.items.length, 0) - count
    for (let flap = 0; flap < 3; flap++) {
      bus.setState('down')
      bus.setState('up')
    }
    await turn()
    expect(items()).toBeLessThanOrEqual(3 * resendsPerTickMax)
    await passLook(expiryTickMs)
    await passLook(10 * expiryTickMs)
    expect(items()).toBeLessThanOrEqual(3 * count)
    expect(requester.pending).toBe(count)
    await requester.close()
    expect(requester.pending).toBe(0)
  })

  it('keeps memory flat while it is down', async () => {
    const { bus, ask, requester, told } = start()
    bus.setState('down')
    let pendingMax = 0
    for (let index = 0; index < 100; index++) {
      for (let each = 0; each < 100; each++) void ask(`${index}-${each}`)
      await passLook(0)
      pendingMax = Math.max(pendingMax, requester.pending)
    }
    expect(pendingMax).toBeLessThanOrEqual((100 * (busWaitMs + 2 * expiryTickMs)) / expiryTickMs)
    await passLook(busWaitMs)
    expect(requester.pending).toBe(0)
    expect(told).toHaveLength(10_000)
    expect(new Set(told.map((each) => each.split(' ')[1]))).toEqual(new Set(['unavailable']))
  })
})
