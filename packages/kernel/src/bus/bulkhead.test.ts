import { allOperations, type Operation } from '@matchday/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Reply, RequestItem } from '../message.ts'
import { createPuller, pullerLimits } from '../pull/puller.ts'
import { createMemoryBus } from './memory.ts'
import { createRequester, type RequesterOptions, requesterLimits } from './requester.ts'

const { pickTeam } = allOperations
const quick: Operation = { ...pickTeam, service: 'quick' }
const dead: Operation = { ...pickTeam, service: 'dead' }
const ok: Reply = { kind: 'ok', body: null }

/** One gateway and two services, of which one never answers. */
function start(limits: RequesterOptions['limits'] = {}) {
  const bus = createMemoryBus()
  const begun: RequestItem[] = []
  const handle = (item: RequestItem) => {
    begun.push(item)
    return Promise.resolve(ok)
  }
  createPuller({ bus, queue: { service: 'quick', lane: 'commands' }, capacityItems: 64, handle })
  const never = () => new Promise<Reply>(() => {})
  createPuller({ bus, queue: { service: 'dead', lane: 'commands' }, capacityItems: 64, handle: never })
  let envelopes = 0
  const requester = createRequester({ bus, newId: () => `envelope-${++envelopes}`, limits })
  let requests = 0
  const ask = (operation: Operation, more: { signal?: AbortSignal; timeoutMs?: number } = {}) => {
    const id = `request-${++requests}`
    return requester.request(operation, { id, input: {}, caller: { kind: 'anyone' }, ...more })
  }
  return { bus, requester, ask, begun }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))
const codeOf = (reply: Reply) => (reply.kind === 'fault' ? reply.code : reply.kind)

/** Many ask the dead service while some ask the quick one, for two seconds; how these fared. */
async function crowd(limits?: RequesterOptions['limits']) {
  const { requester, ask } = start(limits)
  const quickAnswers: string[] = []
  for (let tick = 0; tick < 80; tick++) {
    for (let each = 0; each < 250; each++) void ask(dead)
    for (let each = 0; each < 10; each++) void ask(quick).then((reply) => quickAnswers.push(codeOf(reply)))
    await turn()
    await vi.advanceTimersByTimeAsync(requesterLimits.expiryTickMs)
  }
  const saturated = { dead: requester.isSaturated(dead), quick: requester.isSaturated(quick) }
  await requester.close()
  return { quickAnswers, saturated }
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a service that never answers', () => {
  it('takes nothing from the others', async () => {
    const { quickAnswers, saturated } = await crowd()
    expect(quickAnswers).toEqual(Array(800).fill('ok'))
    expect(saturated).toEqual({ dead: true, quick: false })
  })

  it('takes everything where it is not held apart', async () => {
    const apart = { pendingPerQueueMax: 1e9, pendingPerQueueMin: 1e9 }
    const { quickAnswers } = await crowd(apart)
    expect(quickAnswers.filter((answer) => answer === 'overloaded').length).toBeGreaterThan(300)
  })

  it('is asked by few until it answers again', async () => {
    const { ask, requester } = start()
    const answers: string[] = []
    for (let tick = 0; tick < 40; tick++) {
      for (let each = 0; each < 25; each++) void ask(dead).then((reply) => answers.push(codeOf(reply)))
      await turn()
      await vi.advanceTimersByTimeAsync(requesterLimits.expiryTickMs)
    }
    expect(requester.queues()).toMatchObject([
      { service: 'dead', lane: 'commands', allowed: requesterLimits.pendingPerQueueMin },
    ])
    await vi.advanceTimersByTimeAsync(requesterLimits.timeoutMs + 100)
    expect(new Set(answers)).toEqual(new Set(['overloaded', 'timed-out']))
    expect(requester.isSaturated(dead)).toBe(false)
    expect(requester.pending).toBe(0)
    expect(requester.outcomes.get('pickTeam')?.get('timed-out')).toBe(
      answers.filter((answer) => answer === 'timed-out').length,
    )
  })
})

describe('a client that hangs up', () => {
  it('leaves room for others at once, in every envelope that its requests are in', async () => {
    const { ask, requester, begun } = start()
    const hangUp = new AbortController()
    const gone = Array.from({ length: 40 }, (_, each) =>
      ask(each % 2 === 0 ? dead : quick, { signal: hangUp.signal }),
    )
    const stays = ask(dead)
    await turn()
    const unsent = [ask(quick, { signal: hangUp.signal }), ask(quick)]
    expect(requester.pending).toBe(20 + 1 + 2)
    hangUp.abort()
    expect(requester.pending).toBe(2)
    await turn()
    expect((await Promise.all(gone)).map(codeOf)).toEqual(
      Array.from({ length: 40 }, (_, each) => (each % 2 === 0 ? 'timed-out' : 'ok')),
    )
    expect((await Promise.all(unsent)).map(codeOf)).toEqual(['timed-out', 'ok'])
    expect(begun).toHaveLength(21)
    await requester.close()
    expect(codeOf(await stays)).toBe('unavailable')
  })
})

describe('work that is late', () => {
  it('is not begun, whether it waited in the queue or in the hands of a crashed process', async () => {
    const { bus, ask, begun } = start()
    const taken: string[] = []
    const crashed = bus.consume({ service: 'late', lane: 'commands' }, ({ envelope }) =>
      taken.push(envelope.id),
    )
    crashed.pull(1)
    const late: Operation = { ...pickTeam, service: 'late' }
    const asked = [ask(late, { timeoutMs: 1_000 })]
    await turn()
    asked.push(ask(late, { timeoutMs: 1_000 }))
    await turn()
    await vi.advanceTimersByTimeAsync(pullerLimits.heartbeatMs + 600)
    expect((await Promise.all(asked)).map(codeOf)).toEqual(['timed-out', 'timed-out'])
    await crashed.close()
    const handle = (item: RequestItem) => {
      begun.push(item)
      return Promise.resolve(ok)
    }
    const puller = createPuller({
      bus,
      queue: { service: 'late', lane: 'commands' },
      capacityItems: 64,
      handle,
    })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(taken).toHaveLength(1)
    expect(puller.figures.deliveries).toBe(2)
    expect(begun).toEqual([])
    // In time it would have been begun.
    expect(codeOf(await ask(late))).toBe('ok')
    expect(begun).toHaveLength(1)
  })
})
