import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Envelope } from '../message.ts'
import { busConformance } from './conformance.ts'
import { commands, envelopeOf, eventOf, hold, itemIds, names, workOn } from './conformance-lab.ts'
import { createMemoryBus } from './memory.ts'
import { type QueueLimits, queueLimits } from './port.ts'

async function memoryBus(limits: Partial<QueueLimits>) {
  const bus = createMemoryBus({ freeze: true, limits })
  return {
    bus,
    down: async () => bus.setState('down'),
    up: async () => bus.setState('up'),
    dispose: () => bus.close(),
  }
}

busConformance('the bus of one process', memoryBus, { describe, it })

describe('the bus of one process, over time', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  function busAtRest() {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
    return createMemoryBus({ freeze: true })
  }

  it('waits two seconds for an ack, and half a second longer after each heartbeat', async () => {
    const bus = busAtRest()
    const { got } = workOn(bus, commands, 10, hold)
    await bus.enqueue(commands, envelopeOf('slow'))
    await got.first(1)
    await vi.advanceTimersByTimeAsync(500)
    got.all[0]?.working()
    await vi.advanceTimersByTimeAsync(queueLimits.ackWaitMs - 1)
    expect(got.all).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(101)
    expect(got.all.map((delivery) => delivery.attempt)).toEqual([1, 2])
  })

  it('gives up after five deliveries', async () => {
    const bus = busAtRest()
    const { got } = workOn(bus, commands, 10, hold)
    await bus.enqueue(commands, envelopeOf('killer'))
    await vi.advanceTimersByTimeAsync(20_000)
    expect(got.all).toHaveLength(queueLimits.deliveriesMax)
    expect(await bus.deadLetters(commands, 10)).toHaveLength(1)
  })

  it('forgets the ids of envelopes after two windows at most', async () => {
    const bus = busAtRest()
    const { got } = workOn(bus, commands, 10)
    const envelope = envelopeOf('same')
    await bus.enqueue(commands, envelope)
    await vi.advanceTimersByTimeAsync(queueLimits.duplicateWindowMs - 1)
    await bus.enqueue(commands, envelope)
    expect(got.all).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2 * queueLimits.duplicateWindowMs)
    await bus.enqueue(commands, envelope)
    await got.first(2)
  })

  it('runs no timer while nothing waits for time to pass', async () => {
    const bus = busAtRest()
    const { got } = workOn(bus, commands, 10)
    await bus.enqueue(commands, envelopeOf('quick'))
    await got.first(1)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(200)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('believes a late ack: what waits for another delivery is done', async () => {
    const bus = busAtRest()
    const slow = workOn(bus, commands, 1, hold)
    await bus.enqueue(commands, envelopeOf('late'))
    await slow.got.first(1)
    await vi.advanceTimersByTimeAsync(2 * queueLimits.ackWaitMs)
    slow.got.all[0]?.ack()
    const other = workOn(bus, commands, 10)
    await vi.advanceTimersByTimeAsync(2 * queueLimits.ackWaitMs)
    expect(other.got.all).toHaveLength(0)
    expect(await bus.deadLetters(commands, 10)).toHaveLength(0)
  })

  it('hears no ack while it is down, as no broker would', async () => {
    const bus = busAtRest()
    const { got } = workOn(bus, commands, 10, hold)
    await bus.enqueue(commands, envelopeOf('unheard'))
    await got.first(1)
    bus.setState('down')
    got.all[0]?.ack()
    bus.setState('up')
    await vi.advanceTimersByTimeAsync(queueLimits.ackWaitMs + 200)
    expect(got.all.map((delivery) => delivery.attempt)).toEqual([1, 2])
  })
})

describe('the bus of one process, message by message', () => {
  it('passes messages by reference', async () => {
    const bus = createMemoryBus()
    const { got } = workOn(bus, commands, 1)
    const envelope: Envelope = envelopeOf('same')
    await bus.enqueue(commands, envelope)
    expect((await got.first(1))[0]?.envelope).toBe(envelope)
  })

  it('delivers nothing before the sender has gone on', async () => {
    const bus = createMemoryBus()
    const { got } = workOn(bus, commands, 10)
    const sending = names('sent', 3).map((name) => bus.enqueue(commands, envelopeOf(name)))
    expect(got.all).toHaveLength(0)
    await Promise.all(sending)
    expect(itemIds(await got.first(3))).toEqual(names('sent', 3))
  })

  it('makes a receiver that changes a message throw, when it freezes', async () => {
    const bus = createMemoryBus({ freeze: true })
    const thrown = new Promise((resolve) => {
      bus.subscribeEvents({ service: 'tests' }, ([event]) => {
        try {
          Object.assign(event?.data ?? {}, { version: 2 })
        } catch (error) {
          resolve(error)
        }
      })
    })
    await bus.publishEvents([eventOf('stream', 1)])
    expect(await thrown).toBeInstanceOf(TypeError)
  })

  it('is down for good when it is closed', async () => {
    const bus = createMemoryBus()
    await bus.close()
    bus.setState('up')
    await expect(bus.enqueue(commands, envelopeOf('late'))).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('refuses a whisper to a channel that no service has', () => {
    const bus = createMemoryBus()
    expect(() => bus.whisper({ channel: 'nowhere:1', type: 'x', key: 'y', value: {} })).toThrow('nowhere')
  })
})
