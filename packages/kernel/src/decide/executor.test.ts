import { createHash } from 'node:crypto'
import { newId, tournamentOperations } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { RequestItem } from '../message.ts'
import type { CommandEntry } from '../service/definition.ts'
import type { Append, Store } from '../store/port.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import type { PrepareContext } from './decider.ts'
import { createExecutor } from './executor.ts'
import type { Executor } from './executor-port.ts'
import { request, roomCommands as room, rooms } from './testing/rooms.ts'

let test: TestStore
let executor: Executor
beforeAll(async () => {
  test = await openTestStore()
  executor = executorOn(test.store)
})
afterAll(async () => {
  await executor.drain()
  await test[Symbol.asyncDispose]()
})

function executorOn(store: Store, onCommitted?: () => void): Executor {
  const options = { store, log: silentLog, clock: systemClock, service: 'rooms' }
  return createExecutor(onCommitted === undefined ? options : { ...options, onCommitted })
}

async function openRoom(on: Executor = executor): Promise<string> {
  const id = newId()
  expect(await on.execute(room.open, request({ room: id, name: `room ${id}` }))).toMatchObject({ kind: 'ok' })
  return id
}

describe('a command', () => {
  it('is answered with what it decided, at the version that it made', async () => {
    const id = await openRoom()
    expect(await executor.execute(room.take, request({ room: id, locker: 'a', by: 'Ana' }))).toEqual({
      kind: 'ok',
      body: { locker: 'a', version: 2 },
      version: 2,
      epoch: test.store.epoch,
    })
    const [, taken] = await test.store.eventsOf(id, 0, 10)
    expect(taken).toMatchObject({ type: 'taken', data: { locker: 'a', by: 'Ana' }, by: 'anyone', version: 2 })
    expect(await executor.state(rooms, id)).toMatchObject({ version: 2, state: { taken: { a: 'Ana' } } })
  })

  it('that is rejected changes nothing, and is rejected alike for ever', async () => {
    const id = newId()
    const early = request({ room: id, locker: 'a', by: 'Ana' })
    expect(await executor.execute(room.take, early)).toEqual({ kind: 'rejected', code: 'not-found' })
    expect(await executor.state(rooms, id)).toBeNull()
    await executor.execute(room.open, request({ room: id, name: `room ${id}` }))
    expect(await executor.execute(room.take, early)).toEqual({ kind: 'rejected', code: 'not-found' })
    expect(await executor.state(rooms, id)).toMatchObject({ version: 1 })
  })

  it('whose deadline has passed is not run', async () => {
    const id = await openRoom()
    const late = request({ room: id, locker: 'a' }, { deadlineAt: Date.now() - 1 })
    expect(await executor.execute(room.take, late)).toMatchObject({ kind: 'fault', code: 'timed-out' })
    expect(await executor.state(rooms, id)).toMatchObject({ version: 1 })
  })

  it('that has a bug fails alone', async () => {
    const id = await openRoom()
    const replies = await Promise.all([
      executor.execute(room.take, request({ room: id, locker: 'a', by: 'Ana' })),
      executor.execute(room.fail, request({ room: id })),
      executor.execute(room.writeNonsense, request({ room: id })),
      executor.execute(room.take, request({ room: id, locker: 'b', by: 'Ben' })),
    ])
    const internal = { kind: 'fault', code: 'internal', retryable: false }
    expect(replies).toMatchObject([{ kind: 'ok' }, internal, internal, { kind: 'ok' }])
  })

  it('that the database refuses fails alone', async () => {
    const id = await openRoom()
    const take = (locker: string) => executor.execute(room.take, request({ room: id, locker, by: 'x' }))
    const replies = await Promise.all([take('a'), take('no \u0000 in a key'), take('b'), openRoom()])
    expect(replies[1]).toMatchObject({ kind: 'fault', code: 'internal' })
    expect([replies[0], replies[2]]).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }])
  })

  it('of a stream that the database cannot even look for fails alone', async () => {
    const id = await openRoom()
    const elsewhere = executorOn(await test.another())
    const take = (stream: string) =>
      elsewhere.execute(room.take, request({ room: stream, locker: 'a', by: 'Ana' }))
    const replies = await Promise.all([take(id), take('no id'), openRoom(elsewhere)])
    expect(replies.slice(0, 2)).toMatchObject([{ kind: 'ok' }, { kind: 'fault', code: 'internal' }])
  })
})

