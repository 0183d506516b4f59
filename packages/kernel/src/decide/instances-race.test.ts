import { newId } from '@matchday/contracts'
import { type Call, isLinearizable, type Model } from '@matchday/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { Reply } from '../message.ts'
import type { CommandEntry } from '../service/definition.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import { createExecutor } from './executor.ts'
import type { Executor } from './executor-port.ts'
import { request, roomCommands as room } from './testing/rooms.ts'

const race = { clients: 64, rooms: 10, lockersPerRoom: 24, callsPerClient: 24 }

let test: TestStore
let instances: Executor[]
beforeAll(async () => {
  test = await openTestStore()
  const stores = [test.store, await test.another()]
  instances = stores.map((store) =>
    createExecutor({ store, log: silentLog, clock: systemClock, service: 'rooms' }),
  )
})
afterAll(async () => {
  for (const executor of instances) await executor.drain()
  await test[Symbol.asyncDispose]()
})

type Asked = { kind: 'take' | 'free'; by: string }
type Told = 'done' | 'refused'
type LockerCall = Call<Asked, Told> & { readonly locker: string }

const nobody = ''

/**
 * One locker as a single thread would keep it: whoever takes it while it is taken is refused; freeing always
 * works.
 */
const locker: Model<string, Asked, Told> = {
  initial: nobody,
  step(owner, { kind, by }, told) {
    if (kind === 'free') return told === 'refused' ? null : nobody
    if (told === 'refused') return owner === nobody ? null : owner
    if (told === 'done') return owner === nobody ? by : null
    return owner === nobody ? by : owner
  },
  key: (owner) => owner,
}

async function openRooms(): Promise<readonly string[]> {
  const ids = Array.from({ length: race.rooms }, () => newId())
  await Promise.all(
    ids.map((id) => instances[0]!.execute(room.open, request({ room: id, name: `room ${id}` }))),
  )
  return ids
}

/**
 * Every client calls one after the other. Two at a time, one at each instance, go for the same lockers in the
 * same order; others follow at some distance, and by the end several have wanted every locker.
 */
async function play(take: CommandEntry, freeing: boolean): Promise<readonly LockerCall[]> {
  const ids = await openRooms()
  const lockers = ids.flatMap((id) =>
    Array.from({ length: race.lockersPerRoom }, (_, number) => ({ id, number })),
  )
  const calls: LockerCall[] = []
  const client = async (number: number): Promise<void> => {
    for (let count = 0; count < race.callsPerClient; count++) {
      const place = (Math.floor(number / 2) + count * (race.clients / 2)) % lockers.length
      const { id, number: name } = lockers[place]!
      const kind = freeing && count % 4 === 3 ? 'free' : 'take'
      const by = `client ${number}`
      const input = { room: id, locker: String(name), by }
      const calledAt = performance.now()
      const executor = instances[number % 2]!
      const reply = await executor.execute(kind === 'take' ? take : room.free, request(input))
      const told = toldBy(reply)
      calls.push({
        locker: `${id} ${name}`,
        input: { kind, by },
        output: told,
        calledAt,
        returnedAt: performance.now(),
      })
    }
  }
  await Promise.all(Array.from({ length: race.clients }, (_, number) => client(number)))
  return calls
}

function toldBy(reply: Reply): Told | undefined {
  if (reply.kind === 'fault') return undefined
  return reply.kind === 'ok' ? 'done' : 'refused'
}

function byLocker(calls: readonly LockerCall[]): readonly (readonly LockerCall[])[] {
  const groups = new Map<string, LockerCall[]>()
  for (const call of calls) groups.set(call.locker, [...(groups.get(call.locker) ?? []), call])
  return [...groups.values()]
}

describe('two instances with 64 clients and over 200 lockers', () => {
  it('give each locker to exactly one, and every history could have been that of one thread', async () => {
    const calls = await play(room.take, false)
    const lockers = byLocker(calls)
    expect(lockers.length).toBeGreaterThanOrEqual(200)
    expect(calls.filter((call) => call.output === undefined)).toEqual([])
    for (const own of lockers) expect(own.filter((call) => call.output === 'done')).toHaveLength(1)
    expect(lockers.filter((own) => !isLinearizable(own, locker))).toEqual([])
  })

  it('stay linearizable when lockers are freed and taken again', async () => {
    const lockers = byLocker(await play(room.take, true))
    expect(lockers.filter((own) => !isLinearizable(own, locker))).toEqual([])
  })

  it('are found out when the claim is left away: look, then write, gives a locker to two', async () => {
    const lockers = byLocker(await play(room.takeUnguarded, false))
    expect(lockers.filter((own) => !isLinearizable(own, locker)).length).toBeGreaterThan(0)
  })
})

it('one name goes to one of many who ask for it at once', async () => {
  for (let round = 0; round < 10; round++) {
    const name = `name ${newId()}`
    const replies = await Promise.all(
      Array.from({ length: 16 }, (_, number) => instances[number % 2]!.execute(room.open, request({ name }))),
    )
    expect(replies.filter((reply) => reply.kind === 'ok')).toHaveLength(1)
    const others = replies.filter((reply) => reply.kind !== 'ok')
    expect(new Set(others.map((reply) => JSON.stringify(reply)))).toEqual(
      new Set([JSON.stringify({ kind: 'rejected', code: 'name-taken' })]),
    )
  }
})
