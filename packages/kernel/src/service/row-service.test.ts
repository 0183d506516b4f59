import { allOperations, newId } from '@matchday/contracts'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createMemoryBus } from '../bus/memory.ts'
import { createRequester } from '../bus/requester.ts'
import { systemClock } from '../clock.ts'
import { createExecutor } from '../decide/executor.ts'
import { silentLog } from '../log.ts'
import type { EventMessage, JsonObject } from '../message.ts'
import { openPeople, type PeopleTest, people } from '../rows/testing/people.ts'
import { type Job, read, type ServiceDefinition } from './definition.ts'
import { runService } from './runner.ts'

const { pickTeam, listLog } = allOperations

let test: PeopleTest
beforeAll(async () => {
  test = await openPeople()
})
afterAll(async () => test[Symbol.asyncDispose]())

function startWith(parts: Partial<ServiceDefinition>) {
  const bus = createMemoryBus({ freeze: true })
  const { store, tables, executorWith } = test.one
  const service = runService({
    definition: { name: 'tournaments', handlers: {}, views: [], ...parts },
    bus,
    store,
    tables,
    makeExecutor: (onCommitted) =>
      createExecutor({ store, log: silentLog, clock: systemClock, service: 'tournaments', onCommitted }),
    makeRowExecutor: (onCommitted) => executorWith({ onCommitted }),
    log: silentLog,
  })
  const requester = createRequester({ bus, newId: () => crypto.randomUUID() })
  const ask = (operation: typeof pickTeam | typeof listLog, input: JsonObject) =>
    requester.request(operation, { id: newId(), input, caller: { kind: 'anyone' } })
  return { bus, service, ask }
}

it('a service without views keeps rows: commands write them, queries read them, jobs follow at once', async () => {
  const seen: number[] = []
  const visitor = `name ${newId()}`
  const counts = 'select value from counters where name = $1'
  const job: Job = {
    name: 'look',
    everyMs: 3_600_000,
    run: async ({ rows }) => {
      const [row] = await rows<{ value: number }>(counts, [visitor])
      seen.push(row?.value ?? 0)
      return false
    },
  }
  const counted = read(listLog, async (_input, _caller, context) => {
    const [row] = await context.rows<{ value: number }>(counts, [visitor])
    return { kind: 'ok', body: { items: [], next: row?.value ?? null } }
  })
  const handlers = { pickTeam: { ...people.visit, operation: pickTeam }, listLog: counted }
  const { bus, service, ask } = startWith({ handlers, jobs: [job] })
  const published: EventMessage[] = []
  bus.subscribeEvents({ service: 'tournaments' }, (events) => void published.push(...events))
  await vi.waitUntil(() => seen.length === 1, { timeout: 20_000 })

  const id = newId()
  expect(await ask(pickTeam, { id, name: visitor })).toMatchObject({ kind: 'ok', version: 2 })
  expect(await ask(listLog, { id })).toMatchObject({ kind: 'ok', body: { next: 1 } })
  await vi.waitUntil(() => seen.at(-1) === 1, { timeout: 20_000 })
  await vi.waitUntil(() => published.some(({ stream }) => stream === id), { timeout: 20_000 })
  const names = service.health().map((part) => part.name)
  expect(names).toEqual(expect.arrayContaining(['tournaments rows', 'tournaments jobs']))
  await service.stop()
  expect(service.health().every((part) => part.state === 'stopped')).toBe(true)
  expect(published.filter(({ stream }) => stream === id).map(({ type }) => type)).toEqual(['came', 'went'])
})

it('a service does not start without what its jobs and its commands on rows need', () => {
  const start = (parts: Partial<ServiceDefinition>) => () =>
    runService({
      definition: { name: 'tournaments', handlers: {}, views: [], ...parts },
      bus: createMemoryBus(),
      store: test.one.store,
      makeExecutor: () => {
        throw new Error('too late')
      },
      log: silentLog,
    })
  expect(start({ jobs: [{ name: 'none', everyMs: 1, run: async () => false }] })).toThrow('no tables')
  const handlers = { pickTeam: { ...people.visit, operation: pickTeam } }
  expect(start({ handlers })).toThrow('nothing that runs them')
})
