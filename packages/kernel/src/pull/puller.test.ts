import { Writable } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Collector, commands, envelopeOf, names } from '../bus/conformance-lab.ts'
import { createMemoryBus } from '../bus/memory.ts'
import { type Bus, type Delivery, queueLimits } from '../bus/port.ts'
import { Fault } from '../fault.ts'
import { createLog } from '../log.ts'
import type { Envelope, Reply, ReplyEnvelope, RequestItem } from '../message.ts'
import { createPuller, type HandleContext, type PullerOptions, pullerLimits } from './puller.ts'

const ok = (id: string): Reply => ({ kind: 'ok', body: { id } })

/** A handler whose items are finished by the test. */
class Bench {
  readonly begun = new Collector<RequestItem>()
  readonly contexts: HandleContext[] = []
  private readonly finishers = new Map<string, (reply: Reply | Error) => void>()

  readonly handle = (item: RequestItem, context: HandleContext): Promise<Reply> => {
    this.contexts.push(context)
    const result = new Promise<Reply>((resolve, reject) => {
      this.finishers.set(item.id, (reply) => (reply instanceof Error ? reject(reply) : resolve(reply)))
    })
    this.begun.add(item)
    return result
  }

  get ids(): readonly string[] {
    return this.begun.all.map((item) => item.id)
  }

  finish(id: string, reply: Reply | Error = ok(id)): void {
    this.finishers.get(id)?.(reply)
  }
}

function start(options: Partial<PullerOptions> & Pick<PullerOptions, 'handle'>) {
  const bus = createMemoryBus({ freeze: true })
  const replies = new Collector<ReplyEnvelope>()
  const inbox = bus.openInbox(replies.add)
  const puller = createPuller({ bus, queue: commands, capacityItems: 32, ...options })
  const send = async (...ids: readonly string[]): Promise<Envelope> => {
    const envelope = { ...envelopeOf(...ids), replyTo: inbox.address }
    await bus.enqueue(commands, envelope)
    return envelope
  }
  return { bus, replies, puller, send, inbox }
}