describe('what a command is prepared with', () => {
  const prepared = (prepare: (...values: never) => unknown): CommandEntry => {
    const decide = (_state: unknown, { facts }: { facts: unknown }) => ({
      kind: 'accepted',
      events: [],
      answer: { facts },
    })
    const handler = { ...room.take.handler, prepare, decide, present: (answer: object) => answer }
    return { ...room.take, handler: handler as never }
  }

  it('is who calls, from where, states, secrets, rows, and whoever can be asked', async () => {
    const id = await openRoom()
    await executor.execute(room.setCode, request({ room: id, code: '1234' }))
    const entry = prepared(async (_input, context: PrepareContext) => {
      // As handlers like to take it: one by one.
      const { caller, address, secrets, state, rows, ask } = context
      return {
        caller: caller.kind,
        address,
        code: (await secrets(id)).get('code'),
        version: (await state(rooms, id))?.version,
        rows: await rows('select', [1]),
        asked: await ask('operation' as never, {} as never),
      }
    })
    const own = createExecutor({
      store: test.store,
      log: silentLog,
      clock: systemClock,
      service: 'rooms',
      rows: async (...asked) => asked as never,
      ask: async (...asked) => asked as never,
    })
    const item = request({ room: id }, { address: '10.0.0.1' })
    const facts = { caller: 'anyone', address: '10.0.0.1', code: '1234', version: 2 }
    expect(await own.execute(entry, item)).toMatchObject({
      kind: 'ok',
      body: { facts: { ...facts, rows: ['select', [1]], asked: ['operation', {}] } },
    })
  })

  it('is a fault where the service was not given it', async () => {
    const id = await openRoom()
    const uses: ((context: PrepareContext) => unknown)[] = [
      ({ rows }) => rows('select', []),
      ({ ask }) => ask({} as never, {} as never),
    ]
    for (const use of uses) {
      const entry = prepared((_input, context: PrepareContext) => use(context))
      expect(await executor.execute(entry, request({ room: id }))).toMatchObject({ code: 'internal' })
    }
  })
})

describe('a rejection', () => {
  it('keeps when to come again, also when it is told once more', async () => {
    const busy = {
      ...room.take,
      handler: {
        ...room.take.handler,
        decide: () => ({ kind: 'rejected', code: 'too-many-requests', retryAfterS: 17 }) as const,
      },
    }
    const item = request({ room: await openRoom() })
    const rejected = { kind: 'rejected', code: 'too-many-requests', retryAfterS: 17 }
    expect(await executor.execute(busy, item)).toEqual(rejected)
    expect(await executorOn(await test.another()).execute(busy, item)).toEqual(rejected)
  })
})

describe('a private operation', () => {
  const secretly = { ...room.take, operation: tournamentOperations.joinTournament }
  const answered = async (fingerprintKey: Uint8Array, item: RequestItem) =>
    createExecutor({
      store: test.store,
      log: silentLog,
      clock: systemClock,
      service: 'rooms',
      fingerprintKey,
    }).execute(secretly, item)

  it('leaves a fingerprint that is worth nothing without the key', async () => {
    const id = await openRoom()
    const key = new Uint8Array(32).fill(1)
    const item = request({ room: id, locker: 'a', by: 'Ana' }, { operation: 'joinTournament' })
    const first = await answered(key, item)
    expect(first).toMatchObject({ kind: 'ok' })
    expect(await answered(key, item)).toEqual(first)
    expect(await answered(new Uint8Array(32).fill(2), item)).toMatchObject({ code: 'request-id-reused' })
    const kept = (await test.store.answers([`anyone/${item.id}`])).get(`anyone/${item.id}`)
    const asked = JSON.stringify([item.operation, item.input, null])
    const guessed = createHash('sha256').update(asked).digest('hex').slice(0, 32)
    expect(kept?.fingerprint).toMatch(/^[0-9a-f]{32}$/)
    expect(kept?.fingerprint).not.toBe(guessed)
  })

  it('is refused without a key', async () => {
    const item = request({ room: await openRoom(), locker: 'a', by: 'Ana' })
    expect(await executor.execute(secretly, item)).toMatchObject({ kind: 'fault', code: 'internal' })
  })
})

