import { newId } from '@matchday/contracts'
import { createFakeClock } from '@matchday/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Append, storeLimits } from './port.ts'
import { answer, append } from './testing/append.ts'
import { openTestStore, type TestStore } from './testing/open-test-store.ts'

let test: TestStore
beforeAll(async () => {
  test = await openTestStore()
})
afterAll(async () => test[Symbol.asyncDispose]())

describe('versions', () => {
  it('count the events of a stream from 1, without gaps, and events come back as they went in', async () => {
    const { store } = test
    const stream = newId()
    expect(await store.append([append(stream, 2)])).toEqual([
      { kind: 'committed', versionBefore: 0, version: 2, fence: 0 },
    ])
    await store.append([append(stream, 1, { expected: { version: 2 } })])
    const [loaded] = await store.load([{ stream, after: 0, snapshotSchema: 1 }])
    expect(loaded).toMatchObject({ stream, version: 3, fence: 0, snapshot: null })
    expect(loaded!.events.map((event) => event.version)).toEqual([1, 2, 3])
    const { type, data, at, by } = append(stream, 1).events[0]!
    expect(loaded!.events[0]).toEqual({ stream, version: 1, type, data, at, by })
    expect(await store.eventsOf(stream, 1, 1)).toEqual([loaded!.events[1]])
  })

  it('that are not as expected are a conflict, and nothing is committed', async () => {
    const { store } = test
    const stream = newId()
    await store.append([append(stream, 3)])
    const late = { expected: { version: 2 }, claims: [`late ${stream}`], answers: [answer(newId(), 1)] }
    expect(await store.append([append(stream, 1, late)])).toEqual([{ kind: 'version-conflict' }])
    expect(await store.append([append(stream, 1, { expected: { version: 4 } })])).toEqual([
      { kind: 'version-conflict' },
    ])
    expect(await store.holder(`late ${stream}`)).toBeNull()
    expect((await store.versions([stream])).get(stream)).toEqual({ version: 3, fence: 0, redactions: 0 })
  })

  it('are 0 for a stream that does not exist, and an append without events does not make it exist', async () => {
    const { store } = test
    const stream = newId()
    const id = newId()
    expect(await store.append([append(stream, 0, { answers: [answer(id, 0)] })])).toEqual([
      { kind: 'committed', versionBefore: 0, version: 0, fence: 0 },
    ])
    expect((await store.answers([id])).get(id)).toMatchObject({ id, stream, version: 0 })
    expect((await store.load([{ stream, after: 0, snapshotSchema: 1 }]))[0]).toMatchObject({ version: 0 })
  })
})

describe('fences', () => {
  it('let an append through that follows on unessential events only', async () => {
    const { store } = test
    const stream = newId()
    await store.append([append(stream, 2)])
    await store.append([append(stream, 5, { expected: { version: 2 } })])
    expect(await store.append([append(stream, 1, { expected: { fence: 2 } })])).toEqual([
      { kind: 'committed', versionBefore: 7, version: 8, fence: 0 },
    ])
  })

  it('stop what was decided before the last essential event', async () => {
    const { store } = test
    const stream = newId()
    await store.append([append(stream, 2)])
    const essential = append(stream, 3, { expected: { version: 2 }, fenceOffset: 2 })
    expect(await store.append([essential])).toEqual([
      { kind: 'committed', versionBefore: 2, version: 5, fence: 4 },
    ])
    const decidedAt = async (fence: number) =>
      (await store.append([append(stream, 0, { expected: { fence } })]))[0]!.kind
    expect(await decidedAt(3)).toBe('version-conflict')
    expect(await decidedAt(4)).toBe('committed')
    // A version that the log has not reached: this was decided in another life of the store.
    expect(await decidedAt(6)).toBe('version-conflict')
  })
})

