import { newId } from '@matchday/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryBus, type MemoryBus } from '../bus/memory.ts'
import type { Requester } from '../bus/requester.ts'
import { Fault } from '../fault.ts'
import type { RequestItem } from '../message.ts'
import type { Checkpoint, RecordedEvent } from '../store/port.ts'
import { append } from '../store/testing/append.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import { answeringReadEvents, readEventsLimits } from './answer-read-events.ts'
import { createEventSources, type EventSource } from './event-source.ts'
import { allEvents, FollowedService, sourcesOn } from './testing/followed-service.ts'

let bus: MemoryBus
let followed: FollowedService
let own: TestStore
let requester: Requester
let source: EventSource
beforeEach(async () => {
  bus = createMemoryBus({ freeze: true })
  followed = await FollowedService.start(bus)
  own = await openTestStore()
  const made = sourcesOn(bus, own.store)
  requester = made.requester
  source = made.sources(FollowedService.serviceName)
})
afterEach(async () => {
  await requester.close()
  await followed.stop()
  await own[Symbol.asyncDispose]()
  await bus.close()
})

/** All that can be read from a place on, page by page. */
async function readAll(limit: number, from: Checkpoint | null = null) {
  const events: RecordedEvent[] = []
  const pages: number[] = []
  let place = from
  for (;;) {
    const batch = await source.read(place, limit)
    if (batch.events.length === 0) return { events, pages, place }
    events.push(...batch.events)
    pages.push(batch.events.length)
    place = batch.checkpoint
  }
}
/** Until no open transaction of another test holds them back. */
const readable = (count: number) =>
  vi.waitUntil(async () => (await allEvents(followed.store)).length === count, { timeout: 20_000 })
const streamsOf = (events: readonly RecordedEvent[]) => events.map(({ stream }) => stream)

describe('the log of another service', () => {
  it('is read in commit order, as it was recorded', async () => {
    await followed.write(25)
    await followed.log()
    const { events, pages } = await readAll(10)
    expect(pages).toEqual([10, 10, 5])
    expect(streamsOf(events)).toEqual(await followed.log())
    expect(events).toEqual((await followed.store.read(null, 100)).events)
    expect(events[0]).toMatchObject({ version: 1, type: 'happened', by: 'anyone', data: { number: 0 } })
  })

  it('skips nothing that took its place early and was committed late', async () => {
    await followed.write(2)
    await followed.log()
    const commit = await followed.writeSlowly()
    await followed.write(3)
    const early = await readAll(10)
    expect(early.events).toHaveLength(2)
    const late = await commit()
    await followed.log()
    const { events } = await readAll(10, early.place)
    expect(streamsOf(events)).toContain(late)
    expect([...streamsOf(early.events), ...streamsOf(events)]).toEqual(await followed.log())
  })

  it('is told in answers that fit into a message, however large its events are', async () => {
    const text = 'é'.repeat(50_000)
    for (let count = 0; count < 12; count++) {
      const [event] = append(newId(), 1).events
      await followed.store.append([append(newId(), 1, { events: [{ ...event!, data: { text } }] })])
    }
    await readable(12)
    const { events, pages } = await readAll(500)
    expect(events).toHaveLength(12)
    expect(pages).toEqual([5, 5, 2])
    // All in one would have been too much.
    expect(Buffer.byteLength(JSON.stringify(events))).toBeGreaterThan(2 * readEventsLimits.answerBytesMax)
  })

  it('with an event larger than that is told one by one', async () => {
    const text = 'a'.repeat(readEventsLimits.answerBytesMax)
    const [event] = append(newId(), 1).events
    const stream = newId()
    await followed.store.append([append(stream, 2, { events: [event!, { ...event!, data: { text } }] })])
    await readable(2)
    expect((await readAll(500)).pages).toEqual([1, 1])
  })

  it('tells the types that are asked for alone, and where the others end', async () => {
    await followed.write(3)
    await followed.log()
    const all = await source.read(null, 10)
    expect(await source.read(null, 10, ['happened'])).toEqual(all)
    expect(await source.read(null, 10, ['never'])).toEqual({ ...all, events: [] })
    expect(await source.read(null, 3, ['never'])).toMatchObject({ events: [], isFull: true })
  })

  it('that was restored says so, and nothing else, to whoever stands in the earlier one', async () => {
    await followed.write(3)
    await followed.log()
    const { place } = await readAll(10)
    const { epoch } = followed.store
    await followed.restoreWithout([])
    const answer = await source.read(place, 10)
    expect(answer).toEqual({ events: [], checkpoint: null, isFull: false, epoch: followed.store.epoch })
    expect(answer.epoch).not.toBe(epoch)
    expect((await readAll(10)).events).toHaveLength(3)
  })

  it('can’t be read while its service can’t answer', async () => {
    followed.answers = false
    await expect(source.read(null, 10)).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    followed.answers = true
    await expect(source.read(null, 10)).resolves.toMatchObject({ events: [] })
  })

  it('wakes who listens, and is told to services alone', async () => {
    let wakes = 0
    const subscription = source.onEvents(() => wakes++)
    await followed.write(1)
    await vi.waitUntil(() => wakes === 1, { timeout: 20_000 })
    subscription.close()
    await followed.wakeFollowers()
    await followed.wakeFollowers()
    expect(wakes).toBe(1)
    const handle = answeringReadEvents(followed.store, () => Promise.reject(new Fault('internal', 'no')))
    const item: RequestItem = {
      ...{ id: '1', operation: 'readEvents', input: { after: null, limit: 10 }, deadlineAt: 0 },
      caller: { kind: 'organizer', tournamentId: 't' as never },
    }
    expect(await handle(item)).toEqual({ kind: 'rejected', code: 'not-allowed' })
    const service = { ...item, caller: { kind: 'service', service: 'follower' } as const }
    expect(await handle(service)).toMatchObject({ kind: 'ok' })
    await expect(handle({ ...service, operation: 'other' })).rejects.toThrow('no')
  })
})

it('one’s own log is read without asking anybody', async () => {
  const sources = createEventSources({ service: 'follower', store: own.store, bus, ask: undefined })
  await own.store.append([append(newId(), 2)])
  const { isOwn, read } = sources('follower')
  expect(isOwn).toBe(true)
  await vi.waitUntil(async () => (await read(null, 10)).events.length === 2, { timeout: 20_000 })
  const elsewhere = { epoch: 'another', xid: '1', position: '1' }
  expect(await read(elsewhere, 10)).toEqual({
    events: [],
    checkpoint: null,
    isFull: false,
    epoch: own.store.epoch,
  })
  expect(followed.asked).toBe(0)
  expect(() => sources('followed')).toThrow('can ask nobody')
})
