import { allOperations, newId, readEventsOf } from '@matchday/contracts'
import { describe, expect, it, vi } from 'vitest'
import { createMemoryBus } from '../bus/memory.ts'
import { createRequester } from '../bus/requester.ts'
import type { Decider, DomainEvent } from '../decide/decider.ts'
import type { Executor } from '../decide/executor-port.ts'
import { Fault } from '../fault.ts'
import { silentLog } from '../log.ts'
import type { EventMessage, Reply, Whisper } from '../message.ts'
import type { RecordedEvent, Store } from '../store/port.ts'
import { leasesInMemory } from '../store/testing/leases-in-memory.ts'
import { command, type HandlerEntry, type Reaction, read, type ServiceDefinition } from './definition.ts'
import { runService, type ViewRunner } from './runner.ts'

const { archiveTournament, getSeat, findByJoinCode, highlightTeam, listLog, setJoining } = allOperations
const anyone = { kind: 'anyone' } as const
const at = '2026-01-01T00:00:00.000Z'

type Count = number
const counting: Decider<Count, DomainEvent> = {
  name: 'counting',
  snapshotSchema: 1,
  snapshotEvery: 10,
  initial: () => 0,
  evolve: (state) => state + 1,
}

/** What this service does is beside the point: each handler uses one thing that the runner gives it. */
const handlers: Record<string, HandlerEntry> = {
  archiveTournament: command(archiveTournament, {
    decider: counting,
    prepare: () => null,
    stream: ({ id }) => id,
    decide: () => ({ kind: 'accepted', events: [{ type: 'tested', data: {} }], answer: {} }),
    present: (_answer, version) => ({ version }),
  }),
  findByJoinCode: read(findByJoinCode, async ({ code }, _caller, context) => {
    const tournamentId = await context.holder(code)
    if (tournamentId === null) return { kind: 'rejected', code: 'not-found' }
    const found = await context.state(counting, tournamentId)
    const seatsLeft = found?.state ?? 0
    // The store of these tests holds what it was given, brands and all.
    const body = { tournamentId: tournamentId as never, name: 'one', joining: true, seatsLeft }
    return { kind: 'ok', body, version: found?.version ?? 0 }
  }),
  highlightTeam: read(highlightTeam, async ({ id, playerId }, _caller, context) => {
    context.whisper({ channel: `tournament:${id}`, type: 'highlights', key: playerId, value: {} })
    return { kind: 'ok', body: undefined }
  }),
  listLog: read(listLog, async ({ id }, _caller, context) => {
    const events = await context.eventsOf(id, 0, 10)
    const items = events.map(({ version, type, data }) => ({
      version,
      at,
      type,
      by: 'anyone' as const,
      data,
    }))
    return { kind: 'ok', body: { items, next: null } }
  }),
  getSeat: read(getSeat, async (_input, _caller, context) => {
    await context.rows('select 1', [])
    throw new Error('unreachable')
  }),
}

function start(definition: Partial<ServiceDefinition> = {}, viewRunner?: ViewRunner) {
  const bus = createMemoryBus({ freeze: true })
  const log: RecordedEvent[] = []
  const unused = () => Promise.reject(new Error('not used here'))
  const store: Store = {
    epoch: 'first',
    leases: leasesInMemory(),
    holder: async (claim) => (claim === 'known' ? 'stream' : null),
    eventsOf: async (stream) => log.filter((event) => event.stream === stream),
    read: async (after) => {
      const events = log.slice(Number(after?.position ?? 0))
      return { events, checkpoint: { epoch: 'first', xid: '0', position: String(log.length) }, isFull: false }
    },
    checkpoint: async () => null,
    saveCheckpoint: async () => {},
    append: unused,
    load: unused,
    versions: unused,
    answers: unused,
    secrets: unused,
    claims: unused,
    saveSnapshot: unused,
    forgetAnswers: unused,
    close: unused,
  }
  let drains = 0
  const makeExecutor = (onCommitted: () => void): Executor => ({
    execute: async (_entry, item) => {
      const stream = String(item.input.id)
      log.push({ stream, version: log.length + 1, type: 'tested', data: {}, at, by: 'anyone' })
      onCommitted()
      return { kind: 'ok', body: { version: log.length }, version: log.length }
    },
    // Whatever state is asked for: the one decider here counts.
    state: async () => ({ state: 5 as never, version: 3 }),
    drain: async () => void drains++,
  })
  const service = runService({
    definition: { name: 'tournaments', handlers, views: [], ...definition },
    bus,
    store,
    makeExecutor,
    log: silentLog,
    ...(viewRunner === undefined ? {} : { viewRunner }),
  })
  const requester = createRequester({ bus, newId: () => crypto.randomUUID() })
  const ask = (operation: (typeof allOperations)[keyof typeof allOperations], input = {}): Promise<Reply> =>
    requester.request(operation, { id: newId(), input, caller: anyone })
  return { bus, service, ask, requester, drains: () => drains }
}