describe('what events take', () => {
  /** One event that takes this, decided on a state up to here. */
  const taking = (stream: string, fence: number, ...takes: readonly string[]) => {
    const alone = append(stream, 1, { expected: { fence } })
    return { ...alone, events: alone.events.map((event) => ({ ...event, takes })) }
  }
  const outcomes = async (...appends: readonly Append[]) =>
    (await test.store.append(appends)).map(({ kind }) => kind)

  it('is not to be had by what was decided without it, and by nobody else is anything lost', async () => {
    const [stream, other] = [newId(), newId()]
    await test.store.append([append(stream, 2), append(other, 2)])
    expect(await outcomes(taking(stream, 2, 'seat:1', 'name:ann'))).toEqual(['committed'])
    expect(await outcomes(taking(stream, 2, 'seat:2', 'name:ben'), taking(other, 2, 'seat:1'))).toEqual([
      'committed',
      'committed',
    ])
    expect(await outcomes(taking(stream, 2, 'seat:1'), taking(other, 2, 'seat:2'))).toEqual([
      'version-conflict',
      'committed',
    ])
    expect(await outcomes(taking(stream, 2, 'seat:3', 'name:ben'))).toEqual(['version-conflict'])
    expect(await outcomes(taking(stream, 2), taking(other, 3, 'seat'))).toEqual(['committed', 'committed'])
  })

  it('counts only until it is seen: who has seen it knows better', async () => {
    const stream = newId()
    await test.store.append([append(stream, 2)])
    expect(await outcomes(taking(stream, 2, 'seat:1'))).toEqual(['committed'])
    expect(await outcomes(taking(stream, 3, 'seat:1'))).toEqual(['committed'])
  })

  it('also counts when it was taken on the exact version', async () => {
    const stream = newId()
    await test.store.append([append(stream, 2)])
    const exact = { ...taking(stream, 0, 'seat:1'), expected: { version: 2 } }
    expect(await outcomes(exact)).toEqual(['committed'])
    expect(await outcomes(taking(stream, 2, 'seat:1'))).toEqual(['version-conflict'])
  })

  it('has no line break: it would be two things', async () => {
    await expect(test.store.append([taking(newId(), 0, 'seat:1\nseat:2')])).rejects.toThrow('line break')
  })
})

describe('claims', () => {
  it('are held by one, also against the same stream, until released', async () => {
    const { store } = test
    const [one, other, key] = [newId(), newId(), `key ${newId()}`]
    await store.append([append(one, 1, { claims: [key] })])
    expect(await store.holder(key)).toBe(one)
    const lost = { kind: 'claim-conflict', keys: [key] }
    expect(await store.append([append(other, 1, { claims: [key] })])).toEqual([lost])
    expect(await store.append([append(one, 1, { expected: { version: 1 }, claims: [key] })])).toEqual([lost])
    // Only the holder can release.
    await store.append([append(other, 1, { releases: [key] })])
    expect(await store.holder(key)).toBe(one)
    await store.append([append(one, 1, { expected: { version: 1 }, releases: [key] })])
    expect(await store.holder(key)).toBeNull()
  })

  it('can be released and taken in one append', async () => {
    const { store } = test
    const [stream, key] = [newId(), `key ${newId()}`]
    await store.append([append(stream, 1, { claims: [key] })])
    const again = { expected: { version: 1 }, claims: [key], releases: [key] }
    expect((await store.append([append(stream, 1, again)]))[0]).toMatchObject({ kind: 'committed' })
    expect(await store.holder(key)).toBe(stream)
  })

  it('of two appends of one batch go to the first, and a release counts for those after it', async () => {
    const { store } = test
    const [one, two, three, key] = [newId(), newId(), newId(), `key ${newId()}`]
    const outcomes = await store.append([
      append(one, 1, { claims: [key] }),
      append(two, 1, { claims: [key] }),
      append(one, 1, { expected: { version: 1 }, releases: [key] }),
      append(three, 1, { claims: [key] }),
    ])
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([
      'committed',
      'claim-conflict',
      'committed',
      'committed',
    ])
    expect(await store.holder(key)).toBe(three)
  })
})

