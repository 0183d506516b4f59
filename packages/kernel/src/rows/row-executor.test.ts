import { createHash } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { newId, type StaffId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { reject } from '../decide/decider.ts'
import { Fault } from '../fault.ts'
import { createLog, silentLog } from '../log.ts'
import type { Reply } from '../message.ts'
import { meetingOf } from '../testing/meeting.ts'
import { createRowExecutor } from './row-executor.ts'
import { countOf, openPeople, type PeopleTest, people, personRequest, rowEntry } from './testing/people.ts'

let test: PeopleTest
beforeAll(async () => {
  test = await openPeople()
})
afterAll(async () => test[Symbol.asyncDispose]())

const name = () => `name ${newId()}`
const internal = { kind: 'fault', code: 'internal', retryable: false }
const answerCount = async (id: string) =>
  (await test.one.tables.rows('select from answers where id like $1', [`%${id}`])).length

describe('a command on rows', () => {
  it('commits rows, events and answer, and answers at the version that it made', async () => {
    const { executor, store } = test.one
    const [id, visitor] = [newId(), name()]
    const caller = { kind: 'staff', accountId: newId() as StaffId, sessionId: newId() as never } as const
    const item = personRequest({ id, name: visitor }, { caller })
    const { epoch } = store
    expect(await executor.execute(people.visit, item)).toEqual({
      kind: 'ok',
      body: { visited: visitor, version: 2 },
      version: 2,
      epoch,
    })
    expect(await executor.execute(people.visit, personRequest({ id, name: visitor }))).toMatchObject({
      version: 4,
    })
    expect(await countOf(test.two, visitor)).toBe(2)
    const events = await store.eventsOf(id, 0, 10)
    expect(events).toMatchObject([
      { version: 1, type: 'came', data: { name: visitor }, by: 'staff', actor: caller.accountId },
      { version: 2, type: 'went', by: 'staff', actor: caller.accountId },
      { version: 3, by: 'anyone' },
      { version: 4, by: 'anyone' },
    ])
    expect(events[2]).not.toHaveProperty('actor')
    expect((await store.answers([`staff:${caller.accountId}/${item.id}`])).size).toBe(1)
  })

  it('prepares with all that there is, before its transaction and once', async () => {
    let prepared = 0
    const asked = rowEntry({
      async prepare(_input, { caller, address, secrets, rows, state, ask }) {
        prepared += 1
        const [row] = await rows<{ one: number }>('select 1 as one', [])
        const missing = await Promise.allSettled([state({} as never, 'x'), ask({} as never, {} as never)])
        const statuses = missing.map(({ status }) => status)
        return {
          id: newId(),
          caller,
          address,
          row,
          secrets: (await secrets(newId())).size,
          statuses,
        } as never
      },
      run: async (_transaction, { facts }) => ({ kind: 'accepted', answer: { facts: facts as never } }),
    })
    const facts = {
      caller: { kind: 'anyone' },
      address: '10.0.0.1',
      row: { one: 1 },
      secrets: 0,
      statuses: ['rejected', 'rejected'],
    }
    const item = personRequest({}, { address: '10.0.0.1' })
    expect(await test.one.executor.execute(asked, item)).toMatchObject({ kind: 'ok', body: { facts } })
    expect(prepared).toBe(1)
  })

  it('that is rejected is rejected alike for ever, and what it counted before stays', async () => {
    const [who, refused] = [name(), { kind: 'rejected', code: 'name-taken', detail: 'not this time' }]
    const item = personRequest({ name: who })
    const first = await test.one.executor.execute(people.tryInVain, item)
    expect(first).toEqual({ ...refused, retryAfterS: 7 })
    expect(await test.two.executor.execute(people.tryInVain, item)).toEqual(first)
    // Now it would be accepted.
    expect(await test.two.executor.execute(people.visit, item)).toEqual(first)
    expect(await countOf(test.one, who)).toBe(1)
  })

  it('that came too often may come again with its id', async () => {
    let isTooOften = true
    const slowed = rowEntry({
      run: async () =>
        isTooOften
          ? { ...reject('too-many-requests' as never), retryAfterS: 1 }
          : { kind: 'accepted', answer: { done: true } },
    })
    const item = personRequest({})
    expect(await test.one.executor.execute(slowed, item)).toMatchObject({ code: 'too-many-requests' })
    expect(await answerCount(item.id)).toBe(0)
    isTooOften = false
    expect(await test.two.executor.execute(slowed, item)).toMatchObject({ kind: 'ok', body: { done: true } })
    expect(await answerCount(item.id)).toBe(1)
  })

  it('that is rejected may have something to tell: its events are committed with what it wrote, once', async () => {
    const stream = newId()
    const told = rowEntry({
      prepare: () => ({ id: stream }) as never,
      run: async () => ({ ...reject('name-taken' as never), events: [{ type: 'tried', data: {} }] }),
    })
    const item = personRequest({})
    for (const { executor } of [test.one, test.two]) {
      expect(await executor.execute(told, item)).toEqual({ kind: 'rejected', code: 'name-taken' })
    }
    expect(await test.one.store.eventsOf(stream, 0, 10)).toMatchObject([{ version: 1, type: 'tried' }])
  })

  it('that breaks a constraint it names is rejected, undone, and rejected for ever', async () => {
    const { executor, tables } = test.one
    const taken = name()
    const mine = newId()
    expect(await executor.execute(people.register, personRequest({ id: mine, name: taken }))).toMatchObject({
      kind: 'ok',
    })
    const other = newId()
    const late = personRequest({ id: other, name: taken })
    const refused = { kind: 'rejected', code: 'name-taken' }
    expect(await executor.execute(people.register, late)).toEqual(refused)
    await tables.rows('delete from people where id = $1', [mine])
    expect(await test.two.executor.execute(people.register, late)).toEqual(refused)
    expect(await test.one.store.eventsOf(other, 0, 10)).toEqual([])
    expect(await executor.execute(people.register, personRequest({ id: other, name: taken }))).toMatchObject({
      kind: 'ok',
    })
  })

  it('whose deadline has passed is not run', async () => {
    const who = name()
    const late = personRequest({ name: who }, { deadlineAt: Date.now() - 1 })
    expect(await test.one.executor.execute(people.visit, late)).toMatchObject({ code: 'timed-out' })
    expect(await countOf(test.one, who)).toBe(0)
  })

  it('that has a bug leaves nothing behind, and passes over nothing', async () => {
    const { executor } = test.one
    const who = name()
    for (const entry of [people.fail, people.passOver])
      expect(await executor.execute(entry, personRequest({ name: who }))).toEqual(internal)
    expect(await executor.execute(people.visit, personRequest({ id: 'no id', name: who }))).toEqual(internal)
    expect(await countOf(test.one, who)).toBe(0)
    expect(await executor.execute(people.visit, personRequest({ name: who }))).toMatchObject({ kind: 'ok' })
  })

  it('tells the code of a fault that it meets, and does not try again what would fail again', async () => {
    let runs = 0
    const full = rowEntry({
      run: () => {
        runs += 1
        throw new Fault('overloaded', 'too much of it', { retryable: true })
      },
    })
    expect(await test.one.executor.execute(full, personRequest({}))).toMatchObject({ code: 'overloaded' })
    expect(runs).toBe(1)
  })
})

describe('the same id', () => {
  it('a hundred times at once and once more has one effect and one answer', async () => {
    const who = name()
    const same = personRequest({ name: who })
    const executors = [test.one.executor, test.two.executor, test.one.executorWith({})]
    const replies: Reply[] = await Promise.all(
      // Each instance makes an id, and so a stream, of its own.
      Array.from({ length: 100 }, (_, index) => executors[index % 3]!.execute(people.register, same)),
    )
    replies.push(await test.two.executor.execute(people.register, same))
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
    expect(replies[0]).toMatchObject({ kind: 'ok', version: 1 })
    const found = await test.one.tables.rows<{ id: string }>('select id from people where name = $1', [who])
    expect(found).toHaveLength(1)
    expect(await test.one.store.eventsOf(found[0]!.id, 0, 10)).toHaveLength(1)
  })

  it('with other content is refused, at once and later', async () => {
    const one = personRequest({ id: newId(), name: name() })
    const other = { ...one, input: { ...one.input, name: name() } }
    const refused = { kind: 'rejected', code: 'request-id-reused' }
    const { executor } = test.one
    const replies = await Promise.all([
      executor.execute(people.visit, one),
      executor.execute(people.visit, other),
    ])
    expect(replies).toMatchObject([{ kind: 'ok' }, refused])
    expect(await test.two.executor.execute(people.visit, other)).toEqual(refused)
    expect(await test.two.executor.execute(people.visit, { ...one, expectedVersion: 7 })).toEqual(refused)
  })

  it('of another caller is another command', async () => {
    const who = name()
    const one = personRequest({ id: newId(), name: who })
    const other = { ...one, caller: { kind: 'service', service: 'elsewhere' } as const }
    for (const item of [one, other]) await test.one.executor.execute(people.visit, item)
    expect(await countOf(test.one, who)).toBe(2)
  })

  it('of what is not remembered does it again, and leaves no answer', async () => {
    const who = name()
    const again = personRequest({ name: who })
    const { executor } = test.one
    // At the same time it is one and the same; other content has nothing to do with it.
    await Promise.all([again, again].map((item) => executor.execute(people.begin, item)))
    expect(await countOf(test.one, who)).toBe(1)
    const other = { ...again, input: { name: name() } }
    const replies = await Promise.all([again, other].map((item) => executor.execute(people.begin, item)))
    expect(replies).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }])
    expect(await countOf(test.one, who)).toBe(2)
    expect(await answerCount(again.id)).toBe(0)
  })

  it('of what is not remembered is rejected anew', async () => {
    const taken = name()
    const begin = rowEntry({ ...people.register.handler, isRemembered: false } as never)
    const { executor, tables } = test.one
    await executor.execute(begin, personRequest({ name: taken }))
    const late = personRequest({ name: taken })
    expect(await executor.execute(begin, late)).toEqual({ kind: 'rejected', code: 'name-taken' })
    await tables.rows('delete from people where name = $1', [taken])
    expect(await executor.execute(begin, late)).toMatchObject({ kind: 'ok' })
    expect(await answerCount(late.id)).toBe(0)
  })
})

