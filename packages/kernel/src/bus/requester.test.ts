import { allOperations, type Operation, tournamentInternals } from '@matchday/contracts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Clock, systemClock } from '../clock.ts'
import type { Envelope, Reply } from '../message.ts'
import { createMemoryBus } from './memory.ts'
import { type Delivery, type Lane, lanes, queueLimits } from './port.ts'
import { createRequester, type RequestCall, requesterLimits } from './requester.ts'

const { pickTeam, getTournament, highlightTeam } = allOperations
const ok: Reply = { kind: 'ok', body: { done: true } }

function call(id: string, more: Partial<RequestCall> = {}): RequestCall {
  return { id, input: { team: 'one' }, caller: { kind: 'anyone' }, ...more }
}

/** However slow the machine is: no envelope has been open for long. */
const stopped: Clock = { now: () => Date.now(), monotonicMs: () => 0 }

/** A requester, and what it sends; `answer` gives the reply to each item, or null to stay silent. */
function start(answer: (id: string) => Reply | null = () => ok, clock: Clock = stopped) {
  const bus = createMemoryBus({ freeze: true })
  const sent: Record<Lane, Envelope[]> = { commands: [], private: [], queries: [] }
  const deliveries: Delivery[] = []
  for (const lane of lanes) {
    const consumer = bus.consume({ service: 'tournaments', lane }, (delivery) => {
      const { id, items, replyTo } = delivery.envelope
      sent[lane].push(delivery.envelope)
      deliveries.push(delivery)
      const replies = items.flatMap((item, index) => {
        const reply = answer(item.id)
        return reply === null ? [] : [{ index, reply }]
      })
      bus.reply(replyTo ?? '', { schema: 1, envelope: id, replies })
      delivery.ack()
    })
    consumer.pull(1_000)
  }
  let envelopes = 0
  const requester = createRequester({ bus, newId: () => `envelope-${++envelopes}`, clock })
  return { bus, requester, sent, deliveries }
}

const idsOf = (envelopes: readonly Envelope[]) => envelopes.map((each) => each.items.map((item) => item.id))
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `request-${index}`)

