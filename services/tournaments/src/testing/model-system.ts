import type { Caller, OperationName } from '@matchday/contracts'
import type {
  Acceptance,
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
import { type TournamentState, tournament } from '../domain/tournament.ts'
import { deepFreeze } from './deep-freeze.ts'

/**
 * The machinery's rules about conflicts in a hundred lines and in memory, so that thousands of histories can be tried:
 * a command may be decided on an old state, as an instance would that has not heard of the latest commits.
 */
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

/** What the machinery leaves out, to see that a check notices: claims with a prefix, the fence of an event. */
export type Gap = { readonly claimPrefix?: string; readonly fencelessEvent?: string }
type Stream = { events: RecordedEvent[]; fence: number; secrets: Map<string, string> }

const decisionsMax = 4

export function modelSystem(service: ServiceDefinition, gap: Gap = {}) {
  const streams = new Map<string, Stream>()
  const claims = new Map<string, string>()
  const whispers: Whisper[] = []
  const empty: Stream = { events: [], fence: 0, secrets: new Map() }
  const streamOf = (id: string) => streams.get(id) ?? empty

  /** Whether nothing that the decision was based on has changed. */
  function basisHolds(decision: Acceptance<DomainEvent>, stream: Stream, decidedOn: number): boolean {
    if (decision.basis !== 'fence') return stream.events.length === decidedOn
    return stream.fence <= decidedOn
  }

  function commit(id: string, decision: Acceptance<DomainEvent>, by: string): void {
    const stream: Stream = streams.get(id) ?? { events: [], fence: 0, secrets: new Map() }
    streams.set(id, stream)
    for (const { type, data } of decision.events) {
      const version = stream.events.length + 1
      const at = '2025-06-01T12:00:00.000Z'
      stream.events.push(deepFreeze(structuredClone({ stream: id, version, type, data, at, by })))
    }
    const fencing = decision.events.some(({ type }) => type !== gap.fencelessEvent)
    if (decision.essential && fencing) stream.fence = stream.events.length
    for (const key of decision.releases ?? []) if (claims.get(key) === id) claims.delete(key)
    for (const claim of decision.claims ?? []) claims.set(keyOf(claim), id)
    for (const { name, value } of decision.secrets ?? []) stream.secrets.set(name, value)
  }

  function taken(id: string, { claims: wanted = [], releases = [] }: Acceptance<DomainEvent>) {
    return wanted.filter((claim) => {
      if (gap.claimPrefix !== undefined && keyOf(claim).startsWith(gap.claimPrefix)) return false
      const holder = claims.get(keyOf(claim))
      return holder !== undefined && !(holder === id && releases.includes(keyOf(claim)))
    })
  }

  async function execute({ handler }: CommandEntry, request: ModelRequest): Promise<ModelReply> {
    const { input, by, expectedVersion, behind = 0 } = request
    for (let decisions = 0; decisions < decisionsMax; decisions++) {
      const facts = await handler.prepare(input, { secrets: async (id) => streamOf(id).secrets })
      const id = handler.stream(input, facts)
      const stream = streamOf(id)
      const version = Math.max(0, stream.events.length - (decisions === 0 ? behind : 0))
      const state = fold(stream.events.slice(0, version))
      const command = { input, caller: by, now: '', expectedVersion, facts }
      const decision = handler.decide(state, command, { version })
      if (decision.kind === 'rejected') {
        // An old state proves no rejection: the machinery answers from one that is fresh.
        if (version < stream.events.length) continue
        return { kind: 'rejected', code: decision.code }
      }
      if (!basisHolds(decision, stream, version)) continue
      const conflicts = taken(id, decision)
      const foreign = conflicts.find((claim) => typeof claim !== 'string')
      if (foreign !== undefined && typeof foreign !== 'string') {
        return { kind: 'rejected', code: foreign.otherwise }
      }
      if (conflicts.length > 0) continue
      commit(id, decision, by.kind)
      const committed = streamOf(id).events.length
      return { kind: 'ok', body: await handler.present(decision.answer, committed), version: committed }
    }
    throw new Error(`${request.operation} found no ground in ${decisionsMax} decisions`)
  }

  const context: ReadContext = {
    state: async (decider, id) => {
      const { events } = streamOf(id)
      if (events.length === 0) return null
      const state = events.reduce(
        (folded, event) => decider.evolve(folded, asEventOf(decider, event), event),
        decider.initial(),
      )
      return { state, version: events.length }
    },
    holder: async (claim) => claims.get(claim) ?? null,
    eventsOf: async (id, after, limit) => streamOf(id).events.slice(after, after + limit),
    rows: async () => [],
    whisper: (message) => whispers.push(message),
  }

  async function send(request: ModelRequest): Promise<ModelReply> {
    const entry = service.handlers[request.operation]
    if (entry === undefined) throw new Error(`no handler for ${request.operation}`)
    if (entry.kind === 'command') return execute(entry, request)
    const answer = await entry.handle(request.input, request.by, context)
    return answer.kind === 'ok'
      ? { kind: 'ok', body: answer.body, version: answer.version }
      : { kind: 'rejected', code: answer.code }
  }

  return {
    send,
    streams: () => [...streams.keys()],
    events: (id: string): readonly RecordedEvent[] => streamOf(id).events,
    secrets: (id: string): ReadonlyMap<string, string> => streamOf(id).secrets,
    claimsOf: (id: string) => [...claims].flatMap(([key, holder]) => (holder === id ? [key] : [])),
    whispers,
  }
}

export type ModelSystem = ReturnType<typeof modelSystem>

function keyOf(claim: string | { readonly key: string }): string {
  return typeof claim === 'string' ? claim : claim.key
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