describe('the same id', () => {
  it('a hundred times at once and once more has one effect and one answer', async () => {
    const id = await openRoom()
    const same = request({ room: id, locker: 'a', by: 'Ana' })
    const elsewhere = executorOn(await test.another())
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 ? executor : elsewhere).execute(room.take, same)),
    )
    replies.push(
      await elsewhere.execute(room.take, same),
      await executorOn(test.store).execute(room.take, same),
    )
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
    expect(replies[0]).toMatchObject({ kind: 'ok', version: 2 })
    expect(await test.store.eventsOf(id, 0, 10)).toHaveLength(2)
  })

  it('gives the first answer also when the command would now be rejected, or would make a new stream', async () => {
    const open = request({ name: `room ${newId()}` })
    const first = await executor.execute(room.open, open)
    expect(first).toMatchObject({ kind: 'ok' })
    expect(await executor.execute(room.open, open)).toEqual(first)
    expect(await executorOn(await test.another()).execute(room.open, open)).toEqual(first)
  })

  it('with other content is refused, at once and later', async () => {
    const id = await openRoom()
    const one = request({ room: id, locker: 'a', by: 'Ana' })
    const other = { ...one, input: { ...one.input, locker: 'b' } }
    const refused = { kind: 'rejected', code: 'request-id-reused' }
    const replies = await Promise.all([executor.execute(room.take, one), executor.execute(room.take, other)])
    expect(replies).toMatchObject([{ kind: 'ok' }, refused])
    expect(await executor.execute(room.take, other)).toEqual(refused)
    expect(await executor.execute(room.take, { ...one, expectedVersion: 7 })).toEqual(refused)
  })

  it('of another caller is another command', async () => {
    const id = await openRoom()
    const one = request({ room: id, locker: 'a', by: 'Ana' })
    const other: RequestItem = { ...one, caller: { kind: 'organizer', tournamentId: newId() } }
    expect(await executor.execute(room.take, one)).toMatchObject({ kind: 'ok' })
    expect(await executor.execute(room.take, other)).toEqual({ kind: 'rejected', code: 'team-taken' })
  })
})

describe('commands that wait together', () => {
  it('are decided one after the other and committed at once, one append for each stream', async () => {
    const batches: (readonly Append[])[] = []
    const counting: Store = {
      ...test.store,
      append: (appends) => {
        batches.push(appends)
        return test.store.append(appends)
      },
    }
    const own = executorOn(counting)
    const [one, two] = [await openRoom(own), await openRoom(own)]
    batches.length = 0
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        own.execute(room.take, request({ room: index % 2 ? one : two, locker: `${index >> 1}`, by: 'x' })),
      ),
    )
    expect(batches.map((batch) => batch.map(({ events }) => events.length))).toEqual([[20, 20]])
    expect(new Set(replies.map((reply) => (reply.kind === 'ok' ? reply.version : 0))).size).toBe(20)
    expect(await own.state(rooms, one)).toMatchObject({ version: 21 })
  })

  it('see what those before them did, even when a locker is freed and taken again', async () => {
    const id = await openRoom()
    const take = (by: string) => executor.execute(room.take, request({ room: id, locker: 'a', by }))
    const free = () => executor.execute(room.free, request({ room: id, locker: 'a' }))
    const replies = await Promise.all([
      take('Ana'),
      take('Ben'),
      free(),
      free(),
      take('Cy'),
      free(),
      take('Di'),
    ])
    expect(replies.map((reply) => reply.kind)).toEqual(['ok', 'rejected', 'ok', 'ok', 'ok', 'ok', 'ok'])
    expect(await executor.state(rooms, id)).toMatchObject({ state: { taken: { a: 'Di' } } })
  })

  it('leave a key with whoever has it in the end, when it is let go and claimed again', async () => {
    const id = await openRoom()
    const key = `key ${newId()}`
    const claim = () => executor.execute(room.claimKey, request({ room: id, locker: key }))
    const drop = () => executor.execute(room.dropKey, request({ room: id, locker: key }))
    const replies = await Promise.all([claim(), drop(), claim(), drop(), claim()])
    expect(replies.map((reply) => reply.kind)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
    expect(await test.store.holder(key)).toBe(id)
    await Promise.all([drop(), claim(), drop()])
    expect(await test.store.holder(key)).toBeNull()
  })

  it('never decide on a secret that is older than the state', async () => {
    const id = await openRoom()
    const set = (code: string) => executor.execute(room.setCode, request({ room: id, code }))
    const read = () => executor.execute(room.readCode, request({ room: id }))
    const elsewhere = executorOn(await test.another())
    const setElsewhere = (code: string) => elsewhere.execute(room.setCode, request({ room: id, code }))
    const codes = ['1', '2', '3', '4', '5', '6']
    const reads = codes.flatMap((code) => [read(), set(code), read(), setElsewhere(`${code}e`), read()])
    for (const reply of await Promise.all(reads)) {
      expect(reply.kind).toBe('ok')
      const body = reply.kind === 'ok' ? reply.body : null
      expect(body?.code).toEqual(body?.told)
    }
  })

  it('that keep secrets go together, with the last value of each name', async () => {
    const id = await openRoom()
    const appends: Append[] = []
    const append = (wanted: readonly Append[]) => {
      appends.push(...wanted)
      return test.store.append(wanted)
    }
    const own = executorOn({ ...test.store, append })
    const codes = ['1', '2', '3', '4']
    const set = (code: string) => own.execute(room.setCode, request({ room: id, code }))
    for (const reply of await Promise.all(codes.map(set))) expect(reply.kind).toBe('ok')
    expect(appends).toMatchObject([
      { events: codes.map((by) => ({ data: { by } })), secrets: [{ name: 'code', value: '4' }] },
    ])
    expect(await test.store.secrets(id)).toEqual(new Map([['code', '4']]))
  })

  it('are not kept waiting when there are too many: the caller is told', async () => {
    const id = await openRoom()
    const limits = { commandsMax: 2 }
    const own = createExecutor({
      store: test.store,
      log: silentLog,
      clock: systemClock,
      service: 'rooms',
      limits,
    })
    const take = (locker: string) => own.execute(room.take, request({ room: id, locker, by: 'x' }))
    expect(await Promise.all([take('a'), take('b'), take('c')])).toMatchObject([
      { kind: 'ok' },
      { kind: 'ok' },
      { kind: 'fault', code: 'overloaded', retryable: true },
    ])
  })
})

