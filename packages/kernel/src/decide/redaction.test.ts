import { newId, type PlayerId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { JsonObject } from '../message.ts'
import type { CommandEntry } from '../service/definition.ts'
import type { Append, Store } from '../store/port.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import { whereIs } from '../store/testing/where-is.ts'
import type { CommandHandler, Decider, DomainEvent } from './decider.ts'
import { createExecutor } from './executor.ts'
import type { Executor } from './executor-port.ts'
import { request, roomCommands } from './testing/rooms.ts'

/** Names that were told, by the version of the event that tells them. */
type Guests = { readonly told: { readonly [version: string]: string } }

/** As careless as a decider can be: that somebody was forgotten changes nothing in its state. */
const guests: Decider<Guests, DomainEvent> = {
  name: 'guests',
  snapshotSchema: 1,
  snapshotEvery: 2,
  initial: () => ({ told: {} }),
  evolve: (state, { data }, { version }) =>
    data.name === undefined ? state : { told: { ...state.told, [version]: String(data.name) } },
}

type Input = { readonly id: string; readonly name: string }
type Handler = CommandHandler<Guests, DomainEvent, Input, JsonObject, 'not-found', unknown>

function entry(decide: Handler['decide']): CommandEntry {
  const handler: Handler = {
    decider: guests,
    prepare: () => null,
    stream: ({ id }) => id,
    decide,
    present: (answer) => answer,
  }
  // Any operation will do, as in the other tests of the executor.
  return { ...roomCommands.take, handler: handler as never }
}

const arrive = entry((_state, { input }) => ({
  kind: 'accepted',
  events: [{ type: 'arrived', data: { name: input.name } }],
  answer: {},
  claims: [`name:${input.name}`],
  secrets: [{ name: 'name', value: input.name }],
}))
/** Repeats all names that it knows of. Nothing that happened since is a reason not to. */
const announce = entry((state) => ({
  kind: 'accepted',
  events: [{ type: 'announced', data: { name: Object.values(state.told).join() } }],
  answer: {},
  basis: 'fence',
}))
/** Arrives and is forgotten without claims and secrets, which are reasons enough to begin a new append. */
const mention = entry((_state, { input }) => ({
  kind: 'accepted',
  events: [{ type: 'mentioned', data: { name: input.name } }],
  answer: {},
}))
const retract = entry((state) => ({
  kind: 'accepted',
  events: [{ type: 'retracted', data: {} }],
  answer: {},
  redactions: redactionsOf(state),
}))
const nothing = entry(() => ({
  kind: 'accepted',
  events: [{ type: 'passed', data: {} }],
  answer: {},
  basis: 'fence',
}))
const forget = entry((state, { input }) => ({
  kind: 'accepted',
  events: [{ type: 'forgot', data: {} }],
  answer: {},
  releases: [`name:${input.name}`],
  forgottenSecrets: ['name'],
  redactions: redactionsOf(state),
  basis: 'fence',
}))
function redactionsOf({ told }: Guests) {
  return Object.keys(told).map((version) => ({ version: Number(version), data: { name: 'somebody' } }))
}

let test: TestStore
const executors: Executor[] = []
beforeAll(async () => {
  test = await openTestStore()
})
afterAll(async () => {
  for (const executor of executors) await executor.drain()
  await test[Symbol.asyncDispose]()
})

function executorOn(store: Store): Executor {
  const executor = createExecutor({ store, log: silentLog, clock: systemClock, service: 'guests' })
  executors.push(executor)
  return executor
}

const tell = (executor: Executor, command: CommandEntry, id: string, name: string) =>
  executor.execute(command, request({ id, name } as never))
const isOk = { kind: 'ok' }

function gate() {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

/** An executor whose appends of this kind wait to be let on. */
async function slowAt(isHeld: (appends: readonly Append[]) => boolean) {
  const [held, letOn] = [gate(), gate()]
  const store = await test.another()
  const append: Store['append'] = async (appends) => {
    if (isHeld(appends)) {
      held.open()
      await letOn.opened
    }
    return store.append(appends)
  }
  return { slow: executorOn({ ...store, append }), reached: held.opened, goOn: letOn.open }
}

describe('what was told before a redaction', () => {
  it('is nowhere after it, and does not come back from an instance that still knows it', async () => {
    const [one, two] = [executorOn(test.store), executorOn(await test.another())]
    const [id, canary] = [newId(), `canary-${newId()}`]
    await tell(one, arrive, id, canary)
    await tell(two, announce, id, canary)
    await tell(two, nothing, id, canary)
    await two.drain()
    expect(await whereIs(test.database, canary)).toEqual(['claims', 'events', 'secrets', 'snapshots'])
    expect(JSON.stringify(await two.state(guests, id))).toContain(canary)

    expect(await tell(one, forget, id, canary)).toMatchObject(isOk)
    expect(await whereIs(test.database, canary)).toEqual([])
    // Both go on, from states that they have in memory, and save snapshots of what comes of them.
    for (const executor of [one, two, one, two]) {
      expect(await tell(executor, announce, id, canary)).toMatchObject(isOk)
      expect(JSON.stringify(await executor.state(guests, id))).not.toContain(canary)
      await executor.drain()
    }
    expect(await whereIs(test.database, canary)).toEqual([])
    expect(await whereIs(test.database, id)).toContain('snapshots')
  })

  it('would come back from memory if nobody counted redactions', async () => {
    const { store } = test
    const load: Store['load'] = async (requests) =>
      (await store.load(requests)).map((stream) => ({ ...stream, redactions: 0 }))
    const blind = executorOn({ ...store, load })
    const [id, canary] = [newId(), `canary-${newId()}`]
    await tell(blind, arrive, id, canary)
    await tell(executorOn(store), forget, id, canary)
    expect(JSON.stringify(await blind.state(guests, id))).toContain(canary)
    expect(await tell(blind, announce, id, canary)).toMatchObject(isOk)
    expect(await whereIs(test.database, canary)).toEqual(['events'])
  })

  it('is not brought back by a snapshot that was on its way', async () => {
    const { open, opened } = gate()
    const slowStore = await test.another()
    let saved = 0
    const slow = executorOn({
      ...slowStore,
      saveSnapshot: async (...values) => {
        await opened
        await slowStore.saveSnapshot(...values)
        saved += 1
      },
    })
    const one = executorOn(test.store)
    const [id, canary] = [newId(), `canary-${newId()}`]
    await tell(slow, arrive, id, canary)
    await tell(slow, nothing, id, canary)
    expect(await tell(one, forget, id, canary)).toMatchObject(isOk)
    open()
    await slow.drain()
    expect(saved).toBeGreaterThan(0)
    expect(await whereIs(test.database, canary)).toEqual([])
  })

  it('is not repeated by a decision that was on its way', async () => {
    const { slow, reached, goOn } = await slowAt((appends) => JSON.stringify(appends).includes('announced'))
    const one = executorOn(test.store)
    const [id, canary] = [newId(), `canary-${newId()}`]
    await tell(slow, arrive, id, canary)
    const announced = tell(slow, announce, id, canary)
    await reached
    expect(await tell(one, forget, id, canary)).toMatchObject(isOk)
    goOn()
    expect(await announced).toMatchObject(isOk)
    expect(await whereIs(test.database, canary)).toEqual([])
    const events = await test.store.eventsOf(id, 0, 10)
    expect(events.at(-1)).toMatchObject({ type: 'announced', data: { name: 'somebody' } })
  })

  it.each([
    ['with claims and secrets', arrive, forget],
    ['without', mention, retract],
  ])(
    'is not repeated by commands that waited together with the one that takes it back, %s',
    async (...given) => {
      const [, first, last] = given
      const one = executorOn(test.store)
      const [id, canary] = [newId(), `canary-${newId()}`]
      const replies = await Promise.all(
        [first, announce, last, announce, nothing].map((command) => tell(one, command, id, canary)),
      )
      expect(replies).toMatchObject([isOk, isOk, isOk, isOk, isOk])
      expect(await whereIs(test.database, canary)).toEqual([])
      expect((await test.store.eventsOf(id, 0, 10)).map(({ data }) => data.name)).toEqual([
        'somebody',
        'somebody',
        undefined,
        'somebody,somebody',
        undefined,
      ])
    },
  )

  it('is taken back from the right events when others come between', async () => {
    const { slow, reached, goOn } = await slowAt((appends) =>
      appends.some((append) => append.redactions.length > 0),
    )
    const one = executorOn(test.store)
    const [id, canary] = [newId(), `canary-${newId()}`]
    await tell(slow, arrive, id, canary)
    const forgotten = tell(slow, forget, id, canary)
    await reached
    expect(await tell(one, announce, id, canary)).toMatchObject(isOk)
    goOn()
    expect(await forgotten).toMatchObject(isOk)
    expect(await whereIs(test.database, canary)).toEqual([])
  })
})

it('the log tells who did it', async () => {
  const one = executorOn(test.store)
  const id = newId()
  const caller = {
    kind: 'player',
    tournamentId: newId() as never,
    playerId: newId() as PlayerId,
    pass: 1,
  } as const
  await one.execute(nothing, request({ id } as never, { caller }))
  await one.execute(nothing, request({ id } as never))
  const [first, second] = await test.store.eventsOf(id, 0, 10)
  expect(first).toMatchObject({ by: 'player', actor: caller.playerId })
  expect(second).toMatchObject({ by: 'anyone' })
  expect(second).not.toHaveProperty('actor')
})
