import type { Caller, OperationName } from '@matchday/contracts'
import type {
  CommandEntry,
  Decider,
  DomainEvent,
  Json,
  JsonObject,
  ReadContext,
  RecordedEvent,
  ServiceDefinition,
  Whisper,
} from '@matchday/kernel'
import type { TournamentEvent } from '../domain/event.ts'
import type { TournamentState } from '../domain/state.ts'
import { tournament } from '../domain/tournament.ts'
import { deepFreeze } from './deep-freeze.ts'
import { type Gap, type ModelStore, modelStore } from './model-store.ts'

export type { Gap }
export type ModelRequest = {
  readonly operation: OperationName
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
  const whispers: Whisper[] = []
  const context = readContext(store, whispers)

  async function send(request: ModelRequest): Promise<ModelReply> {
    const entry = service.handlers[request.operation]
    if (entry === undefined) throw new Error(`no handler for ${request.operation}`)
    if (entry.kind === 'command') return execute(store, entry, request)
    const answer = await entry.handle(request.input, request.by, context)
    return answer.kind === 'ok'
      ? { kind: 'ok', body: answer.body, version: answer.version }
      : { kind: 'rejected', code: answer.code }
  }

  const { streams, events, secrets, claimsOf } = store
  return { send, streams, events, secrets, claimsOf, whispers }
}

export type ModelSystem = ReturnType<typeof modelSystem>

async function execute(
  store: ModelStore,
  { handler }: CommandEntry,
  { operation, input, by, expectedVersion, behind = 0 }: ModelRequest,
): Promise<ModelReply> {
  for (let decisions = 0; decisions < decisionsMax; decisions++) {
    const facts = await handler.prepare(input, { secrets: async (id) => store.secrets(id) })
    const id = handler.stream(input, facts)
    const events = store.events(id)
    const version = Math.max(0, events.length - (decisions === 0 ? behind : 0))
    const command = { input, caller: by, now: '', expectedVersion, facts }
    const decision = handler.decide(fold(events.slice(0, version)), command, { version })
    if (decision.kind === 'rejected') {
      // An old state proves no rejection: the machinery answers from one that is fresh.
      if (version < events.length) continue
      return { kind: 'rejected', code: decision.code }
    }
    const outcome = store.commit(id, decision, version, by.kind)
    if (outcome.kind === 'committed') {
      const committed = store.events(id).length
      return { kind: 'ok', body: await handler.present(decision.answer, committed), version: committed }
    }
    if (outcome.kind === 'basis-gone') continue
    for (const claim of outcome.claims) {
      if (typeof claim !== 'string') return { kind: 'rejected', code: claim.otherwise }
    }
  }
  throw new Error(`${operation} found no ground in ${decisionsMax} decisions`)
}

function readContext(store: ModelStore, whispers: Whisper[]): ReadContext {
  return {
    state: async (decider, id) => {
      const events = store.events(id)
      if (events.length === 0) return null
      const state = events.reduce(
        (folded, event) => decider.evolve(folded, asEventOf(decider, event), event),
        decider.initial(),
      )
      return { state, version: events.length }
    },
    holder: async (claim) => store.holder(claim),
    eventsOf: async (id, after, limit) => store.events(id).slice(after, after + limit),
    rows: async () => [],
    whisper: (message) => whispers.push(message),
  }
}

/** The model has one kind of stream, whose events were typed when they were decided. */
function asEventOf<State extends Json, Event extends DomainEvent>(
  _decider: Decider<State, Event>,
  event: RecordedEvent,
): Event {
  return event as DomainEvent as Event
}

/** Every state on the way is frozen: folding must not change what others hold. */
export function fold(events: readonly RecordedEvent[]): TournamentState {
  return events.reduce<TournamentState>(
    (state, event) => deepFreeze(tournament.evolve(state, asTournamentEvent(event), event)),
    deepFreeze(tournament.initial()),
  )
}

/** A record's type and data are what the service decided. */
export function asTournamentEvent({ type, data }: RecordedEvent): TournamentEvent {
  return { type, data } as TournamentEvent
}
