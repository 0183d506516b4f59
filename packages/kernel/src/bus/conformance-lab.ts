import assert from 'node:assert/strict'
import { channels } from '@matchday/contracts'
import { Fault } from '../fault.ts'
import type { Envelope, EventMessage, RequestItem, Whisper } from '../message.ts'
import { settlesWithin } from '../settles-within.ts'
import type { Bus, Consumer, Delivery, Queue, QueueLimits } from './port.ts'

/** A bus with `conformanceLimits`, and the means to cut it off from what carries its messages. */
export type BusUnderTest = {
  readonly bus: Bus
  /** Resolves when the bus says `down`. */
  down(): Promise<void>
  up(): Promise<void>
  dispose(): Promise<void>
}
export type MakeBus = (limits: Partial<QueueLimits>) => Promise<BusUnderTest>
export type BusCheck = (makeBus: MakeBus) => Promise<void>

/** Small, so that the checks are quick. A check that waits for time to pass waits for these. */
export const conformanceLimits = {
  waitingMax: 24,
  ackWaitMs: 400,
  deliveriesMax: 3,
  deadLettersMax: 3,
} as const satisfies Partial<QueueLimits>

/** Whatever should come must come within this time. Checks that are expected to fail need not wait so long. */
export const patience = { arrivalMs: 10_000 }
/** What has not come after this time is taken not to come. */
const quietMs = 60

export const commands: Queue = { service: 'tests', lane: 'commands' }
export const queries: Queue = { service: 'tests', lane: 'queries' }

/** A check that is given a fresh bus, which is disposed of whatever happens. */
export function onFreshBus(
  check: (bus: Bus, underTest: BusUnderTest) => Promise<void>,
  limits: Partial<QueueLimits> = {},
): BusCheck {
  return async (makeBus) => {
    const underTest = await makeBus({ ...conformanceLimits, ...limits })
    try {
      await check(underTest.bus, underTest)
    } finally {
      await underTest.dispose()
    }
  }
}

/** Checks of a work queue, whichever its lane is. */
export type LaneChecks = Readonly<Record<string, (queue: Queue) => BusCheck>>

/** The same for a check of a queue. */
export function onFreshQueue(
  check: (bus: Bus, queue: Queue) => Promise<void>,
  limits: Partial<QueueLimits> = {},
): (queue: Queue) => BusCheck {
  return (queue) => onFreshBus((bus) => check(bus, queue), limits)
}

let envelopesMade = 0

/** An envelope with an id of its own. `names` become the ids of its items. */
export function envelopeOf(...names: readonly string[]): Envelope {
  envelopesMade++
  const id = `envelope-${process.pid}-${envelopesMade}`
  return { schema: 1, id, replyTo: null, items: names.map((name) => itemOf(name)) }
}

function itemOf(id: string): RequestItem {
  const input = { note: `for ${id}`, list: [1, 2, 3] }
  return { id, operation: 'testing', input, caller: { kind: 'anyone' }, deadlineAt: Date.now() + 60_000 }
}

export function eventOf(stream: string, version: number, service = 'tests'): EventMessage {
  const at = '2026-01-01T00:00:00.000Z'
  return { service, stream, version, type: 'tested', data: { version }, at, epoch: 'first' }
}

/** Whispers go to channels, and channels belong to services: whichever the contracts name first. */
export function whisperOf(key: string): { service: string; message: Whisper } {
  const [channel] = Object.values(channels)
  assert(channel !== undefined)
  const message = { channel: `${channel.name}:one`, type: 'tested', key, value: { key } }
  return { service: channel.service, message }
}

/** Collects what comes, in order, and lets a check wait for it. */
export class Collector<T> {
  readonly all: T[] = []
  private readonly waiting: { count: number; resolve: () => void }[] = []

  readonly add = (item: T): void => {
    this.all.push(item)
    for (const { count, resolve } of this.waiting) if (this.all.length >= count) resolve()
  }

  /** The first `count` that came. */
  async first(count: number): Promise<readonly T[]> {
    const arrived = new Promise<void>((resolve) => {
      this.waiting.push({ count, resolve })
      if (this.all.length >= count) resolve()
    })
    const inTime = await settlesWithin(arrived, patience.arrivalMs)
    assert(inTime, `${count} should have come, but only ${this.all.length} did`)
    return this.all.slice(0, count)
  }

  /** Fails when more than `count` come. */
  async only(count: number): Promise<readonly T[]> {
    const found = await this.first(count)
    await quiet()
    assert.equal(this.all.length, count, 'more came than should')
    return found
  }
}

/** Time in which what must not happen could happen. */
export function quiet(waitMs = quietMs): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, waitMs))
}

export type Worker = { readonly got: Collector<Delivery>; readonly consumer: Consumer }

/** A consumer that does `work` with each delivery; by default it acknowledges. */
export function workOn(
  bus: Bus,
  queue: Queue,
  credits: number,
  work: (delivery: Delivery) => void = (delivery) => delivery.ack(),
): Worker {
  const got = new Collector<Delivery>()
  const consumer = bus.consume(queue, (delivery) => {
    got.add(delivery)
    work(delivery)
  })
  if (credits > 0) consumer.pull(credits)
  return { got, consumer }
}

/** For deliveries that are ended later, or never. */
export function hold(): void {}

/** The ids of all items, in order of delivery. */
export function itemIds(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries.flatMap((delivery) => delivery.envelope.items.map((item) => item.id))
}

export async function enqueueEach(bus: Bus, queue: Queue, names: readonly string[]): Promise<void> {
  for (const name of names) await bus.enqueue(queue, envelopeOf(name))
}

export function names(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
}

export async function assertFault(call: Promise<unknown>, code: string, retryable: boolean): Promise<void> {
  const inTime = settlesWithin(call, patience.arrivalMs).then((settled) => {
    assert(settled, `should have failed with ${code}, but nothing happened`)
  })
  await assert.rejects(inTime, (error) => {
    assert(error instanceof Fault, `should be a fault ${code}, but is ${String(error)}`)
    assert.deepEqual({ code: error.code, retryable: error.retryable }, { code, retryable })
    return true
  })
}

/** What a careless receiver would do. Throws where messages are frozen, which is fine. */
export function tryToChange(target: object, key: string, value: unknown): void {
  try {
    Reflect.set(target, key, value)
  } catch {
    // The bus defends its messages.
  }
}

/** Polls for what no event tells. */
export async function eventually<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const until = Date.now() + patience.arrivalMs
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    assert(Date.now() < until, `did not come about; last seen: ${JSON.stringify(value)}`)
    await quiet(10)
  }
}
