import type { Caller, OperationName, tournamentInternals } from '@matchday/contracts'
import {
  type CommandEntry,
  Fault,
  type HandlerEntry,
  type JsonObject,
  type PrepareContext,
  type ReadContext,
  type RecordedEvent,
  type ServiceDefinition,
  type Whisper,
} from '@matchday/kernel'
import type { TournamentEvent } from '../domain/event.ts'
import type { TournamentState } from '../domain/state.ts'
import { tournament } from '../domain/tournament.ts'
import { deepFreeze } from './deep-freeze.ts'
import { type ModelOrganizations, modelOrganizations } from './model-organizations.ts'
import { type Gap, type ModelStore, modelStore } from './model-store.ts'

export type { Gap }
export type AnyOperationName = OperationName | keyof typeof tournamentInternals
export type ModelRequest = {
  readonly operation: AnyOperationName
  readonly input: JsonObject
  readonly by: Caller
  readonly expectedVersion?: number
  /** How many events the first decision lacks. */
  readonly behind?: number
}
export type ModelReply =
  | { readonly kind: 'ok'; readonly body: JsonObject | undefined; readonly version: number | undefined }
  | { readonly kind: 'rejected'; readonly code: string }

const decisionsMax = 4

/**
 * The rules of the machinery in memory, so that thousands of histories can be tried: a command may be decided
 * on an old state, as by an instance that has not heard of the latest commits.
 */
export function modelSystem(service: ServiceDefinition, gap: Gap = {}) {
  const store = modelStore(gap)
  const organizations = modelOrganizations()
  const whispers: Whisper[] = []
  /** Answers as they are kept with the ids of commands. */
  const answers: JsonObject[] = []
  const context = readContext(store, organizations, whispers)

  async function send(request: ModelRequest): Promise<ModelReply> {
    const entry = entryOf(service, request.operation)
    if (entry.kind === 'command') return execute(store, { entry, context, answers }, request)
    if (entry.kind !== 'read') throw new Error(`${request.operation} is on rows`)
    const answer = await entry.handle(request.input, request.by, context)
    return answer.kind === 'ok'
      ? { kind: 'ok', body: answer.body, version: answer.version }
      : { kind: 'rejected', code: answer.code }
  }

  /** Something has happened in another service. */
  async function hear(source: string, type: string, stream: string): Promise<void> {
    const event: RecordedEvent = { stream, version: 1, type, data: {}, at: '', by: '' }
    for (const reaction of service.reactions ?? []) {
      if (reaction.source !== source || !reaction.types.includes(type)) continue
      await reaction.react(event, {
        run: async (_id, operation, input) => {
          // An operation of this very service, and what its contract asks for.
          const request = { operation: operation.name as AnyOperationName, input: input as JsonObject }
          const reply = await send({ ...request, by: { kind: 'service', service: 'tournaments' } })
          return reply as never
        },
        ask: context.ask,
        rows: context.rows,
        claims: context.claims,
      })
    }
  }

  const { load, streams, events, originals, secrets, claimsOf } = store
  return { send, hear, load, streams, events, originals, secrets, claimsOf, answers, organizations, whispers }
}

export type ModelSystem = ReturnType<typeof modelSystem>

function entryOf(service: ServiceDefinition, operation: AnyOperationName): HandlerEntry {
  const entry = service.handlers[operation] ?? service.internals?.[operation]
  if (entry === undefined) throw new Error(`no handler for ${operation}`)
  return entry
}

type Parts = { readonly entry: CommandEntry; readonly context: ReadContext; readonly answers: JsonObject[] }

async function execute(store: ModelStore, parts: Parts, request: ModelRequest): Promise<ModelReply> {
  const { handler } = parts.entry
  const { operation, input, by } = request
  for (let decisions = 0; decisions < decisionsMax; decisions++) {
    const facts = await handler.prepare(input, prepareContext(parts.context, by))
    const id = handler.stream(input, facts)
    const total = store.events(id).length
    const version = Math.max(0, total - (decisions === 0 ? (request.behind ?? 0) : 0))
    const decision = decideOn(store, parts.entry, request, { id, facts, version })
    if (decision === 'out-of-date') continue
    if (decision.kind === 'rejected') {
      // An old state proves no rejection: the machinery answers from one that is fresh.
      if (version < total) continue
      return { kind: 'rejected', code: decision.code }
    }
    const outcome = store.commit(id, decision, version, by.kind)
    if (outcome.kind === 'committed') {
      const committed = store.events(id).length
      parts.answers.push(decision.answer)
      const body = await handler.present(decision.answer, committed, { input, facts })
      return { kind: 'ok', body, version: committed }
    }
    if (outcome.kind === 'basis-gone') continue
    for (const claim of outcome.claims) {
      if (typeof claim !== 'string') return { kind: 'rejected', code: claim.otherwise }
    }
  }
  throw new Error(`${operation} found no ground in ${decisionsMax} decisions`)
}

/** On a state as it was when somebody last looked, and as it happened. */
function decideOn(
  store: ModelStore,
  { handler }: CommandEntry,
  { input, by, expectedVersion }: ModelRequest,
  { id, facts, version }: { id: string; facts: unknown; version: number },
) {
  const command = { input, caller: by, now: '', expectedVersion, facts }
  try {
    return handler.decide(stateAt(store.originals(id), version), command, { version })
  } catch (error) {
    // What was prepared does not fit the state: whoever sent it sends it again.
    if (error instanceof Fault && error.retryable) return 'out-of-date'
    throw error
  }
}

function prepareContext(context: ReadContext, caller: Caller): PrepareContext {
  const { address, secrets, state, rows, ask } = context
  return { caller, address, secrets, state, rows, ask }
}

function readContext(store: ModelStore, { ask, rows }: ModelOrganizations, whispers: Whisper[]): ReadContext {
  return {
    state: async (decider, id) => {
      const events = store.events(id)
      if (events.length === 0) return null
      const state = events.reduce(
        // The model has one kind of stream, whose events were typed when they were decided.
        (folded, event) => decider.evolve(folded, event as never, event),
        decider.initial(),
      )
      return { state, version: events.length }
    },
    holder: async (claim) => store.holder(claim),
    eventsOf: async (id, after, limit) => store.events(id).slice(after, after + limit),
    claims: async (prefix, after, limit) => store.claims(prefix, after, limit),
    secrets: async (id) => store.secrets(id),
    rows,
    ask,
    address: undefined,
    whisper: (message) => whispers.push(message),
  }
}

const states = new WeakMap<readonly RecordedEvent[], TournamentState[]>()
const initial = deepFreeze(tournament.initial())

/** The state after so many events of a stream, which only ever grows. */
function stateAt(events: readonly RecordedEvent[], version: number): TournamentState {
  const known = states.get(events) ?? [initial]
  states.set(events, known)
  for (const event of events.slice(known.length - 1, version))
    known.push(evolved(known.at(-1) ?? initial, event))
  return known[version] ?? initial
}

export function fold(events: readonly RecordedEvent[]): TournamentState {
  return events.reduce<TournamentState>(evolved, initial)
}

/** Every state on the way is frozen: folding must not change what others hold. */
function evolved(state: TournamentState, event: RecordedEvent): TournamentState {
  return deepFreeze(tournament.evolve(state, asTournamentEvent(event), event))
}

/** A record's type and data are what the service decided. */
export function asTournamentEvent({ type, data }: RecordedEvent): TournamentEvent {
  return { type, data } as TournamentEvent
}