/** Lets everything happen that waits for nothing but its turn. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('pulling work', () => {
  it('handles the items of an envelope at once and answers them together, in their places', async () => {
    const bench = new Bench()
    const { replies, send, puller } = start(bench)
    const envelope = await send('a', 'b', 'c')
    await bench.begun.first(3)
    expect(puller.inFlight).toBe(3)
    for (const id of ['c', 'a']) bench.finish(id)
    await settle()
    expect(replies.all).toEqual([])
    bench.finish('b')
    const [reply] = await replies.first(1)
    const expected = ['a', 'b', 'c'].map((id, index) => ({ index, reply: ok(id) }))
    expect(reply).toEqual({ schema: 1, envelope: envelope.id, replies: expected })
    expect(puller.inFlight).toBe(0)
  })

  it('takes no more than it has room for, and asks again as soon as it has', async () => {
    const bench = new Bench()
    // By the real one a busy machine is seen as slow work, and less is taken.
    const clock = { now: () => Date.now(), monotonicMs: () => 0 }
    const { send, puller } = start({ ...bench, clock, capacityItems: 32 })
    for (const envelope of names('envelope', 4)) await send(...names(envelope, 16))
    await settle()
    expect(puller.inFlight).toBe(32)
    for (const id of names('envelope-1', 15)) bench.finish(id)
    await settle()
    expect(bench.ids).toHaveLength(32)
    bench.finish('envelope-1-15')
    await bench.begun.only(48)
    expect(puller.inFlight).toBe(32)
  })

  it('uses its room for small envelopes as well', async () => {
    const bench = new Bench()
    const { send, puller } = start({ ...bench, capacityItems: 32 })
    for (const id of names('single', 40)) await send(id)
    await settle()
    // Whatever comes next might bring 16.
    expect(puller.inFlight).toBe(17)
  })

  it('leaves to others what it has no room for', async () => {
    const [busy, idle] = [new Bench(), new Bench()]
    const { bus, send } = start({ ...busy, capacityItems: 16 })
    await send(...names('first', 16))
    await settle()
    createPuller({ bus, queue: commands, capacityItems: 16, handle: idle.handle })
    await send('second')
    await idle.begun.only(1)
    expect(busy.ids).toHaveLength(16)
  })

  it('works on fewer items at once than an envelope holds when it has room for fewer', async () => {
    const bench = new Bench()
    const { send, replies } = start({ ...bench, capacityItems: 2 })
    await send('a', 'b', 'c')
    await settle()
    expect(bench.ids).toEqual(['a', 'b'])
    for (const id of ['a', 'b', 'c']) {
      bench.finish(id)
      await settle()
    }
    await replies.only(1)
  })

  it('does not begin what nobody waits for any more', async () => {
    const bench = new Bench()
    const { bus, replies, inbox } = start(bench)
    const envelope = { ...envelopeOf('late', 'in-time'), replyTo: inbox.address }
    const items = envelope.items.map((item) =>
      item.id === 'late' ? { ...item, deadlineAt: Date.now() } : item,
    )
    await bus.enqueue(commands, { ...envelope, items })
    await bench.begun.first(1)
    bench.finish('in-time')
    const [reply] = await replies.first(1)
    expect(reply?.replies).toEqual([
      { index: 0, reply: { kind: 'fault', code: 'timed-out', retryable: true } },
      { index: 1, reply: ok('in-time') },
    ])
    expect(bench.ids).toEqual(['in-time'])
  })

  it('answers what nobody handles in time, all of an envelope, without handling any', async () => {
    const bench = new Bench()
    const { bus, replies, inbox, puller } = start(bench)
    const envelope = { ...envelopeOf('a', 'b'), replyTo: inbox.address }
    await bus.enqueue(commands, {
      ...envelope,
      items: envelope.items.map((item) => ({ ...item, deadlineAt: 1 })),
    })
    expect((await replies.first(1))[0]?.replies).toHaveLength(2)
    expect(puller.inFlight).toBe(0)
  })

  it('answers a handler that throws as a fault, logs it in full, and goes on', async () => {
    const lines: string[] = []
    const log = createLog('info', writableTo(lines))
    const bench = new Bench()
    const { replies, send } = start({ ...bench, log })
    await send('bug', 'fault', 'fine')
    await bench.begun.first(3)
    bench.finish('bug', new TypeError('undefined is not a function'))
    bench.finish('fault', new Fault('unavailable', 'the database is away', { retryable: true }))
    bench.finish('fine')
    const [reply] = await replies.first(1)
    expect(reply?.replies.map((each) => each.reply)).toEqual([
      { kind: 'fault', code: 'internal', retryable: false },
      { kind: 'fault', code: 'unavailable', retryable: true },
      ok('fine'),
    ])
    expect(lines.join('')).toContain('undefined is not a function')
    expect(lines.join('')).toContain('"requestId":"bug"')
  })

  it('survives a handler that throws before it returns a promise', async () => {
    const { replies, send } = start({
      handle: () => {
        throw new Error('early')
      },
    })
    await send('one')
    expect((await replies.first(1))[0]?.replies[0]?.reply).toMatchObject({ code: 'internal' })
  })

  it('answers a retryable fault and does not try again itself', async () => {
    let times = 0
    const { bus, replies, send } = start({
      handle: async () => {
        times++
        return { kind: 'fault', code: 'unavailable', retryable: true }
      },
    })
    await send('one')
    await replies.only(1)
    expect(times).toBe(1)
    expect(await bus.deadLetters(commands, 10)).toEqual([])
  })

  it('works for nobody in particular as well', async () => {
    const bench = new Bench()
    const { bus, puller } = start(bench)
    await bus.enqueue(commands, envelopeOf('unasked'))
    await bench.begun.first(1)
    bench.finish('unasked')
    await settle()
    expect(puller.inFlight).toBe(0)
  })

  it('puts what can never be handled with the dead letters', async () => {
    const bench = new Bench()
    const { bus, send } = start({ ...bench, capacityItems: 16 })
    const wrong: readonly object[] = [
      { ...envelopeOf('schema'), schema: 2 },
      { ...envelopeOf('none'), items: [] },
      { ...envelopeOf('broken'), items: [{ id: 'x' }] },
      { ...envelopeOf('nameless'), items: [{ ...envelopeOf('y').items[0], operation: 7 }] },
      { ...envelopeOf('two', 'items'), replyAs: { envelope: 'whole', index: 1 } },
      { ...envelopeOf('nowhere'), replyAs: { envelope: 'whole', index: 16 } },
      { ...envelopeOf('nobody'), replyAs: { index: 0 } },
    ]
    // Written by something else than this release: the types know nothing of it.
    for (const envelope of wrong) await bus.enqueue(commands, envelope as Envelope)
    await settle()
    const reasons = (await bus.deadLetters(commands, 10)).map((letter) => letter.reason)
    expect(reasons).toEqual([
      'malformed: its schema is unknown',
      'malformed: it has no items',
      'malformed: an item is incomplete',
      'malformed: an item is incomplete',
      ...Array(3).fill('malformed: replyAs is no place of one item'),
    ])
    await send('sound')
    await bench.begun.only(1)
  })
})

describe('pulling work, over time', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  function freezeTime() {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
  }

  it('says that it is still at work, so that nobody else begins the same', async () => {
    freezeTime()
    const bench = new Bench()
    const { send, replies } = start(bench)
    await send('long')
    await vi.advanceTimersByTimeAsync(4 * queueLimits.ackWaitMs)
    expect(bench.ids).toEqual(['long'])
    bench.finish('long')
    await replies.first(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('says so no longer when work hangs, and tells of it', async () => {
    freezeTime()
    const bench = new Bench()
    const { send, puller } = start({ ...bench, limits: { workMs: 5_000 } })
    await send('hangs')
    await vi.advanceTimersByTimeAsync(5_500)
    expect(puller.stuck).toBe(1)
    await vi.advanceTimersByTimeAsync(queueLimits.ackWaitMs)
    expect(bench.contexts.map((context) => context.attempt)).toEqual([1, 2])
  })

  it('puts items back one by one when an earlier delivery went wrong, and answers for the whole', async () => {
    freezeTime()
    const bench = new Bench()
    const { bus, replies, puller, inbox } = start(bench)
    await puller.stop()
    const { envelope, delivery } = await heldByNobody(bus, inbox.address, ['late', 'b', 'c'])
    const again = createPuller({ bus, queue: commands, capacityItems: 32, handle: bench.handle })
    await vi.advanceTimersByTimeAsync(2 * queueLimits.ackWaitMs)
    expect(again.figures).toEqual({ deliveries: 3, redeliveries: 1, split: 1, malformed: 0 })
    expect(bench.ids).toEqual(['b', 'c'])
    expect(bench.contexts.every((context) => context.attempt === 2)).toBe(true)
    for (const id of ['c', 'b']) {
      bench.finish(id)
      await vi.advanceTimersByTimeAsync(0)
    }
    const timedOut = { kind: 'fault', code: 'timed-out', retryable: true }
    expect(replies.all).toEqual([
      { schema: 1, envelope: envelope.id, replies: [{ index: 0, reply: timedOut }] },
      { schema: 1, envelope: envelope.id, replies: [{ index: 2, reply: ok('c') }] },
      { schema: 1, envelope: envelope.id, replies: [{ index: 1, reply: ok('b') }] },
    ])
    // The envelope is done with: nothing of it comes again.
    delivery.nak()
    await vi.advanceTimersByTimeAsync(4 * queueLimits.ackWaitMs)
    expect(bench.ids).toEqual(['b', 'c'])
    expect(again.inFlight).toBe(0)
  })

  it('keeps an envelope until the queue holds all of its items', async () => {
    freezeTime()
    const bench = new Bench()
    const { bus, replies, puller, inbox } = start(bench)
    await puller.stop()
    await heldByNobody(bus, inbox.address, ['late', 'b', 'c'])
    const enqueue = bus.enqueue.bind(bus)
    let refusals = 2
    bus.enqueue = (queue, single) => {
      if (single.id.endsWith('.2') && refusals-- > 0) return Promise.reject(new Fault('overloaded', 'full'))
      return enqueue(queue, single)
    }
    const again = createPuller({ bus, queue: commands, capacityItems: 32, handle: bench.handle })
    await vi.advanceTimersByTimeAsync(queueLimits.ackWaitMs + 100)
    expect(bench.ids).toEqual(['b'])
    expect(replies.all).toEqual([])
    await vi.advanceTimersByTimeAsync(3 * pullerLimits.splitRetryMs)
    expect(bench.ids).toEqual(['b', 'c'])
    expect(again.figures.split).toBe(1)
  })

  /** An envelope that somebody took and let go of; the deadline of its first item passes meanwhile. */
  async function heldByNobody(bus: Bus, replyTo: string, ids: readonly string[]) {
    const taken = new Collector<Delivery>()
    const consumer = bus.consume(commands, taken.add)
    consumer.pull(1)
    const whole = { ...envelopeOf(...ids), replyTo }
    const [first, ...others] = whole.items
    const envelope = { ...whole, items: [{ ...first!, deadlineAt: Date.now() + 1_000 }, ...others] }
    await bus.enqueue(commands, envelope)
    const [delivery] = await taken.first(1)
    await consumer.close()
    return { envelope, delivery: delivery! }
  }

  it('finishes and answers what it has begun before it stops, and pulls nothing more', async () => {
    freezeTime()
    const bench = new Bench()
    const { send, puller, replies } = start({ ...bench, capacityItems: 16 })
    await send('begun')
    await bench.begun.first(1)
    let isStopped = false
    const stopped = puller.stop().then(() => {
      isStopped = true
    })
    await send('too-late')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(isStopped).toBe(false)
    bench.finish('begun')
    await vi.advanceTimersByTimeAsync(0)
    await stopped
    expect(replies.all).toHaveLength(1)
    expect(bench.ids).toEqual(['begun'])
  })

  it('hands back what takes too long when it stops, to be done elsewhere at once', async () => {
    freezeTime()
    const [bench, elsewhere] = [new Bench(), new Bench()]
    const { bus, send, puller } = start(bench)
    await send('slow')
    await bench.begun.first(1)
    const stopped = puller.stop()
    createPuller({ bus, queue: commands, capacityItems: 16, handle: elsewhere.handle })
    await vi.advanceTimersByTimeAsync(3_000)
    await stopped
    expect(bench.contexts[0]?.signal.aborted).toBe(true)
    expect(elsewhere.ids).toEqual(['slow'])
    expect(elsewhere.contexts[0]?.attempt).toBe(2)
  })
})

function writableTo(lines: string[]): NodeJS.WritableStream {
  return new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    },
  })
}
