import { newId } from '@matchday/contracts'
import type { Bus } from '../../bus/port.ts'
import { createRequester, type Requester } from '../../bus/requester.ts'
import { Fault } from '../../fault.ts'
import type { EventMessage } from '../../message.ts'
import { createPuller } from '../../pull/puller.ts'
import { createAsk } from '../../service/ask.ts'
import type { Store } from '../../store/port.ts'
import { append } from '../../store/testing/append.ts'
import { openTestStore, type TestStore } from '../../store/testing/open-test-store.ts'
import { openSlowly } from '../../store/testing/slow-transaction.ts'
import { answeringReadEvents } from '../answer-read-events.ts'
import { createEventSources, type EventSources } from '../event-source.ts'

/** A service on a real database, as far as its followers see it. */
export class FollowedService {
  static readonly serviceName = 'followed'
  readonly #test: TestStore
  readonly #bus: Bus
  readonly #puller: ReturnType<typeof createPuller>
  #store: Store
  /** False: nobody is told on the bus that something has happened. */
  publishes = true
  /** False: its database is away, as it says. */
  answers = true
  /** How often it was asked for events. */
  asked = 0

  private constructor(test: TestStore, bus: Bus) {
    this.#test = test
    this.#bus = bus
    this.#store = test.store
    const others = () => Promise.reject(new Error('it does nothing else'))
    this.#puller = createPuller({
      bus,
      queue: { service: FollowedService.serviceName, lane: 'queries' },
      capacityItems: 64,
      handle: (item) => {
        this.asked++
        if (!this.answers) throw new Fault('unavailable', 'its database is away', { retryable: true })
        return answeringReadEvents(this.#store, others)(item)
      },
    })
  }

  static async start(bus: Bus): Promise<FollowedService> {
    return new FollowedService(await openTestStore(), bus)
  }

  get store(): Store {
    return this.#store
  }

  /** Commits so many events, each of a stream of its own; the streams. */
  async write(events: number): Promise<readonly string[]> {
    const streams: string[] = []
    for (let count = 0; count < events; count++) {
      const stream = newId()
      await this.#store.append([append(stream, 1)])
      streams.push(stream)
      await this.#publish(stream)
    }
    return streams
  }

  /** An event that takes its place now, and is committed by what is given back. */
  async writeSlowly(): Promise<() => Promise<string>> {
    const slow = await openSlowly(this.#test.database)
    const stream = newId()
    await slow.append(append(stream, 1))
    return async () => {
      await slow.commit()
      await slow.close()
      await this.#publish(stream)
      return stream
    }
  }

  /** As after a backup was restored that lacks these streams. */
  async restoreWithout(lost: readonly string[]): Promise<void> {
    const admin = await openSlowly(this.#test.database)
    for (const table of ['events', 'streams']) {
      const column = table === 'events' ? 'stream' : 'id'
      await admin.query(`delete from ${table} where ${column} = any ($1::uuid[])`, [lost])
    }
    await admin.query('select renew_epoch()')
    await admin.close()
    this.#store = await this.#test.another()
  }

  /** Streams of all events, in commit order. */
  async log(): Promise<readonly string[]> {
    const { events } = await this.#store.read(null, 500)
    return events.map(({ stream }) => stream)
  }

  async stop(): Promise<void> {
    await this.#puller.stop()
    await this.#test[Symbol.asyncDispose]()
  }

  async #publish(stream: string): Promise<void> {
    if (!this.publishes) return
    const event: EventMessage = {
      ...{ service: FollowedService.serviceName, stream, version: 1, type: 'happened', data: {} },
      ...{ at: '2026-01-01T00:00:00.000Z', epoch: this.#store.epoch },
    }
    await this.#bus.publishEvents([event])
  }
}

/** How an instance of another service reads the events of the followed one, and of itself. */
export function sourcesOn(
  bus: Bus,
  store: Store,
): { readonly sources: EventSources; readonly requester: Requester } {
  const requester = createRequester({ bus, newId })
  const service = 'follower'
  const asks = [FollowedService.serviceName]
  const ask = createAsk({ requester, service, asks, timeoutMs: 500 })
  return { sources: createEventSources({ service, store, bus, ask }), requester }
}

/** A source that never tells that it is of another epoch: what a careless follower would see. */
export function blindToEpochs(sources: EventSources, store: () => Store): EventSources {
  return (service) => ({
    ...sources(service),
    read: async (after, limit) => {
      const { epoch } = store()
      const batch = await store().read(after && { ...after, epoch }, limit)
      const asBefore = after?.epoch ?? epoch
      return { events: batch.events, checkpoint: { ...batch.checkpoint, epoch: asBefore }, epoch: asBefore }
    },
  })
}