describe('what is kept of a private operation', () => {
  const asked = (password: string) => personRequest({ name: password }, { operation: 'signUpStaff' })
  const fingerprintOf = async (id: string) => {
    const text = 'select fingerprint from answers where id like $1'
    return (await test.one.tables.rows<{ fingerprint: string }>(text, [`%${id}`]))[0]!.fingerprint
  }
  /** What somebody would compute who has the database, and guesses. */
  const guess = ({ operation, input }: { operation: string; input: object }) =>
    createHash('sha256')
      .update(JSON.stringify([operation, input, null]))
      .digest('hex')
      .slice(0, 32)

  it('cannot be guessed from its fingerprint, as it could be of any other', async () => {
    const item = asked('password')
    await test.one.executor.execute(people.secretly, item)
    expect(await fingerprintOf(item.id)).not.toBe(guess(item))
    const open = personRequest({ name: 'password' })
    await test.one.executor.execute(people.visit, open)
    expect(await fingerprintOf(open.id)).toBe(guess(open))
  })

  it('is recognised by every instance with the same key', async () => {
    const item = asked('password')
    const first = await test.one.executor.execute(people.secretly, item)
    expect(await test.two.executor.execute(people.secretly, item)).toEqual(first)
    const elsewhere = test.two.executorWith({ fingerprintKey: new Uint8Array(32) })
    expect(await elsewhere.execute(people.secretly, item)).toMatchObject({ code: 'request-id-reused' })
  })

  it('needs a key', async () => {
    const { store, tables } = test.one
    const options = { store, tables, clock: systemClock, log: silentLog, service: 'keyless' }
    const executor = createRowExecutor(options)
    expect(await executor.execute(people.secretly, asked('password'))).toEqual(internal)
    expect(await executor.execute(people.visit, personRequest({ name: name() }))).toMatchObject({
      kind: 'ok',
    })
  })
})

