import { beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../../fault.ts'
import { eventOf } from '../conformance-lab.ts'
import { EventPublisher } from './event-publisher.ts'

/** A stream of a broker, which drops what it has by its id. */
class Stream {
  readonly ids: string[] = []
  acknowledged = 0
  /** The next messages that nobody waits for, and that never arrive. */
  losing = 0
  isAway = false

  take(messageId: string | undefined): { seq: number } {
    const known = this.ids.indexOf(messageId ?? '')
    if (known >= 0) return { seq: known + 1 }
    return { seq: this.ids.push(messageId ?? '') }
  }

  readonly link = {
    publish: (_subject: string, _payload: Uint8Array, _replyTo?: string, messageId?: string) => {
      if (this.losing > 0) this.losing--
      else this.take(messageId)
    },
  }
  readonly questions = {
    publish: async (_subject: string, _payload: Uint8Array, { messageId }: { messageId?: string }) => {
      if (this.isAway) throw new Fault('unavailable', 'away', { retryable: true })
      this.acknowledged++
      return this.take(messageId)
    },
  }
}

const names = ['a', 'b', 'c', 'd']
const eventsAt = (version: number) => names.map((name) => eventOf(name, version))
const idsAt = (version: number) => names.map((name) => `first.${name}.${version}-${version}`)

describe('events of many streams', () => {
  let stream: Stream
  let publisher: EventPublisher
  beforeEach(async () => {
    stream = new Stream()
    publisher = new EventPublisher(stream.link, stream.questions, 10_000)
    await publisher.publish(eventsAt(1))
    expect(stream.acknowledged).toBe(names.length)
    stream.acknowledged = 0
  })

  it('are acknowledged together', async () => {
    await publisher.publish(eventsAt(2))
    await publisher.publish([])
    await publisher.publish(eventsAt(3))
    await publisher.publish([eventOf('a', 4)])
    expect(stream.acknowledged).toBe(3)
    expect(stream.ids).toEqual([...idsAt(1), ...idsAt(2), ...idsAt(3), 'first.a.4-4'])
  })

  it.each([1, 2, 3])('are all there although %i of them were lost', async (lost) => {
    stream.losing = lost
    await publisher.publish(eventsAt(2))
    expect([...stream.ids].sort()).toEqual([...idsAt(1), ...idsAt(2)].sort())
    expect(stream.acknowledged).toBe(1 + names.length)
    await publisher.publish(eventsAt(3))
    expect(stream.acknowledged).toBe(2 + names.length)
  })

  it('are there once although somebody else publishes', async () => {
    stream.take('another')
    await publisher.publish(eventsAt(2))
    await publisher.publish(eventsAt(2))
    await publisher.publish(eventsAt(3))
    expect(stream.ids).toEqual([...idsAt(1), 'another', ...idsAt(2), ...idsAt(3)])
  })

  it('are told apart by service, for each has a stream of its own', async () => {
    await publisher.publish([eventOf('a', 2), { ...eventOf('b', 2), service: 'other' }])
    await publisher.publish([eventOf('a', 3), eventOf('b', 3)])
    expect(stream.ids.slice(4)).toEqual(['first.a.2-2', 'first.b.2-2', 'first.a.3-3', 'first.b.3-3'])
  })

  it('are not told as published when nobody says so, and are published whole by whoever tries again', async () => {
    stream.isAway = true
    stream.losing = 3
    await expect(publisher.publish(eventsAt(2))).rejects.toMatchObject({ code: 'unavailable' })
    stream.isAway = false
    await publisher.publish(eventsAt(2))
    expect([...stream.ids].sort()).toEqual([...idsAt(1), ...idsAt(2)].sort())
  })
})
