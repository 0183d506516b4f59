import { describe, expect, it } from 'vitest'
import type { Envelope } from '../message.ts'
import { busChecks, laneChecks, type MakeBus } from './conformance.ts'
import { patience } from './conformance-lab.ts'
import { createMemoryBus } from './memory.ts'
import { type Bus, type DeadLetter, type Delivery, lanes, type Queue, type QueueLimits } from './port.ts'

/**
 * A check that cannot fail proves nothing. So each check is shown a bus with a planted fault that it must find, and
 * the same bus without one, in which it must find nothing.
 */
type Plant = {
  readonly limits?: Partial<QueueLimits>
  readonly freeze?: boolean
  readonly spoil?: (bus: Bus) => Partial<Bus>
  /** The checks that must find it. */
  readonly foundBy: readonly string[]
}

const plants: Record<string, Plant> = {
  'swaps neighbours': {
    spoil: (bus) => {
      let held: Envelope | null = null
      const enqueue = async (queue: Queue, envelope: Envelope) => {
        const earlier = held
        held = earlier === null ? envelope : null
        if (earlier === null) return
        await bus.enqueue(queue, envelope)
        await bus.enqueue(queue, earlier)
      }
      return { enqueue }
    },
    foundBy: [
      'envelopes are delivered first in the order in which they arrived',
      'envelopes sent without waiting keep their order too',
    ],
  },
  'loses the last of many items': {
    spoil: (bus) => ({
      enqueue: (queue, envelope) => bus.enqueue(queue, { ...envelope, items: envelope.items.slice(0, 15) }),
    }),
    foundBy: ['an envelope arrives as it was sent, with up to 16 items'],
  },
  'takes envelopes of any number of items': {
    limits: { itemsPerEnvelopeMax: 100 },
    foundBy: ['an envelope of 17 items is refused'],
  },
  'takes envelopes of any size': {
    limits: { envelopeBytesMax: 1e9 },
    foundBy: ['an envelope of too many bytes is refused, whatever its characters'],
  },
  'takes small envelopes only': {
    limits: { envelopeBytesMax: 100_000 },
    foundBy: ['an envelope of nearly the most bytes gets through'],
  },
  'delivers twice': {
    spoil: (bus) => spoilDeliveries(bus, (delivery, onDelivery) => [delivery, delivery].forEach(onDelivery)),
    foundBy: [
      'consumers compete: each envelope goes to exactly one of them',
      'what was acknowledged never comes again',
    ],
  },
  'gives more than was asked for': {
    spoil: (bus) => ({
      consume: (queue, onDelivery) => {
        const consumer = bus.consume(queue, onDelivery)
        return { pull: (envelopes) => consumer.pull(envelopes + 1), close: () => consumer.close() }
      },
    }),
    foundBy: ['nobody is given more than he asked for', 'work waits for whoever has credits'],
  },
  'drops what nobody waits for': {
    spoil: (bus) => {
      let isAwaited = false
      return {
        enqueue: async (queue, envelope) => (isAwaited ? bus.enqueue(queue, envelope) : undefined),
        consume: (queue, onDelivery) => {
          isAwaited = true
          return bus.consume(queue, onDelivery)
        },
      }
    },
    foundBy: ['what comes before the first consumer waits for it'],
  },
  'forgets ids at once': {
    limits: { duplicateWindowMs: 0 },
    foundBy: ['a second envelope with the same id is dropped, also after the first was done'],
  },
  'has no bound': {
    limits: { waitingMax: 1e6, deadLettersMax: 1e6 },
    foundBy: [
      'a full queue refuses at once, and takes more when there is room',
      'dead letters are listed oldest first, and bounded',
    ],
  },
  'remembers the ids of what it refused': {
    spoil: (bus) => {
      const seen = new Set<string>()
      const enqueue = async (queue: Queue, envelope: Envelope) => {
        if (seen.has(envelope.id)) return
        seen.add(envelope.id)
        await bus.enqueue(queue, envelope)
      }
      return { enqueue }
    },
    foundBy: ['an envelope that a full queue refused may be sent again'],
  },
  'has one queue for all': {
    spoil: (bus) => {
      const only: Queue = { service: 'all', lane: 'commands' }
      return {
        enqueue: (_queue, envelope) => bus.enqueue(only, envelope),
        consume: (_queue, onDelivery) => bus.consume(only, onDelivery),
      }
    },
    foundBy: ['lanes and services are independent: a full one keeps no other from its work'],
  },
  'goes on giving to who has closed': {
    spoil: (bus) => ({
      consume: (queue, onDelivery) => {
        const consumer = bus.consume(queue, onDelivery)
        return { pull: (envelopes) => consumer.pull(envelopes), close: async () => {} }
      },
    }),
    foundBy: ['a consumer that closes leaves what it was not given to the others'],
  },
  'hears no ack after closing': {
    spoil: (bus) => {
      let isClosed = false
      const deaf = spoilDeliveries(bus, (delivery, onDelivery) =>
        onDelivery(changed(delivery, { ack: () => (isClosed ? undefined : delivery.ack()) })),
      )
      return {
        consume: (queue, onDelivery) => {
          const consumer = deaf.consume(queue, onDelivery)
          const close = () => {
            isClosed = true
            return consumer.close()
          }
          return { pull: (envelopes) => consumer.pull(envelopes), close }
        },
      }
    },
    foundBy: ['a consumer that closed may still end what it holds'],
  },
  'sends what was called off': {
    spoil: (bus) => ({ enqueue: (queue, envelope) => bus.enqueue(queue, envelope) }),
    foundBy: ['sending that was called off fails'],
  },
  'hears no ack': {
    spoil: (bus) => spoilEnds(bus, () => ({ ack: () => {} })),
    foundBy: ['what was acknowledged never comes again', 'only the first of ack, nak and terminate counts'],
  },
  'takes handing back for done': {
    spoil: (bus) => spoilEnds(bus, (delivery) => ({ nak: () => delivery.ack() })),
    foundBy: ['what was handed back comes again, as the next attempt'],
  },
  'ignores delays': {
    spoil: (bus) => spoilEnds(bus, (delivery) => ({ nak: () => delivery.nak() })),
    foundBy: ['what was handed back with a delay comes after it, and others meanwhile'],
  },
  'waits for ever': {
    limits: { ackWaitMs: 60_000 },
    foundBy: [
      'whatever nobody ends in time goes to somebody else',
      'an envelope that kills every consumer is a dead letter too',
    ],
  },
  'hears no heartbeat': {
    spoil: (bus) => spoilEnds(bus, () => ({ working: () => {} })),
    foundBy: ['a heartbeat begins the ack wait anew'],
  },
  'never gives up': {
    limits: { deliveriesMax: 50 },
    foundBy: ['after the last delivery an envelope is a dead letter'],
  },
  'tries again what can never be done': {
    spoil: (bus) => spoilEnds(bus, (delivery) => ({ terminate: () => delivery.nak() })),
    foundBy: ['a terminated envelope is a dead letter at once, with the reason'],
  },
  'forgets what it should replay': {
    spoil: () => ({ replayDeadLetter: async () => true }),
    foundBy: [
      'a replayed dead letter is delivered again, in time to be done',
      'a dead letter whose input was not kept is not replayed',
    ],
  },
  'keeps what is dismissed': {
    spoil: () => ({ dismissDeadLetter: async () => true }),
    foundBy: ['a dismissed dead letter is gone, and no other'],
  },
  'keeps nothing of dead letters but ids': {
    spoil: (bus) => changeLetters(bus, ({ envelope: { schema, id, items } }) => ({ schema, id, items })),
    foundBy: ['a dead letter of a lane that is written down holds the whole envelope'],
  },
  'keeps all of dead letters': {
    spoil: (bus) => {
      const sent = new Map<string, Envelope>()
      const enqueue = (queue: Queue, envelope: Envelope) => {
        sent.set(envelope.id, envelope)
        return bus.enqueue(queue, envelope)
      }
      return { enqueue, ...changeLetters(bus, ({ envelope }) => sent.get(envelope.id) ?? envelope) }
    },
    foundBy: ['a dead letter of a lane that is not written down keeps ids and operations alone'],
  },
  'shares messages that can be changed': {
    freeze: false,
    foundBy: [
      'a delivery that was changed is delivered again as it was sent',
      'what one receiver does to an event, a whisper or an answer is not seen by others',
    ],
  },
  'loses answers': {
    spoil: (bus) => {
      let count = 0
      return { reply: (address, reply) => (count++ % 2 === 0 ? bus.reply(address, reply) : undefined) }
    },
    foundBy: ['answers arrive at the inbox they are sent to, in order, as they were sent'],
  },
  'fails when nobody is there to hear': {
    spoil: (bus) => {
      const open = new Set<string>()
      return {
        openInbox: (onReply) => {
          const inbox = bus.openInbox(onReply)
          open.add(inbox.address)
          return { address: inbox.address, close: () => open.delete(inbox.address) }
        },
        reply: (address, reply) => {
          if (!open.has(address) || bus.state === 'down') throw new Error('nobody is there')
          bus.reply(address, reply)
        },
      }
    },
    foundBy: [
      'an answer to an inbox that is gone, or never was, is no error',
      'what is at most once may be lost while the bus is down, and is no error',
    ],
  },
  'publishes backwards': {
    spoil: (bus) => ({ publishEvents: (events) => bus.publishEvents(events.toReversed()) }),
    foundBy: ['events reach every subscriber of their service, in the order of publishing'],
  },
  'takes a batch for one service': {
    spoil: (bus) => ({
      publishEvents: (events) => {
        const service = events[0]?.service ?? ''
        return bus.publishEvents(events.map((event) => ({ ...event, service })))
      },
    }),
    foundBy: ['events of several services in one batch reach their own subscribers'],
  },
  'tells who has closed': {
    spoil: (bus) => ({
      subscribeEvents: (topic, onEvents) => {
        bus.subscribeEvents(topic, onEvents)
        return { close: () => {} }
      },
    }),
    foundBy: ['a subscriber gets what comes from then on, until it closes'],
  },
  'whispers to everybody': {
    spoil: (bus) => ({
      subscribeWhispers: (_topic, onWhisper) => bus.subscribeWhispers({ service: 'tournaments' }, onWhisper),
    }),
    foundBy: ['whispers reach the subscribers of the service that has the channel'],
  },
  'takes one stream for all': {
    spoil: (bus) => ({
      subscribeEvents: ({ service }, onEvents) => bus.subscribeEvents({ service }, onEvents),
      subscribeWhispers: ({ service }, onWhisper) => bus.subscribeWhispers({ service }, onWhisper),
    }),
    foundBy: [
      'who listens to one stream gets its events only, in order',
      'who listens to one stream gets its whispers only',
    ],
  },
  'nudges for each commit': {
    spoil: (bus) => {
      let nudges = 0
      return { nudge: (service) => void setTimeout(() => bus.nudge(service), nudges++) }
    },
    foundBy: ['a nudge reaches all who listen for their service, and many in one turn are one'],
  },
  'nudges one of many': {
    spoil: (bus) => {
      let listeners = 0
      return {
        onNudge: (service, listener) =>
          listeners++ === 0 ? bus.onNudge(service, listener) : { close: () => undefined },
      }
    },
    foundBy: ['a nudge reaches all who listen for their service, and many in one turn are one'],
  },
  'falls silent after a listener threw': {
    spoil: (bus) => {
      let isBroken = false
      return {
        subscribeEvents: (topic, onEvents) =>
          bus.subscribeEvents(topic, (events) => {
            if (isBroken) return
            isBroken = true
            onEvents(events)
            isBroken = false
          }),
      }
    },
    foundBy: ['a listener that throws takes nothing from the others'],
  },
  'lets senders wait while it is down': {
    spoil: (bus) => ({
      enqueue: async (queue, envelope) => {
        if (bus.state === 'down') await new Promise((resolve) => bus.onState(resolve))
        await bus.enqueue(queue, envelope)
      },
    }),
    foundBy: ['while the bus is down, senders are told at once'],
  },
  'loses its consumers when it goes down': {
    spoil: (bus) => {
      let wasDown = false
      bus.onState(() => {
        wasDown = true
      })
      return spoilDeliveries(bus, (delivery, onDelivery) => (wasDown ? undefined : onDelivery(delivery)))
    },
    foundBy: ['what a queue holds survives the bus being down, and so do its consumers'],
  },
}