describe('a group commit', () => {
  it('commits all but the losers, each of which is told why', async () => {
    const { store } = test
    const [taken, known] = [`taken ${newId()}`, newId()]
    const existing = newId()
    await store.append([append(existing, 1, { claims: [taken], answers: [answer(known, 1)] })])
    const streams = Array.from({ length: 6 }, () => newId())
    const outcomes = await store.append([
      append(streams[0]!, 1),
      append(streams[1]!, 1, { claims: [taken, `free ${streams[1]}`], answers: [answer(newId(), 1)] }),
      append(existing, 1, { answers: [answer(newId(), 1)] }),
      append(streams[3]!, 2, { answers: [answer(newId(), 1), answer(known, 2)] }),
      append(streams[4]!, 2, { claims: [`free ${streams[4]}`] }),
      append(existing, 1, { expected: { version: 1 } }),
    ])
    expect(outcomes).toEqual([
      { kind: 'committed', versionBefore: 0, version: 1, fence: 0 },
      { kind: 'claim-conflict', keys: [taken] },
      { kind: 'version-conflict' },
      { kind: 'answer-conflict', ids: [known] },
      { kind: 'committed', versionBefore: 0, version: 2, fence: 0 },
      { kind: 'committed', versionBefore: 1, version: 2, fence: 0 },
    ])
    expect(await store.holder(`free ${streams[1]}`)).toBeNull()
    expect(await store.holder(`free ${streams[4]}`)).toBe(streams[4])
    expect([...(await store.versions(streams)).values()].map(({ version }) => version)).toEqual([
      1, 0, 0, 0, 2, 0,
    ])
  })

  it('takes more appends than go into one transaction', async () => {
    const { store } = test
    const streams = Array.from({ length: storeLimits.appendsPerCommitMax + 10 }, () => newId())
    const outcomes = await store.append(streams.map((stream) => append(stream, 1)))
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(['committed']))
  })

  it('of two instances at once gives each claim and each answer to one, whatever the order', async () => {
    const { store } = test
    const other = await test.another()
    for (let round = 0; round < 20; round++) {
      const keys = Array.from({ length: 20 }, () => `race ${newId()}`)
      const batch = (claims: readonly string[]) => claims.map((key) => append(newId(), 1, { claims: [key] }))
      const outcomes = await Promise.all([
        store.append(batch(keys)),
        other.append(batch([...keys].reverse())),
        store.append(batch(keys)),
      ])
      const won = outcomes.flat().filter((outcome) => outcome.kind === 'committed')
      expect(won).toHaveLength(keys.length)
    }
  })
})

describe('answers', () => {
  it('are kept with the version at which they were given', async () => {
    const { store } = test
    const [stream, first, second] = [newId(), `anyone/${newId()}`, `x "y" \\ ${newId()}`]
    await store.append([append(stream, 3)])
    const answers = [answer(first, 1), answer(second, 4)]
    await store.append([append(stream, 4, { expected: { version: 3 }, answers })])
    const found = await store.answers([first, second, 'unknown'])
    expect(found.size).toBe(2)
    expect(found.get(first)).toEqual({
      id: first,
      fingerprint: 'f'.repeat(32),
      answer: answer(first, 1).answer,
      stream,
      version: 4,
    })
    expect(found.get(second)).toMatchObject({ version: 7 })
  })

  it('are forgotten after a day, so many at a time', async () => {
    const clock = createFakeClock()
    await using own = await openTestStore(clock)
    const ids = Array.from({ length: 5 }, () => newId())
    await own.store.append([append(newId(), 1, { answers: ids.map((id) => answer(id, 1)) })])
    clock.advance(storeLimits.answersKeptMs)
    const young = newId()
    await own.store.append([append(newId(), 1, { answers: [answer(young, 1)] })])
    expect(await own.store.forgetAnswers(10)).toBe(0)
    clock.advance(1)
    expect([await own.store.forgetAnswers(3), await own.store.forgetAnswers(3)]).toEqual([3, 2])
    expect([...(await own.store.answers([...ids, young])).keys()]).toEqual([young])
  })
})

it('keeps secrets apart from events, the last value of each name', async () => {
  const { store } = test
  const stream = newId()
  await store.append([append(stream, 1, { secrets: [{ name: 'seed', value: 'one' }] })])
  const more = [
    { name: 'seed', value: 'two' },
    { name: 'other', value: '"' },
  ]
  await store.append([append(stream, 1, { expected: { version: 1 }, secrets: more })])
  expect(await store.secrets(stream)).toEqual(
    new Map([
      ['other', '"'],
      ['seed', 'two'],
    ]),
  )
})

it('loads from the snapshot of the schema asked for, never from an older one that was saved late', async () => {
  const { store } = test
  const stream = newId()
  await store.append([append(stream, 5)])
  await store.saveSnapshot(stream, 2, 3, { sum: 3 }, 0)
  await store.saveSnapshot(stream, 2, 2, { sum: 2 }, 0)
  await store.saveSnapshot(stream, 1, 5, { sum: 5 }, 0)
  const load = async (after: number, snapshotSchema: number) => {
    const [loaded] = await store.load([{ stream, after, snapshotSchema }])
    return { snapshot: loaded!.snapshot, versions: loaded!.events.map((event) => event.version) }
  }
  expect(await load(0, 2)).toEqual({ snapshot: { version: 3, state: { sum: 3 } }, versions: [4, 5] })
  expect(await load(0, 1)).toEqual({ snapshot: null, versions: [1, 2, 3, 4, 5] })
  expect(await load(4, 2)).toEqual({ snapshot: null, versions: [5] })
  expect(await load(5, 2)).toEqual({ snapshot: null, versions: [] })
})
