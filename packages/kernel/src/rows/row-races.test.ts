import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { appendStatement } from '../store/append.ts'
import { appendParameters } from '../store/append-parameters.ts'
import { append } from '../store/testing/append.ts'
import { meetingOf } from '../testing/meeting.ts'
import {
  openPeople,
  type PeopleTest,
  people,
  personRequest,
  rowEntry,
  untilStreamIsWaitedFor,
} from './testing/people.ts'

let test: PeopleTest
beforeAll(async () => {
  test = await openPeople()
})
afterAll(async () => test[Symbol.asyncDispose]())

describe('two instances', () => {
  it('give a name to exactly one of many who ask for it at once', async () => {
    for (let round = 0; round < 10; round++) {
      const name = `name ${newId()}`
      const replies = await Promise.all(
        Array.from({ length: 16 }, (_, number) =>
          (number % 2 ? test.one : test.two).executor.execute(people.register, personRequest({ name })),
        ),
      )
      expect(replies.filter((reply) => reply.kind === 'ok')).toHaveLength(1)
      const others = replies.filter((reply) => reply.kind !== 'ok')
      expect(others).toEqual(others.map(() => ({ kind: 'rejected', code: 'name-taken' })))
      expect(await test.one.tables.rows('select from people where name = $1', [name])).toHaveLength(1)
    }
  })

  it('would give it to several without the constraint: look, then write, is not enough', async () => {
    await test.one.tables.rows('create table nicknames (name text not null)', [])
    const meet = meetingOf(2)
    const innocent = rowEntry({
      run: async (transaction, { input }) => {
        const taken = await transaction.query('select from nicknames where name = $1', [input.name])
        if (taken.length > 0) return { kind: 'rejected', code: 'name-taken' }
        await meet()
        await transaction.query('insert into nicknames values ($1)', [input.name])
        return { kind: 'accepted', answer: {} }
      },
    })
    const name = `name ${newId()}`
    const replies = await Promise.all(
      [test.one, test.two].map(({ executor }) => executor.execute(innocent, personRequest({ name }))),
    )
    expect(replies).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }])
  })
})

const load = { streams: 3, commandsPerStream: 30, longestMs: 8 }

/**
 * Versions of these streams in the order in which a reader of the whole log meets them. It waits until it has met all:
 * transactions of other tests may hold it back.
 */
async function versionsAsRead(streams: readonly string[], count: number): Promise<readonly number[][]> {
  let found: number[][] = []
  await vi.waitUntil(
    async () => {
      const versions = new Map<string, number[]>(streams.map((stream) => [stream, []]))
      let { events, checkpoint } = await test.two.store.read(null, 500)
      while (events.length > 0) {
        for (const { stream, version } of events) versions.get(stream)?.push(version)
        ;({ events, checkpoint } = await test.two.store.read(checkpoint, 500))
      }
      found = [...versions.values()]
      return found.flat().length >= count
    },
    { timeout: 20_000, interval: 20 },
  )
  return found
}

function isInOrder(versions: readonly number[]): boolean {
  return versions.every((version, index) => version === index + 1)
}

/** Many commands about few streams at once; each writes first and takes its time before its events are written. */
async function play(command: (number: number, stream: string, ms: number) => Promise<void>) {
  const streams = Array.from({ length: load.streams }, () => newId())
  const count = load.streams * load.commandsPerStream
  await Promise.all(
    Array.from({ length: count }, (_, number) =>
      command(number, streams[number % load.streams]!, Math.random() * load.longestMs),
    ),
  )
  return versionsAsRead(streams, count)
}

const write = 'insert into counters values ($1, 1)'
const sleep = 'select pg_sleep($1::double precision / 1000)'

describe('the order of versions', () => {
  it('is the order of commits that readers see, whoever wrote what when', async () => {
    const slow = rowEntry({
      run: async (transaction, { input }) => {
        await transaction.query(write, [newId()])
        await transaction.query(sleep, [Number(input.name)])
        return { kind: 'accepted', answer: {}, events: [{ type: 'written', data: {} }] }
      },
    })
    // Within one executor commands about a stream take turns anyway.
    const executors = [test.one, test.two].flatMap((instance) => [
      instance.executor,
      instance.executorWith({}),
      instance.executorWith({}),
    ])
    const versions = await play(async (number, id, ms) => {
      const reply = await executors[number % executors.length]!.execute(
        slow,
        personRequest({ id, name: String(ms) }),
      )
      expect(reply).toMatchObject({ kind: 'ok' })
    })
    expect(versions.filter((own) => !isInOrder(own))).toEqual([])
  })

  it('is another one when the stream is locked only before its events are written', async () => {
    const versions = await play((number, stream, ms) =>
      (number % 2 === 0 ? test.one : test.two).tables.onClient(async (client) => {
        // The first write takes the transaction's id.
        await client.query(write, [newId()])
        await client.query(sleep, [ms])
        const { rows } = await client.query('select * from begin_row_command($1, null)', [stream])
        const values = [stream, rows[0].stream_version, '{written}', '{"{}"}', new Date().toISOString()]
        await client.query(
          `select end_row_command($1, $2, $3, $4, $5, 'anyone', null, null, null, null)`,
          values,
        )
      }),
    )
    expect(versions.filter((own) => !isInOrder(own)).length).toBeGreaterThan(0)
  })

  it('is kept against appends to the same stream: they wait for each other', async () => {
    const id = newId()
    let isHeld: () => void = () => {}
    const held = new Promise<void>((resolve) => {
      isHeld = resolve
    })
    const holding = rowEntry({
      run: async () => {
        isHeld()
        await untilStreamIsWaitedFor(test.one)
        return { kind: 'accepted', answer: {}, events: [{ type: 'written', data: {} }] }
      },
    })
    const command = test.one.executor.execute(holding, personRequest({ id }))
    await held
    const parameters = appendParameters([append(id, 1)], new Date().toISOString(), false)
    const appended = await test.two.tables.onClient(async (client) =>
      client.query<{ outcome: { befores: number[] } }>(appendStatement.text, [...parameters]),
    )
    expect(await command).toMatchObject({ kind: 'ok', version: 1 })
    expect(appended.rows[0]?.outcome.befores).toEqual([1])
  })
})
