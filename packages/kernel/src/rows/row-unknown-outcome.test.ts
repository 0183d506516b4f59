import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fault } from '../fault.ts'
import { callWhileKilling } from '../store/testing/killed-connections.ts'
import type { RowExecutor } from './row-executor.ts'
import type { Tables } from './tables.ts'
import {
  countOf,
  openPeople,
  type PeopleTest,
  people,
  personRequest,
  untilStreamIsWaitedFor,
} from './testing/people.ts'

let test: PeopleTest
beforeAll(async () => {
  test = await openPeople()
})
afterAll(async () => test[Symbol.asyncDispose]())

const lost = () => new Fault('unavailable', 'connection lost', { retryable: true })
type OnClient = Tables['onClient']

/** An executor whose first transactions come out like this; then they are its own again. */
function executorWhere(...outcomes: OnClient[]): RowExecutor {
  const { tables } = test.one
  const onClient: OnClient = (work) => (outcomes.shift() ?? tables.onClient)(work)
  return test.one.executorWith({ tables: { ...tables, onClient } })
}

const madeAndNotHeardOf: OnClient = async (work) => {
  await test.one.tables.onClient(work)
  throw lost()
}
/** The connection breaks at the commit. */
const notMade: OnClient = (work) =>
  test.one.tables.onClient(async (client) => {
    await work(client)
    throw lost()
  })
const neverBegun: OnClient = () => Promise.reject(lost())

describe('a transaction of which nothing was heard', () => {
  it('is answered from the store when it was committed', async () => {
    const [id, name] = [newId(), `name ${newId()}`]
    let commits = 0
    const { tables } = test.one
    const outcomes = [madeAndNotHeardOf]
    const executor = test.one.executorWith({
      tables: { ...tables, onClient: (work) => (outcomes.shift() ?? tables.onClient)(work) },
      onCommitted: () => void commits++,
    })
    const reply = await executor.execute(people.register, personRequest({ id, name }))
    expect(reply).toMatchObject({ kind: 'ok', version: 1, body: { id } })
    expect(await test.one.store.eventsOf(id, 0, 10)).toHaveLength(1)
    expect(commits).toBe(1)
  })

  it('is made again, with what was prepared, when it was not', async () => {
    const name = `name ${newId()}`
    const reply = await executorWhere(neverBegun, notMade, neverBegun).execute(
      people.register,
      personRequest({ name }),
    )
    expect(reply).toMatchObject({ kind: 'ok', version: 1 })
    expect(await test.one.tables.rows('select from people where name = $1', [name])).toHaveLength(1)
  })

  it('and that is committed after the next one has begun has its effect once', async () => {
    const [id, name] = [newId(), `name ${newId()}`]
    let late: Promise<unknown> = Promise.resolve()
    let commitNow: () => void = () => {}
    const secondIsOnItsWay = new Promise<void>((resolve) => {
      commitNow = resolve
    })
    const slow: OnClient = async (work) => {
      let isWritten: () => void = () => {}
      const written = new Promise<void>((resolve) => {
        isWritten = resolve
      })
      late = test.one.tables.onClient(async (client) => {
        const result = await work(client)
        isWritten()
        await secondIsOnItsWay
        return result
      })
      await written
      throw lost()
    }
    const second: OnClient = (work) => {
      // It waits for the lock of the stream, which the first still holds.
      void untilStreamIsWaitedFor(test.two).then(commitNow)
      return test.one.tables.onClient(work)
    }
    const reply = await executorWhere(slow, second).execute(people.visit, personRequest({ id, name }))
    await late
    expect(reply).toMatchObject({ kind: 'ok', version: 2 })
    expect(await countOf(test.one, name)).toBe(1)
    expect(await test.one.store.eventsOf(id, 0, 10)).toHaveLength(2)
  })

  it('is a fault when nothing is remembered of it: nobody could be asked', async () => {
    const name = `name ${newId()}`
    const item = personRequest({ name })
    const unknown = { kind: 'fault', code: 'unavailable', retryable: true }
    expect(await executorWhere(madeAndNotHeardOf).execute(people.begin, item)).toEqual(unknown)
    expect(await countOf(test.one, name)).toBe(1)
    // What surely did not happen is done.
    expect(await executorWhere(neverBegun).execute(people.begin, item)).toMatchObject({ kind: 'ok' })
    expect(await countOf(test.one, name)).toBe(2)
  })

  it('is a fault when the deadline comes first, and tells whether it may have happened', async () => {
    const soon = () => personRequest({ name: `name ${newId()}` }, { deadlineAt: Date.now() + 200 })
    const down = Array.from({ length: 100 }, () => neverBegun)
    expect(await executorWhere(...down).execute(people.visit, soon())).toMatchObject({ code: 'timed-out' })
    expect(await executorWhere(notMade, ...down).execute(people.visit, soon())).toEqual({
      kind: 'fault',
      code: 'unavailable',
      retryable: true,
    })
  })
})

const load = { clients: 12, callsPerClientMin: 20, callsPerClientMax: 2_000, killsMin: 10, killEveryMs: 25 }

it('connections that are killed under load lose nothing that was answered, and double nothing', async () => {
  const ids = [newId(), newId(), newId()]
  const executors = [test.one.executor, test.two.executor]
  const versions = new Map(ids.map((id) => [id, new Set<number>()]))
  const { killed, calls } = await callWhileKilling(test.database, load, async (number, count) => {
    const id = ids[count % ids.length]!
    const item = personRequest({ id, name: `visits of ${id}` })
    const reply = await executors[(number + count) % 2]!.execute(people.visit, item)
    expect(reply).toMatchObject({ kind: 'ok' })
    if (reply.kind === 'ok') versions.get(id)!.add(reply.version!)
    // Told again it is the same, by the other instance too.
    if (count % 10 === 0) {
      expect(await executors[(number + count + 1) % 2]!.execute(people.visit, item)).toEqual(reply)
    }
  })

  expect(killed).toBeGreaterThanOrEqual(load.killsMin)
  const answered = [...versions.values()].reduce((sum, own) => sum + own.size, 0)
  expect(answered).toBe(calls)
  for (const id of ids) {
    const visits = versions.get(id)!.size
    const events = await test.one.store.eventsOf(id, 0, 10_000)
    expect(events.map((event) => event.version)).toEqual(events.map((_, index) => index + 1))
    expect(events).toHaveLength(2 * visits)
    // The rows say the same as the events: both or neither were committed.
    expect(await countOf(test.one, `visits of ${id}`)).toBe(visits)
  }
})
