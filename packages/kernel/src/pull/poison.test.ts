import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { commands, envelopeOf, names } from '../bus/conformance-lab.ts'
import { createMemoryBus } from '../bus/memory.ts'
import { type Bus, type Delivery, queueLimits } from '../bus/port.ts'
import type { Reply } from '../message.ts'
import { createPuller } from './puller.ts'
import { isPutOff } from './split.ts'

const ok: Reply = { kind: 'ok', body: null }
/** As long as a process takes that is started again. */
const restartMs = 300
const workMs = 20

/** What a process sees of the bus; after a crash nothing that it still does is heard. */
function processOn(bus: Bus, changes: (delivery: Delivery) => Partial<Delivery> = () => ({})) {
  let isAlive = true
  let close = () => {}
  const ifAlive = (act: () => void) => {
    if (isAlive) act()
  }
  const seen: Bus = {
    ...bus,
    enqueue: (queue, envelope) => (isAlive ? bus.enqueue(queue, envelope) : new Promise(() => {})),
    reply: (address, reply) => ifAlive(() => bus.reply(address, reply)),
    consume: (queue, onDelivery) => {
      const consumer = bus.consume(queue, (delivery) => {
        const { envelope, attempt } = delivery
        const handed: Delivery = {
          envelope,
          attempt,
          ack: () => ifAlive(() => delivery.ack()),
          nak: (delayMs) => ifAlive(() => delivery.nak(delayMs)),
          working: () => ifAlive(() => delivery.working()),
          terminate: (reason) => ifAlive(() => delivery.terminate(reason)),
          ...changes(delivery),
        }
        ifAlive(() => onDelivery(handed))
      })
      close = () => void consumer.close()
      return consumer
    },
  }
  const crash = () => {
    isAlive = false
    close()
  }
  return { bus: seen, crash }
}

/** A supervisor that starts the process again whenever the poison has killed it. */
function supervised(
  bus: Bus,
  options: { putOffMs?: number; changes?: (delivery: Delivery) => Partial<Delivery> },
) {
  const done: string[] = []
  let crashes = 0
  // A neighbour may meet the poison by chance, twice; the same chance in every run.
  let seed = 7
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const begin = () => {
    const { bus: seen, crash } = processOn(bus, options.changes)
    createPuller({
      bus: seen,
      queue: commands,
      capacityItems: 64,
      limits: { putOffMs: options.putOffMs ?? queueLimits.ackWaitMs },
      random,
      handle: (item) =>
        new Promise((resolve) => {
          if (item.id === 'poison') {
            crashes++
            crash()
            setTimeout(begin, restartMs)
          } else
            setTimeout(() => {
              done.push(item.id)
              resolve(ok)
            }, workMs)
        }),
    })
  }
  begin()
  return { done, crashes: () => crashes }
}

describe('an item that kills whoever begins it', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const neighbours = names('neighbour', 15)

  async function ends(place: number, options: Parameters<typeof supervised>[1]) {
    const bus = createMemoryBus()
    const items = neighbours.toSpliced(place, 0, 'poison')
    await bus.enqueue(commands, envelopeOf(...items))
    const process = supervised(bus, options)
    await vi.advanceTimersByTimeAsync(20 * queueLimits.ackWaitMs)
    const letters = await bus.deadLetters(commands, 100)
    const dead = letters.flatMap(({ envelope }) => envelope.items.map((item) => item.id))
    await bus.close()
    vi.clearAllTimers()
    return { dead, letters, crashes: process.crashes(), done: new Set(process.done) }
  }

  for (const place of [0, 7, 15]) {
    it(`is a dead letter after five deliveries, and takes no neighbour along (place ${place})`, async () => {
      const { dead, letters, crashes, done } = await ends(place, {})
      expect(dead).toEqual(['poison'])
      expect(letters[0]?.attempts).toBe(queueLimits.deliveriesMax)
      expect(letters[0]?.envelope).toMatchObject({ replyAs: { index: place } })
      expect(crashes).toBeGreaterThan(2)
      expect([...done].sort()).toEqual([...neighbours].sort())
    })
  }

  it('takes them along where nobody notices that an earlier delivery went wrong', async () => {
    const { dead } = await ends(0, { changes: () => ({ attempt: 1 }) })
    expect(dead).toHaveLength(16)
  })

  it('takes them along where all that a crash took comes back at the same moment', async () => {
    const { dead } = await ends(0, { putOffMs: 0, changes: (delivery) => atOnce(delivery) })
    expect(dead.length).toBeGreaterThan(1)
  })

  /** A put-off that puts nothing off: such a try is begun like any other. */
  function atOnce({ envelope, attempt }: Delivery): Partial<Delivery> {
    return envelope.replyAs === undefined ? {} : { attempt: Math.min(attempt, 1) }
  }
})

describe('putting tries off', () => {
  it('leaves the second try alone, and the last delivery', () => {
    const whole = [1, 2, 3, 4, 5].filter((attempt) => isPutOff(attempt, attempt, 5))
    const splitOff = [1, 2, 3, 4, 5].filter((attempt) => isPutOff(attempt + 1, attempt, 5))
    expect({ whole, splitOff }).toEqual({ whole: [3], splitOff: [2, 4] })
  })
})
