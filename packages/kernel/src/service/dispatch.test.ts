import { allOperations, type Caller, newId, type StaffId, tournamentInternals } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import type { RequestItem } from '../message.ts'
import type { RowExecutor } from '../rows/row-executor.ts'
import { rowEntry } from '../rows/testing/people.ts'
import { command, type HandlerEntry, read, type ServiceDefinition } from './definition.ts'
import { createDispatch, handlersOf } from './dispatch.ts'
import { createReadContext } from './read-context.ts'

const { listLog, pickTeam, archiveTournament } = allOperations
const { getOwner, forgetPlayer } = tournamentInternals

const decided = {
  decider: {} as never,
  prepare: () => null,
  stream: () => '',
  decide: () => ({ kind: 'accepted', events: [], answer: {} }) as const,
  present: () => ({}) as never,
}
const handlers: Record<string, HandlerEntry> = {
  /** Tells what of the request it can see. */
  listLog: read(listLog, async (_input, _caller, context) => {
    const stream = context.address ?? 'no address'
    return { kind: 'ok', body: { items: await context.claims(stream, null, 1), next: null } as never }
  }),
  pickTeam: { ...rowEntry({ run: async () => ({ kind: 'accepted', answer: {} }) }), operation: pickTeam },
}
const internals: Record<string, HandlerEntry> = {
  getOwner: read(getOwner, async () => ({ kind: 'ok', body: { organizationId: null, name: 'one' } })),
  forgetPlayer: command(forgetPlayer, decided),
}

function define(parts: Partial<ServiceDefinition>): ServiceDefinition {
  return { name: 'tournaments', handlers, internals, views: [], ...parts }
}

const service: Caller = { kind: 'service', service: 'organizations' }
const others: readonly Caller[] = [
  { kind: 'anyone' },
  { kind: 'staff', accountId: newId() as StaffId, sessionId: newId() as never, platformRole: 'superadmin' },
]

const done = { kind: 'ok', body: { by: 'rows' } } as const
const rows: Pick<RowExecutor, 'execute'> = { execute: async () => done }

function dispatchOf(definition: ServiceDefinition, rowExecutor: typeof rows | null = rows) {
  const notUsed = () => Promise.reject(new Error('not used here'))
  const context = createReadContext({
    executor: { state: notUsed },
    store: {
      holder: notUsed,
      eventsOf: notUsed,
      secrets: notUsed,
      claims: async (prefix) => [{ key: prefix, stream: '' }],
    },
    bus: { whisper: () => {} },
    rows: undefined,
    ask: undefined,
  })
  const executor = { execute: async () => ({ kind: 'ok', body: null, version: 2 }) as const }
  const handle = createDispatch({
    handlers: handlersOf(definition),
    executor,
    rowExecutor: rowExecutor ?? undefined,
    context,
    epoch: 'first',
  })
  return (operation: string, caller: Caller, parts: Partial<RequestItem> = {}) =>
    handle({ id: newId(), operation, input: {}, caller, deadlineAt: Date.now() + 1_000, ...parts })
}
const notAllowed = { kind: 'rejected', code: 'not-allowed' }

describe('what services answer to each other', () => {
  const dispatch = dispatchOf(define({}))

  it('is for services alone', async () => {
    expect(await dispatch('getOwner', service)).toMatchObject({ kind: 'ok', body: { name: 'one' } })
    expect(await dispatch('forgetPlayer', service)).toMatchObject({ kind: 'ok', version: 2, epoch: 'first' })
    for (const caller of others)
      for (const operation of ['getOwner', 'forgetPlayer'])
        expect(await dispatch(operation, caller)).toEqual(notAllowed)
  })

  it('is apart from what the web may ask: a service can ask for none of that', async () => {
    for (const caller of others) expect(await dispatch('listLog', caller)).toMatchObject({ kind: 'ok' })
    for (const operation of ['listLog', 'pickTeam'])
      expect(await dispatch(operation, service)).toEqual(notAllowed)
  })

  it('is unknown where there is none', async () => {
    for (const caller of [service, ...others])
      await expect(dispatch('archiveTournament', caller)).rejects.toMatchObject({ code: 'internal' })
    const none = dispatchOf({ name: 'tournaments', handlers, views: [] })
    await expect(none('getOwner', service)).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('a handler', () => {
  it('of a command on rows is run by what runs those, and is a fault where nothing does', async () => {
    expect(await dispatchOf(define({}))('pickTeam', others[0]!)).toEqual(done)
    const none = dispatchOf(define({}), null)
    await expect(none('pickTeam', others[0]!)).rejects.toMatchObject({ code: 'internal' })
  })

  it('sees the address of its own request alone', async () => {
    const dispatch = dispatchOf(define({}))
    const seen = (parts: Partial<RequestItem>) => dispatch('listLog', others[0]!, parts)
    const told = (key: string) => ({ kind: 'ok', body: { items: [{ key }] } })
    expect(await seen({ address: '10.0.0.1' })).toMatchObject(told('10.0.0.1'))
    expect(await seen({})).toMatchObject(told('no address'))
  })

  it('that is not of its operation, or on the wrong side, does not start', () => {
    const wrong: Partial<ServiceDefinition>[] = [
      { handlers: { ...handlers, archiveTournament: handlers.listLog! } },
      { handlers: { ...handlers, getOwner: internals.getOwner! }, internals: {} },
      { internals: { listLog: handlers.listLog! }, handlers: {} },
      { internals: { getOwner: { ...internals.getOwner!, operation: forgetPlayer } } },
      { handlers: { archiveTournament: { ...handlers.listLog!, operation: archiveTournament } } },
      { name: 'others' },
    ]
    for (const parts of wrong) expect(() => handlersOf(define(parts))).toThrow('not one of this operation')
    expect(() => handlersOf(define({}))).not.toThrow()
  })
})