describe('a claim', () => {
  it('that another stream holds is answered as the claim says', async () => {
    const name = `name ${newId()}`
    const open = () => executor.execute(room.open, request({ name }))
    const replies = await Promise.all([open(), open(), open()])
    expect(replies.map((reply) => reply.kind).sort()).toEqual(['ok', 'rejected', 'rejected'])
    expect(await open()).toEqual({ kind: 'rejected', code: 'name-taken' })
  })

  it('that is lost without a word for it is a fault, and others of the stream go on', async () => {
    const [holder, id] = [await openRoom(), await openRoom()]
    const key = `key ${newId()}`
    await executor.execute(room.claimKey, request({ room: holder, locker: key }))
    const replies = await Promise.all([
      executor.execute(room.take, request({ room: id, locker: 'a', by: 'Ana' })),
      executor.execute(room.claimKey, request({ room: id, locker: key })),
      executor.execute(room.take, request({ room: id, locker: 'b', by: 'Ben' })),
    ])
    expect(replies).toMatchObject([
      { kind: 'ok' },
      { kind: 'fault', code: 'unavailable', retryable: true },
      { kind: 'ok' },
    ])
  })
})

describe('two instances', () => {
  it('see each other’s commits in reads, rejections and decisions', async () => {
    const elsewhere = executorOn(await test.another())
    const id = await openRoom()
    for (let round = 0; round < 5; round++) {
      const locker = `l${round}`
      expect(await elsewhere.execute(room.take, request({ room: id, locker, by: 'x' }))).toMatchObject({
        kind: 'ok',
      })
      expect(await executor.state(rooms, id)).toMatchObject({ version: 2 * round + 2 })
      expect(await executor.execute(room.take, request({ room: id, locker, by: 'y' }))).toMatchObject({
        kind: 'rejected',
      })
      const mine = await executor.execute(room.take, request({ room: id, locker: `m${round}`, by: 'y' }))
      expect(mine).toMatchObject({ kind: 'ok', version: 2 * round + 3 })
    }
    await elsewhere.execute(room.close, request({ room: id }))
    const late = await executor.execute(room.take, request({ room: id, locker: 'late', by: 'y' }))
    expect(late).toEqual({ kind: 'rejected', code: 'joining-closed' })
  })
})

it('tells of commits with events, and only of those', async () => {
  let commits = 0
  const own = executorOn(test.store, () => {
    commits += 1
  })
  const id = await openRoom(own)
  expect(commits).toBe(1)
  await own.execute(room.free, request({ room: id, locker: 'nobody’s' }))
  expect(commits).toBe(1)
})

it('replays from a snapshot to the very state that all events give', async () => {
  const id = await openRoom()
  for (let count = 0; count < 24; count++) {
    await executor.execute(room.take, request({ room: id, locker: `${count}`, by: `by ${count}` }))
    if (count % 5 === 0) await executor.execute(room.free, request({ room: id, locker: `${count}` }))
  }
  await executor.drain()
  const [loaded] = await test.store.load([{ stream: id, after: 0, snapshotSchema: rooms.snapshotSchema }])
  expect(loaded!.snapshot).not.toBeNull()
  expect(loaded!.events.length).toBeLessThan(rooms.snapshotEvery)
  const fromSnapshot = await executorOn(test.store).state(rooms, id)
  const otherSchema = { ...rooms, snapshotSchema: rooms.snapshotSchema + 1 }
  const fromEvents = await executorOn(test.store).state(otherSchema, id)
  expect(fromSnapshot).toEqual(fromEvents)
  expect(fromSnapshot).toEqual(await executor.state(rooms, id))
})