/** All checks, those of each lane once for each. */
const checks = [
  ...Object.entries(busChecks),
  ...lanes.flatMap((lane) => Object.entries(laneChecks[lane])),
].map(([sentence, check]) => ({ sentence, check }))

describe('the checks of a bus find planted faults', () => {
  it('and nothing in a bus without a fault', async () => {
    const results = await Promise.allSettled(checks.map(({ check }) => check(planted({ foundBy: [] }))))
    expect(results.filter((result) => result.status === 'rejected')).toEqual([])
  })

  for (const [fault, plant] of Object.entries(plants)) {
    it(`a bus that ${fault}`, async () => {
      patience.arrivalMs = 400
      const finders = checks.filter(({ sentence }) => plant.foundBy.includes(sentence))
      const results = await Promise.allSettled(finders.map(({ check }) => check(planted(plant))))
      expect(finders.filter((_, index) => results[index]?.status !== 'rejected')).toEqual([])
      expect(new Set(finders.map(({ sentence }) => sentence))).toEqual(new Set(plant.foundBy))
    })
  }

  it('every check finds one', () => {
    const finders = new Set(Object.values(plants).flatMap((plant) => plant.foundBy))
    expect(checks.filter(({ sentence }) => !finders.has(sentence))).toEqual([])
  })
})