describe('a running service', () => {
  it('executes commands, and publishes what they commit', async () => {
    const { bus, service, ask } = start()
    const published = new Promise<readonly EventMessage[]>((resolve) => {
      bus.subscribeEvents({ service: 'tournaments' }, resolve)
    })
    const reply = await ask(archiveTournament, { id: 'stream' })
    expect(reply).toEqual({ kind: 'ok', body: { version: 1 }, version: 1, epoch: 'first' })
    expect(await published).toMatchObject([
      { service: 'tournaments', stream: 'stream', version: 1, epoch: 'first' },
    ])
    await service.stop()
  })

  it('answers queries from states and claims, with version and epoch', async () => {
    const { service, ask } = start()
    expect(await ask(findByJoinCode, { code: 'known' })).toEqual({
      kind: 'ok',
      body: { tournamentId: 'stream', name: 'one', joining: true, seatsLeft: 5 },
      version: 3,
      epoch: 'first',
    })
    expect(await ask(findByJoinCode, { code: 'other' })).toEqual({ kind: 'rejected', code: 'not-found' })
    await service.stop()
  })

  it('answers queries from the log, without a version where none is meant', async () => {
    const { service, ask } = start()
    await ask(archiveTournament, { id: 'stream' })
    const item = { version: 1, at, type: 'tested', by: 'anyone', data: {} }
    expect(await ask(listLog, { id: 'stream' })).toEqual({ kind: 'ok', body: { items: [item], next: null } })
    await service.stop()
  })

  it('lets signals whisper', async () => {
    const { bus, service, ask } = start()
    const heard = new Promise<Whisper>((resolve) => {
      bus.subscribeWhispers({ service: 'tournaments' }, resolve)
    })
    expect(await ask(highlightTeam, { id: 'one', playerId: 'player' })).toEqual({ kind: 'ok', body: null })
    expect(await heard).toMatchObject({ channel: 'tournament:one', key: 'player' })
    await service.stop()
  })

  it('answers an operation that it does not have as a fault, and goes on', async () => {
    const { service, ask } = start()
    const internal = { kind: 'fault', code: 'internal', retryable: false }
    expect(await ask(setJoining)).toEqual(internal)
    expect(await ask(getSeat)).toEqual(internal)
    expect(await ask(findByJoinCode, { code: 'known' })).toMatchObject({ kind: 'ok' })
    await service.stop()
  })

  it('passes on the code of a fault that a query meets', async () => {
    const failing = read(listLog, async () => {
      throw new Fault('unavailable', 'the database is away', { retryable: true })
    })
    const { service, ask } = start({ handlers: { listLog: failing } })
    expect(await ask(listLog)).toEqual({ kind: 'fault', code: 'unavailable', retryable: true })
    await service.stop()
  })

  it('wakes its views after commits and reads their rows', async () => {
    let wakes = 0
    const stops: string[] = []
    const viewRunner: ViewRunner = {
      // A generic reader can't know what rows a test makes up.
      rows: async () => [{ count: 3 }] as never,
      wake: () => void wakes++,
      standBack: async () => void stops.push('views, but for reading'),
      stop: async () => void stops.push('views'),
      health: () => ({ state: 'starting' }),
    }
    const counted = read(listLog, async (_input, _caller, context) => {
      const [row] = await context.rows<{ count: number }>('select count(*)', [])
      return { kind: 'ok', body: { items: [], next: row?.count ?? null } }
    })
    const { service, ask } = start({ handlers: { ...handlers, listLog: counted } }, viewRunner)
    await ask(archiveTournament, { id: 'stream' })
    expect(wakes).toBe(1)
    expect(await ask(listLog)).toEqual({ kind: 'ok', body: { items: [], next: 3 } })
    expect(service.health()[0]).toEqual({ name: 'tournaments views', state: 'starting' })
    await service.standBack()
    expect(await ask(listLog)).toEqual({ kind: 'ok', body: { items: [], next: 3 } })
    await service.stop()
    expect(stops).toEqual(['views, but for reading', 'views'])
  })

  it('stands back: answers others, and reacts to nothing more, until another takes over', async () => {
    const seen: string[] = []
    const reaction: Reaction = {
      ...{ name: 'notes', source: 'tournaments', types: ['tested'] },
      react: async ({ stream }) => void seen.push(stream),
    }
    const { service, ask } = start({ reactions: [reaction] })
    await ask(archiveTournament, { id: 'first' })
    await vi.waitFor(() => expect(seen).toEqual(['first']), { timeout: 5_000 })
    await service.standBack()
    expect(await ask(archiveTournament, { id: 'second' })).toMatchObject({ kind: 'ok' })
    await service.stop()
    expect(seen).toEqual(['first'])
  })

  it('tells other services what has happened, and nobody else', async () => {
    const { service, ask, requester } = start()
    await ask(archiveTournament, { id: 'stream' })
    const readEvents = readEventsOf('tournaments')
    const call = { id: newId(), input: { after: null, limit: 10 } }
    const caller = { kind: 'service', service: 'organizations' } as const
    expect(await requester.request(readEvents, { ...call, caller })).toMatchObject({
      kind: 'ok',
      body: { events: [{ stream: 'stream', version: 1, type: 'tested' }], epoch: 'first' },
    })
    const refused = await requester.request(readEvents, { ...call, id: newId(), caller: anyone })
    expect(refused).toMatchObject({ kind: 'rejected', code: 'not-allowed' })
    await service.stop()
  })

  it('reacts to events, its own too, and to no more when it has stopped', async () => {
    const reacted: string[] = []
    const reaction: Reaction = {
      ...{ name: 'looking', source: 'tournaments', types: ['tested'] },
      react: async ({ stream }) => void reacted.push(stream),
    }
    const { service, ask } = start({ reactions: [reaction] })
    await ask(archiveTournament, { id: 'one' })
    await vi.waitUntil(() => reacted.length === 1, { timeout: 10_000 })
    expect(service.health()).toContainEqual({ name: 'tournaments reactions', state: 'ready' })
    expect(service.reactions.figures).toMatchObject([{ reaction: 'looking', done: 1, failed: 0 }])
    await service.stop()
    expect(reacted).toEqual(['one'])
  })

  it('does not start with a reaction to others when it can ask nobody', () => {
    const reactions: Reaction[] = [{ name: 'deaf', source: 'others', types: [], react: async () => {} }]
    expect(() => start({ reactions })).toThrow('can ask nobody')
  })

  it('tells its health by part, and stops all of them', async () => {
    const { bus, service, ask, drains } = start()
    await ask(findByJoinCode, { code: 'known' })
    expect(service.health()).toEqual([
      { name: 'tournaments housekeeping', state: 'ready' },
      { name: 'tournaments relay', state: 'ready' },
      { name: 'tournaments executor', state: 'ready' },
      { name: 'tournaments intake', state: 'ready' },
    ])
    bus.setState('down')
    expect(service.health().at(-1)).toEqual({
      name: 'tournaments intake',
      state: 'failing',
      detail: 'the bus is down',
    })
    await service.stop()
    expect(service.health().every((part) => part.state === 'stopped')).toBe(true)
    expect(drains()).toBe(1)
  })

  it('does not start with a handler that is not of its operation', () => {
    expect(() => start({ handlers: { listLog: handlers.getSeat! } })).toThrow('listLog')
    expect(() => start({ name: 'others' })).toThrow('of others')
  })
})
