import { newId } from '@matchday/contracts'
import type { Bus } from '../../bus/port.ts'
import { createRequester, type Requester } from '../../bus/requester.ts'
import { Fault } from '../../fault.ts'
import { createRelay, type Relay } from '../../outbox/relay.ts'
import { createPuller, type Puller } from '../../pull/puller.ts'
import { createAsk } from '../../service/ask.ts'
import type { Append, Checkpoint, ReadBatch, RecordedEvent, Store } from '../../store/port.ts'
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
  readonly #puller: Puller
  #relay: Relay
  #store: Store
  /** False: nobody is told on the bus that something has happened. */
  publishes = true
  /** False: its database is away, as it says. */
  answers = true
  /** How often it was asked for events. */
  asked = 0
  #committed = 0

  private constructor(test: TestStore, bus: Bus) {
    this.#test = test
    this.#bus = bus
    this.#store = test.store
    this.#relay = this.#startRelay()
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

  /** Commits so many events, each of a stream of its own, of long ago or of then; tells the streams. */
  async write(events: number, at?: Date): Promise<readonly string[]> {
    const streams: string[] = []
    for (let count = 0; count < events; count++) {
      const stream = newId()
      await this.#store.append([append(stream, 1, at === undefined ? {} : happenedAt(at))])
      this.#committed++
      streams.push(stream)
      this.#relay.wake()
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
      this.#committed++
      this.#relay.wake()
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
    this.#committed -= lost.length
    await this.#relay.stop()
    await admin.query('select renew_epoch()')
    await admin.close()
    this.#store = await this.#test.another()
    this.#relay = this.#startRelay()
  }

  /** Events as a server commits them that has seen fewer transactions than the one before. */
  async writeOnYoungServer(events: number): Promise<readonly string[]> {
    const { publishes } = this
    this.publishes = false
    const answers = this.answers
    this.answers = false
    const streams = await this.write(events)
    const admin = await openSlowly(this.#test.database)
    await admin.query("update events set xid = '4' where xid > '4'::xid8")
    await admin.close()
    Object.assign(this, { publishes, answers })
    return streams
  }

  /** Streams of all events, in commit order, as soon as open transactions of other tests let all be read. */
  async log(): Promise<readonly string[]> {
    for (;;) {
      const events = await allEvents(this.#store)
      if (events.length === this.#committed) return events.map(({ stream }) => stream)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async stop(): Promise<void> {
    await this.#puller.stop()
    await this.#relay.stop()
    await this.#test[Symbol.asyncDispose]()
  }

  /** Tells on the bus that something has happened, which is not true. */
  async wakeFollowers(): Promise<void> {
    const { serviceName: service } = FollowedService
    const at = '2026-01-01T00:00:00.000Z'
    const { epoch } = this.#store
    await this.#bus.publishEvents([
      { service, stream: 'none', version: 1, type: 'none', data: {}, at, epoch },
    ])
  }

  /** As a service does it: what it publishes can be read. */
  #startRelay(): Relay {
    const publishEvents: Bus['publishEvents'] = async (events) => {
      if (this.publishes) await this.#bus.publishEvents(events)
    }
    return createRelay({
      store: this.#store,
      bus: { publishEvents, onState: (listener) => this.#bus.onState(listener) },
      service: FollowedService.serviceName,
    })
  }
}

function happenedAt(at: Date): Pick<Append, 'events'> {
  return { events: append('', 1).events.map((event) => ({ ...event, at: at.toISOString() })) }
}

/** In the order of commits. */
export async function allEvents(store: Store): Promise<readonly RecordedEvent[]> {
  const all: RecordedEvent[] = []
  for (let place: Checkpoint | null = null; ; ) {
    const { events, checkpoint }: ReadBatch = await store.read(place, 500)
    all.push(...events)
    if (events.length === 0) return all
    place = checkpoint
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
  const ask = createAsk({ requester, service, asks, timeoutMs: 2_000 })
  return { sources: createEventSources({ service, store, bus, ask }), requester }
}

/** A source that never tells that it is of another epoch: what a careless follower would see. */
export function blindToEpochs(sources: EventSources, followed: FollowedService): EventSources {
  return (service) => ({
    ...sources(service),
    read: async (after, limit, types) => {
      const { store, answers } = followed
      if (!answers) throw new Fault('unavailable', 'its database is away', { retryable: true })
      const batch = await store.read(after && { ...after, epoch: store.epoch }, limit, types)
      const epoch = after?.epoch ?? store.epoch
      return { ...batch, checkpoint: { ...batch.checkpoint, epoch }, epoch }
    },
  })
}