describe('the executor of rows', () => {
  it('writes no value of a row into the log', async () => {
    const lines = new PassThrough()
    const executor = test.one.executorWith({ log: createLog('debug', lines) })
    const email = `canary-${newId()}`
    const replies = [
      await executor.execute(people.clash, personRequest({ email })),
      await executor.execute(people.clash, personRequest({ email })),
      await executor.execute(people.visit, personRequest({ id: email, name: email })),
    ]
    expect(replies).toMatchObject([{ kind: 'ok' }, internal, internal])
    const written = String(lines.read())
    expect(written).toContain('people_email_key')
    expect(written).not.toContain(email)
  })

  it('tells who did what and what came of it, to whoever looks after security', async () => {
    const written = async (level: 'info' | 'warn') => {
      const lines = new PassThrough()
      const executor = test.one.executorWith({ log: createLog(level, lines) })
      const caller = { kind: 'staff', accountId: newId() as StaffId, sessionId: newId() as never } as const
      const [stream, visitor] = [newId(), name()]
      const visit = personRequest({ id: stream, name: visitor }, { caller })
      await executor.execute(people.visit, visit)
      await executor.execute(people.tryInVain, personRequest({ name: visitor }))
      await executor.execute(people.fail, personRequest({ name: visitor }))
      const texts = String(lines.read() ?? '')
        .split('\n')
        .filter((line) => line !== '')
      const told = texts.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'command answered')
      expect(texts.join()).not.toContain(visitor)
      return { told, caller, stream, visit }
    }
    const { told, caller, stream, visit } = await written('info')
    const who = { by: 'staff', actor: caller.accountId, stream }
    expect(told).toMatchObject([
      { operation: 'pickTeam', id: visit.id, outcome: 'ok', ...who, time: expect.stringMatching(/Z$/) },
      { by: 'anyone', actor: null, outcome: 'name-taken' },
      { by: 'anyone', actor: null, outcome: 'internal' },
    ])
    // As servers are told to log if nobody says otherwise.
    expect((await written('warn')).told).toEqual([])
  })

  it('takes only so many commands, and tells when all of them are done', async () => {
    let isDone = false
    let release: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const waiting = rowEntry({
      prepare: async () => {
        await gate
        return { id: newId() }
      },
      run: async () => ({ kind: 'accepted', answer: {} }),
    })
    const executor = test.one.executorWith({ limits: { commandsMax: 2 } })
    const taken = [1, 2].map(() => executor.execute(waiting, personRequest({})))
    expect(await executor.execute(waiting, personRequest({}))).toMatchObject({ code: 'overloaded' })
    const drained = executor.drain().then(() => {
      isDone = true
    })
    await new Promise(setImmediate)
    expect(isDone).toBe(false)
    release()
    expect(await Promise.all(taken)).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }])
    await drained
  })

  it('has only so many transactions open at a time', async () => {
    const { executor, tables } = test.one
    let open = 0
    let openMost = 0
    const meet = meetingOf(tables.transactionsMax)
    const counting = rowEntry({
      run: async (transaction) => {
        openMost = Math.max(openMost, ++open)
        await meet()
        await transaction.query('select pg_sleep(0.005)')
        open -= 1
        return { kind: 'accepted', answer: {} }
      },
    })
    await Promise.all(Array.from({ length: 40 }, () => executor.execute(counting, personRequest({}))))
    expect(openMost).toBe(tables.transactionsMax)
  })

  it('tells of each commit of what was accepted, whether or not there are events', async () => {
    let commits = 0
    const executor = test.one.executorWith({ onCommitted: () => void commits++ })
    await executor.execute(people.begin, personRequest({ name: name() }))
    await executor.execute(people.visit, personRequest({ name: name() }))
    expect(commits).toBe(2)
    await executor.execute(people.tryInVain, personRequest({ name: name() }))
    await executor.execute(people.fail, personRequest({ name: name() }))
    expect(commits).toBe(2)
  })

  it('ends a deadlock by itself, unless it may not try again', async () => {
    /** Raises two counters, the second when the other command holds the one that it wants. */
    const crossing = (meet: () => Promise<void>) =>
      rowEntry({
        run: async (transaction, { input }) => {
          const raise = 'update counters set value = value + 1 where name = $1'
          // Open transactions hold back the readers of all tests that share the server.
          await transaction.query(`set local deadlock_timeout = '10ms'`)
          await transaction.query(raise, [input.first])
          await meet()
          await transaction.query(raise, [input.second])
          return { kind: 'accepted', answer: {} }
        },
      })
    const cross = async (limits: { racesMax: number }) => {
      const [first, second] = [name(), name()]
      await test.one.tables.rows('insert into counters values ($1, 0), ($2, 0)', [first, second])
      const entry = crossing(meetingOf(2))
      const executor = test.one.executorWith({ limits })
      const replies = await Promise.all([
        executor.execute(entry, personRequest({ first, second })),
        executor.execute(entry, personRequest({ first: second, second: first })),
      ])
      return { replies, counts: [await countOf(test.one, first), await countOf(test.one, second)] }
    }
    const ended = await cross({ racesMax: 8 })
    expect(ended.replies).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }])
    expect(ended.counts).toEqual([2, 2])
    const givenUp = await cross({ racesMax: 0 })
    expect(givenUp.replies.map((reply) => reply.kind).sort()).toEqual(['fault', 'ok'])
    expect(givenUp.counts).toEqual([1, 1])
  })

  it('rejects by the rules of a handler that looks at rows', async () => {
    const once = rowEntry({
      run: async (transaction, { input }) => {
        const [row] = await transaction.query('select from counters where name = $1', [input.name])
        if (row !== undefined) return reject('name-taken')
        await transaction.query('insert into counters values ($1, 1)', [input.name])
        return { kind: 'accepted', answer: {} }
      },
    })
    const [who, id] = [name(), newId()]
    const replies = await Promise.all(
      [test.one, test.two, test.one, test.two].map(({ executor }) =>
        executor.execute(once, personRequest({ id, name: who })),
      ),
    )
    expect(replies.filter((reply) => reply.kind === 'ok')).toHaveLength(1)
    expect(replies.filter((reply) => reply.kind === 'rejected')).toHaveLength(3)
  })
})