describe('collecting requests', () => {
  it('sends what comes in one turn together, at most 16 to an envelope, in order', async () => {
    const { requester, sent } = start()
    const replies = await Promise.all(numbered(20).map((id) => requester.request(pickTeam, call(id))))
    expect(idsOf(sent.commands)).toEqual([numbered(20).slice(0, 16), numbered(20).slice(16)])
    expect(replies).toEqual(Array(20).fill(ok))
    expect(requester.pending).toBe(0)
  })

  it('keeps commands apart from queries and signals', async () => {
    const { requester, sent } = start()
    const operations = [pickTeam, getTournament, highlightTeam, pickTeam]
    await Promise.all(operations.map((operation, index) => requester.request(operation, call(`${index}`))))
    expect(idsOf(sent.commands)).toEqual([['0', '3']])
    expect(idsOf(sent.queries)).toEqual([['1', '2']])
  })

  it('keeps what is private apart from both, but for queries, which are written nowhere anyway', async () => {
    const { requester, sent } = start()
    const hidden = { private: true } as const
    const operations = [
      pickTeam,
      { ...pickTeam, ...hidden },
      { ...getTournament, ...hidden },
      { ...highlightTeam, ...hidden },
      getTournament,
    ]
    await Promise.all(operations.map((operation, index) => requester.request(operation, call(`${index}`))))
    expect(idsOf(sent.commands)).toEqual([['0']])
    expect(idsOf(sent.private)).toEqual([['1', '3']])
    expect(idsOf(sent.queries)).toEqual([['2', '4']])
    expect(requester.queues().map(({ lane }) => lane)).toEqual(['commands', 'private', 'queries'])
  })

  it('takes operations between services as well', async () => {
    const { requester, sent } = start()
    const { getOwner } = tournamentInternals
    const caller = { kind: 'service', service: 'organizations' } as const
    expect(await requester.request(getOwner, call('one', { caller }))).toEqual(ok)
    expect(sent.queries[0]?.items).toMatchObject([{ operation: 'getOwner', caller }])
  })

  it('passes on where the client is, and only if it is told', async () => {
    const { requester, sent } = start()
    await requester.request(pickTeam, call('one', { address: '192.0.2.7' }))
    await requester.request(pickTeam, call('two', { expectedVersion: 3 }))
    const items = sent.commands.flatMap((each) => each.items)
    expect(items.map((item) => item.address)).toEqual(['192.0.2.7', undefined])
    expect(Object.keys(items[1] ?? {})).not.toContain('address')
    await requester.request(pickTeam, call('three', { device: 'a phone' }))
    expect(sent.commands.at(-1)?.items).toMatchObject([{ device: 'a phone' }])
  })

  it('keeps all that a rejection says', async () => {
    const rejected: Reply = {
      kind: 'rejected',
      code: 'too-many-requests',
      detail: 'Later.',
      fields: [{ path: '/body/email', code: 'format', message: 'No.' }],
      retryAfterS: 30,
    }
    const { requester } = start(() => rejected)
    expect(await requester.request(pickTeam, call('one'))).toEqual(rejected)
  })

  it('gives each its own answer', async () => {
    const { requester } = start((id) => ({ kind: 'ok', body: { id } }))
    const replies = await Promise.all(numbered(40).map((id) => requester.request(pickTeam, call(id))))
    expect(replies).toEqual(numbered(40).map((id) => ({ kind: 'ok', body: { id } })))
  })

  it('passes on who asks, the version that he saw, the trace and the deadline', async () => {
    const { requester, sent } = start()
    const before = Date.now()
    await requester.request(
      pickTeam,
      call('one', { expectedVersion: 7, trace: '00-aa-bb-01', timeoutMs: 1_000 }),
    )
    const item = sent.commands[0]?.items[0]
    expect(item).toMatchObject({ operation: 'pickTeam', caller: { kind: 'anyone' }, input: { team: 'one' } })
    expect(item).toMatchObject({ expectedVersion: 7, trace: '00-aa-bb-01' })
    expect(item?.deadlineAt).toBeGreaterThanOrEqual(before + 1_000)
    expect(item?.deadlineAt).toBeLessThanOrEqual(Date.now() + 1_000)
  })

  it('lets a dear operation travel alone, and in its place', async () => {
    const { requester, sent } = start()
    const dear: Operation = { ...pickTeam, travelsAlone: true }
    const operations = [pickTeam, pickTeam, dear, pickTeam]
    await Promise.all(operations.map((operation, index) => requester.request(operation, call(`${index}`))))
    expect(idsOf(sent.commands)).toEqual([['0', '1'], ['2'], ['3']])
  })

  it('fills an envelope with no more bytes than it may hold', async () => {
    const { requester, sent } = start()
    const text = 'é'.repeat(50_000)
    const replies = await Promise.all(
      numbered(5).map((id) => requester.request(pickTeam, call(id, { input: { text } }))),
    )
    expect(idsOf(sent.commands)).toEqual([
      numbered(5).slice(0, 2),
      numbered(5).slice(2, 4),
      numbered(5).slice(4),
    ])
    expect(replies).toEqual(Array(5).fill(ok))
    for (const each of sent.commands) {
      expect(Buffer.byteLength(JSON.stringify(each))).toBeLessThanOrEqual(queueLimits.envelopeBytesMax)
    }
  })

  it('adds nothing to an envelope that has been open for longer than a millisecond', async () => {
    let nowMs = 0
    const { requester, sent } = start(undefined, { ...stopped, monotonicMs: () => nowMs })
    const first = requester.request(pickTeam, call('first'))
    nowMs = 1.1
    await Promise.all([first, requester.request(pickTeam, call('second'))])
    expect(idsOf(sent.commands)).toEqual([['first'], ['second']])
  })

  it('fills an envelope a little longer when many wait anyway, and sends it at once when none do', async () => {
    let nowMs = 0
    const { requester, sent } = start((id) => (id.startsWith('quick') ? ok : null), {
      ...stopped,
      monotonicMs: () => nowMs,
    })
    const { pendingPerQueueMin, lingerMsMax, knownAfterMs, expiryTickMs } = requesterLimits
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
    const waiting = numbered(2 * pendingPerQueueMin).map((id) => requester.request(pickTeam, call(id)))
    const envelopes = () => sent.commands.length
    await turn()
    expect(envelopes()).toBe((2 * pendingPerQueueMin) / 16)
    // Nothing is known of the service's speed yet.
    const early = requester.request(pickTeam, call('early'))
    await turn()
    await turn()
    expect(idsOf(sent.commands).at(-1)).toEqual(['early'])
    // The clock of the looks is real, what they see is not.
    for (let look = 0; look <= knownAfterMs / expiryTickMs; look++) {
      nowMs += expiryTickMs
      const quick = numbered(10).map((id) => requester.request(pickTeam, call(`quick-${look}-${id}`)))
      await turn()
      // As soon as the speed is known, these linger too.
      nowMs += lingerMsMax
      await Promise.all(quick)
      await new Promise((resolve) => setTimeout(resolve, 2 * expiryTickMs))
    }
    const before = envelopes()
    const late = ['a', 'b', 'c'].map((id) => {
      nowMs += lingerMsMax / 4
      return requester.request(pickTeam, call(id))
    })
    await turn()
    expect(envelopes()).toBe(before)
    nowMs += lingerMsMax
    await vi.waitFor(() => expect(envelopes()).toBe(before + 1))
    expect(idsOf(sent.commands).at(-1)).toEqual(['a', 'b', 'c'])
    await requester.close()
    expect((await Promise.all([...waiting, early, ...late])).every(({ kind }) => kind === 'fault')).toBe(true)
  })
})