function planted(plant: Plant): MakeBus {
  return async (limits) => {
    const sound = createMemoryBus({ freeze: plant.freeze ?? true, limits: { ...limits, ...plant.limits } })
    return {
      bus: spoiled(sound, plant.spoil?.(sound) ?? {}),
      down: async () => sound.setState('down'),
      up: async () => sound.setState('up'),
      dispose: () => sound.close(),
    }
  }
}

function spoiled(bus: Bus, changes: Partial<Bus>): Bus {
  return new Proxy(bus, {
    get: (target, key) => {
      const value: unknown = Reflect.get(changes, key) ?? Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function changeLetters(bus: Bus, change: (letter: DeadLetter) => unknown): Pick<Bus, 'deadLetters'> {
  const deadLetters = async (queue: Queue, limit: number) => {
    const letters = await bus.deadLetters(queue, limit)
    // Whatever it is by then: the checks are to find out.
    return letters.map((letter) => ({ ...letter, envelope: change(letter) }) as DeadLetter)
  }
  return { deadLetters }
}

function spoilDeliveries(
  bus: Bus,
  pass: (delivery: Delivery, onDelivery: (delivery: Delivery) => void) => void,
): Pick<Bus, 'consume'> {
  return { consume: (queue, onDelivery) => bus.consume(queue, (delivery) => pass(delivery, onDelivery)) }
}

function spoilEnds(bus: Bus, ends: (delivery: Delivery) => Partial<Delivery>): Pick<Bus, 'consume'> {
  return spoilDeliveries(bus, (delivery, onDelivery) => onDelivery(changed(delivery, ends(delivery))))
}

function changed(delivery: Delivery, changes: Partial<Delivery>): Delivery {
  return {
    envelope: delivery.envelope,
    attempt: delivery.attempt,
    ack: () => delivery.ack(),
    nak: (delayMs) => delivery.nak(delayMs),
    working: () => delivery.working(),
    terminate: (reason) => delivery.terminate(reason),
    ...changes,
  }
}
