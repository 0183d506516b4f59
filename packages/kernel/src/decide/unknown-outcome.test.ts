import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { Fault } from '../fault.ts'
import { silentLog } from '../log.ts'
import type { Append, Store } from '../store/port.ts'
import { callWhileKilling } from '../store/testing/killed-connections.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import { createExecutor } from './executor.ts'
import type { Executor } from './executor-port.ts'
import { request, roomCommands as room, rooms } from './testing/rooms.ts'

let test: TestStore
beforeAll(async () => {
  test = await openTestStore()
})
afterAll(async () => test[Symbol.asyncDispose]())

const lost = () => new Fault('unavailable', 'connection lost', { retryable: true })

/** The store, but with these outcomes of appends (and then its own). */
function withAppends(...appends: ((batch: readonly Append[]) => Promise<never>)[]): Store {
  return {
    ...test.store,
    append: (batch) => appends.shift()?.(batch) ?? test.store.append(batch),
  }
}

function executorOn(store: Store): Executor {
  return createExecutor({ store, log: silentLog, clock: systemClock, service: 'rooms' })
}

async function openRoom(): Promise<string> {
  const id = newId()
  await executorOn(test.store).execute(room.open, request({ room: id, name: `room ${id}` }))
  return id
}

describe('a commit of which nothing was heard', () => {
  it('is answered from the store when it was made', async () => {
    const id = await openRoom()
    const executor = executorOn(
      withAppends(async (batch) => {
        await test.store.append(batch)
        throw lost()
      }),
    )
    const take = (locker: string) => executor.execute(room.take, request({ room: id, locker, by: 'x' }))
    const replies = await Promise.all([take('a'), take('b'), take('a')])
    expect(replies).toMatchObject([
      { kind: 'ok', version: 2 },
      { kind: 'ok', version: 3 },
      { code: 'team-taken' },
    ])
    expect(await executor.state(rooms, id)).toMatchObject({ version: 3 })
  })

  it('is made when it was not', async () => {
    const id = await openRoom()
    const executor = executorOn(
      withAppends(
        () => Promise.reject(lost()),
        () => Promise.reject(lost()),
      ),
    )
    const reply = await executor.execute(room.take, request({ room: id, locker: 'a', by: 'x' }))
    expect(reply).toMatchObject({ kind: 'ok', version: 2 })
  })

  it('and that comes after the look at the answers has its effect once', async () => {
    const id = await openRoom()
    let late: Promise<unknown> = Promise.resolve()
    const store = withAppends(async (batch) => {
      // Still on its way when the connection is lost; it takes the stream just before the second try.
      late = Promise.resolve().then(() => test.store.append(batch))
      throw lost()
    })
    const answers: Store['answers'] = async (ids) => {
      const found = await test.store.answers(ids)
      await late
      return found
    }
    const reply = await executorOn({ ...store, answers }).execute(
      room.take,
      request({ room: id, locker: 'a', by: 'x' }),
    )
    expect(reply).toMatchObject({ kind: 'ok', version: 2 })
    expect(await test.store.eventsOf(id, 0, 10)).toHaveLength(2)
  })

  it('is a fault when the deadline comes first', async () => {
    const id = await openRoom()
    const down: Store = {
      ...test.store,
      append: () => Promise.reject(lost()),
      answers: () => Promise.reject(lost()),
    }
    const item = request({ room: id, locker: 'a', by: 'x' }, { deadlineAt: Date.now() + 2_000 })
    expect(await executorOn(down).execute(room.take, item)).toEqual({
      kind: 'fault',
      code: 'unavailable',
      retryable: true,
    })
  })
})

const load = { clients: 16, callsPerClientMin: 60, callsPerClientMax: 2_000, killsMin: 10, killEveryMs: 25 }

it('connections that are killed under load lose nothing that was answered, and double nothing', async () => {
  const ids = await Promise.all([openRoom(), openRoom(), openRoom()])
  const executors = [executorOn(test.store), executorOn(await test.another())]
  const versions = new Map(ids.map((id) => [id, new Set<number>()]))
  const { killed, calls } = await callWhileKilling(test.database, load, async (number, count) => {
    const id = ids[count % ids.length]!
    const item = request({ room: id, locker: `${number} ${count}`, by: 'x' })
    const reply = await executors[count % 2]!.execute(room.take, item)
    expect(reply).toMatchObject({ kind: 'ok' })
    if (reply.kind === 'ok') versions.get(id)!.add(reply.version!)
    // Told again it is the same, by the other instance too.
    if (count % 10 === 0) expect(await executors[(count + 1) % 2]!.execute(room.take, item)).toEqual(reply)
  })

  expect(killed).toBeGreaterThanOrEqual(load.killsMin)
  const answered = [...versions.values()].reduce((sum, own) => sum + own.size, 0)
  expect(answered).toBe(calls)
  for (const id of ids) {
    const events = await test.store.eventsOf(id, 0, 10_000)
    expect(events.map((event) => event.version)).toEqual(events.map((_, index) => index + 1))
    // The first event opened the room; each of the others was answered, and each answer is one of them.
    expect(events.length - 1).toBe(versions.get(id)!.size)
    expect(new Set(events.slice(1).map((event) => event.data.locker)).size).toBe(events.length - 1)
  }
})