describe('requests that go wrong', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  const fault = (code: string, retryable: boolean) => ({ kind: 'fault', code, retryable })

  it('answers `timed-out` when no answer comes by the deadline of each', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date', 'performance'] })
    const { requester } = start((id) => (id === 'answered' ? ok : null), systemClock)
    const told: string[] = []
    const ask = async (id: string, timeoutMs?: number) => {
      const reply = await requester.request(pickTeam, call(id, timeoutMs === undefined ? {} : { timeoutMs }))
      told.push(`${id} ${reply.kind === 'fault' ? reply.code : reply.kind}`)
    }
    const all = Promise.all([ask('impatient', 200), ask('answered'), ask('patient')])
    await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(199)
    expect(told).toEqual(['answered ok'])
    await vi.advanceTimersByTimeAsync(1 + requesterLimits.expiryTickMs)
    expect(told).toEqual(['answered ok', 'impatient timed-out'])
    await vi.advanceTimersByTimeAsync(requesterLimits.timeoutMs)
    await all
    expect(told.at(-1)).toBe('patient timed-out')
    expect(requester.pending).toBe(0)
    await vi.advanceTimersByTimeAsync(100)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('answers `overloaded` when the queue is full', async () => {
    const bus = createMemoryBus({ limits: { waitingMax: 1 } })
    const requester = createRequester({ bus, newId: () => crypto.randomUUID(), clock: stopped })
    const replies = Promise.all(numbered(32).map((id) => requester.request(pickTeam, call(id))))
    await new Promise((resolve) => setImmediate(resolve))
    expect(requester.pending).toBe(16)
    await requester.close()
    const codes = (await replies).map((reply) => reply.kind === 'fault' && reply.code)
    expect(codes).toEqual([...Array(16).fill('unavailable'), ...Array(16).fill('overloaded')])
  })

  it('answers `overloaded` when too many wait', async () => {
    const { bus } = start(() => null)
    const requester = createRequester({ bus, newId: () => crypto.randomUUID(), limits: { pendingMax: 2 } })
    const waiting = numbered(2).map((id) => requester.request(pickTeam, call(id)))
    expect(await requester.request(pickTeam, call('third'))).toEqual(fault('overloaded', true))
    await requester.close()
    expect(await Promise.all(waiting)).toEqual(Array(2).fill(fault('unavailable', true)))
  })

  it('answers `payload-too-large` to what fits into no envelope', async () => {
    const { requester, sent } = start()
    const input = { text: 'a'.repeat(queueLimits.envelopeBytesMax) }
    expect(await requester.request(pickTeam, call('large', { input }))).toEqual(
      fault('payload-too-large', false),
    )
    expect(sent.commands).toEqual([])
  })

  it('answers `internal` when the bus fails in a way that nobody knows', async () => {
    const bus = createMemoryBus()
    bus.enqueue = () => Promise.reject(new TypeError('a bug'))
    const requester = createRequester({ bus, newId: () => 'envelope' })
    expect(await requester.request(pickTeam, call('one'))).toEqual(fault('internal', false))
  })

  it('does not send what was called off before its envelope left', async () => {
    const { requester, sent } = start((id) => ({ kind: 'ok', body: { id } }))
    const hangUp = new AbortController()
    const replies = [
      requester.request(pickTeam, call('first')),
      requester.request(pickTeam, call('gone', { signal: hangUp.signal })),
      requester.request(pickTeam, call('last')),
      requester.request(pickTeam, call('late', { signal: AbortSignal.abort() })),
    ]
    hangUp.abort()
    const timedOut = fault('timed-out', true)
    const bodyOf = (id: string) => ({ kind: 'ok', body: { id } })
    expect(await Promise.all(replies)).toEqual([bodyOf('first'), timedOut, bodyOf('last'), timedOut])
    expect(idsOf(sent.commands)).toEqual([['first', 'last']])
  })

  it('sends no envelope whose requests were all called off', async () => {
    const { requester, sent } = start()
    const hangUp = new AbortController()
    const reply = requester.request(pickTeam, call('gone', { signal: hangUp.signal }))
    hangUp.abort()
    await reply
    await new Promise((resolve) => setImmediate(resolve))
    expect(sent.commands).toEqual([])
  })

  it('drops the answer to what was called off after it had left', async () => {
    const { bus, requester, deliveries } = start(() => null)
    const hangUp = new AbortController()
    const gone = requester.request(pickTeam, call('gone', { signal: hangUp.signal }))
    const stays = requester.request(pickTeam, call('stays'))
    await new Promise((resolve) => setImmediate(resolve))
    hangUp.abort()
    expect(await gone).toEqual(fault('timed-out', true))
    const { id, replyTo } = deliveries[0]!.envelope
    const replies = [0, 1, 2].map((index) => ({ index, reply: ok }))
    bus.reply(replyTo ?? '', { schema: 1, envelope: id, replies })
    bus.reply(replyTo ?? '', { schema: 1, envelope: id, replies })
    bus.reply(replyTo ?? '', { schema: 1, envelope: 'unknown', replies })
    expect(await stays).toEqual(ok)
    expect(requester.pending).toBe(0)
  })

  it('takes nothing more once it is closed', async () => {
    const { requester } = start()
    const open = requester.request(pickTeam, call('open'))
    await requester.close()
    expect(await open).toEqual(fault('unavailable', true))
    expect(await requester.request(pickTeam, call('late'))).toEqual(fault('unavailable', true))
  })
})
