import { describe, expect, it } from 'vitest'
import type { ReplyEnvelope } from '../../message.ts'
import { eventOf } from '../conformance-lab.ts'
import { deliveryFacts } from './delivery.ts'
import { eventBatches, headerSafe } from './events.ts'
import { replyMessages } from './replies.ts'
import * as subjects from './subjects.ts'

describe('subjects', () => {
  it('are made of ids alone', () => {
    expect(subjects.queueSubject({ service: 'tournaments', lane: 'queries' })).toBe('qry.tournaments')
    expect(subjects.eventsSubject('tournaments', 'A-b_9')).toBe('evt.tournaments.A-b_9')
    for (const bad of ['', '*', '>', 'a.b', 'a b', 'a\r\nPUB', 'é', 'a'.repeat(65)]) {
      expect(() => subjects.eventsSubject('tournaments', bad)).toThrow('Not an id')
      expect(() => subjects.whisperSubject('tournaments', bad)).toThrow('Not an id')
      expect(() => subjects.queueSubject({ service: bad, lane: 'commands' })).toThrow(
        'Not the name of a service',
      )
    }
    // Streams are in upper case, and two services must not share one.
    expect(() => subjects.nudgeSubject('Tournaments')).toThrow('Not the name of a service')
  })

  it('that answers go to are inboxes and nothing else', () => {
    expect(subjects.isReplySubject(subjects.replySubject('gateway', 'a1', 7))).toBe(true)
    const others = [
      '$JS.API.STREAM.DELETE.CMD_TOURNAMENTS',
      'cmd.tournaments',
      'reply.gateway.a1.*',
      'reply.>',
      '',
      'reply.gateway.a1.7 8',
    ]
    expect(others.filter(subjects.isReplySubject)).toEqual([])
  })
})

describe('batches of events', () => {
  const ids = (batches: ReturnType<typeof eventBatches>) => batches.map(({ messageId }) => messageId)

  it('hold what follows each other in one stream, and say what they hold', () => {
    const events = [
      eventOf('a', 1),
      eventOf('a', 2),
      eventOf('b', 1),
      eventOf('a', 3),
      eventOf('a', 4, 'others'),
    ]
    const batches = eventBatches(events, 100_000)
    expect(ids(batches)).toEqual(['first.a.1-2', 'first.b.1-1', 'first.a.3-3', 'first.a.4-4'])
    expect(batches.map(({ subject }) => subject)).toEqual([
      'evt.tests.a',
      'evt.tests.b',
      'evt.tests.a',
      'evt.others.a',
    ])
    expect(batches.flatMap(({ payload }) => JSON.parse(payload.toString()))).toEqual(events)
  })

  it('are bounded in bytes, but for an event that is larger by itself', () => {
    const events = Array.from({ length: 50 }, (_, index) => eventOf('a', index + 1))
    const bytesMax = 500
    const batches = eventBatches(events, bytesMax)
    expect(batches.length).toBeGreaterThan(10)
    for (const { payload } of batches) expect(payload.length).toBeLessThanOrEqual(bytesMax + 1)
    const large = { ...eventOf('a', 51), data: { text: 'é'.repeat(bytesMax) } }
    expect(ids(eventBatches([...events.slice(48), large], bytesMax)).at(-1)).toBe('first.a.51-51')
  })

  it('do not mix epochs', () => {
    const restored = { ...eventOf('a', 2), epoch: 'second' }
    expect(ids(eventBatches([eventOf('a', 1), restored], 100_000))).toEqual(['first.a.1-1', 'second.a.2-2'])
  })
})

describe('answers', () => {
  const replyOf = (...lengths: readonly number[]): ReplyEnvelope => ({
    schema: 1,
    envelope: 'e',
    replies: lengths.map((length, index) => ({
      index,
      reply: { kind: 'ok', body: { text: 'x'.repeat(length) } },
    })),
  })
  const read = (buffers: readonly Buffer[]) =>
    buffers.flatMap((buffer): ReplyEnvelope['replies'] => JSON.parse(buffer.toString()).replies)

  it('travel in one message when they fit', () => {
    expect(replyMessages(replyOf(10, 10, 10), 10_000)).toHaveLength(1)
  })

  it('are divided when they do not, and none is lost', () => {
    const reply = replyOf(400, 400, 400, 400, 400)
    const messages = replyMessages(reply, 1_000)
    expect(messages.length).toBeGreaterThan(1)
    expect(messages.every((message) => message.length <= 1_000)).toBe(true)
    expect(read(messages)).toEqual(reply.replies)
  })

  it('that are too large by themselves are faults, so that nobody waits for them', () => {
    const messages = replyMessages(replyOf(10, 5_000, 10), 1_000)
    expect(read(messages).map(({ index, reply }) => [index, reply.kind])).toEqual([
      [0, 'ok'],
      [1, 'fault'],
      [2, 'ok'],
    ])
  })
})

describe('what the broker says of a delivery', () => {
  it('is read from either form of its reply subject', () => {
    expect(deliveryFacts('$JS.ACK.CMD_TESTS.workers.3.17.21.1700000000.4')).toEqual({
      attempt: 3,
      sequence: 17,
    })
    const newer = '$JS.ACK.hub.accounthash.CMD_TESTS.workers.3.17.21.1700000000.4.token'
    expect(deliveryFacts(newer)).toEqual({ attempt: 3, sequence: 17 })
    expect(deliveryFacts('reply.gateway.a1.7')).toBeNull()
    expect(deliveryFacts('$JS.ACK.CMD_TESTS.workers.x.17.21.1.4')).toBeNull()
  })
})

it('an id that would begin another header is refused', () => {
  expect(headerSafe('0192-ok')).toBe('0192-ok')
  for (const bad of ['', 'a\r\nNats-Rollup: all', 'a b', 'é', 'a'.repeat(257)]) {
    expect(() => headerSafe(bad)).toThrow('header')
  }
})
