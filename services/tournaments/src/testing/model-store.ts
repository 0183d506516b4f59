import type { Acceptance, Claim, DomainEvent, RecordedEvent } from '@matchday/kernel'
import { deepFreeze } from './deep-freeze.ts'

/**
 * What the store leaves out, to see that a check notices: claims or takes with a prefix, the fence of an event, and what
 * should be forgotten.
 */
export type Gap = {
  readonly claimPrefix?: string
  readonly takePrefix?: string
  readonly fencelessEvent?: string
  readonly keeps?: 'names' | 'secrets' | 'claims'
}

type Stream = {
  /** As they are told now … */
  events: RecordedEvent[]
  /** … and as they were when they happened. */
  originals: RecordedEvent[]
  /** What each has taken, as long as it is told. */
  takes: (readonly string[])[]
  fence: number
  secrets: Map<string, string>
}
type Accepted = Acceptance<DomainEvent>
export type CommitOutcome =
  | { readonly kind: 'committed' }
  | { readonly kind: 'basis-gone' }
  | { readonly kind: 'claims-held'; readonly claims: readonly Claim[] }

const newStream = (): Stream => ({ events: [], originals: [], takes: [], fence: 0, secrets: new Map() })

/** The store's rules about what an append conflicts with, in memory. */
export function modelStore(gap: Gap) {
  const streams = new Map<string, Stream>()
  const claims = new Map<string, string>()
  const nothing = newStream()
  const streamOf = (id: string): Stream => streams.get(id) ?? nothing

  function basisHolds(decision: Accepted, { events, takes, fence }: Stream, decidedOn: number): boolean {
    if (decision.basis !== 'fence') return events.length === decidedOn
    const takenSince = new Set(takes.slice(decidedOn).flat())
    const isTaken = (key: string) =>
      takenSince.has(key) && !(gap.takePrefix !== undefined && key.startsWith(gap.takePrefix))
    return fence <= decidedOn && !(decision.takes ?? []).some(isTaken)
  }

  function heldByOthers(id: string, { claims: wanted = [], releases = [] }: Accepted): readonly Claim[] {
    return wanted.filter((claim) => {
      const key = keyOf(claim)
      if (gap.claimPrefix !== undefined && key.startsWith(gap.claimPrefix)) return false
      const holder = claims.get(key)
      return holder !== undefined && !(holder === id && releases.includes(key))
    })
  }

  function writeEvents(id: string, stream: Stream, decision: Accepted, by: string): void {
    for (const [index, { type, data }] of decision.events.entries()) {
      stream.takes.push(index === 0 ? (decision.takes ?? []) : [])
      const version = stream.events.length + 1
      const at = '2025-06-01T12:00:00.000Z'
      const event = deepFreeze(structuredClone({ stream: id, version, type, data, at, by }))
      stream.events.push(event)
      stream.originals.push(event)
    }
    const fencing = decision.events.some(({ type }) => type !== gap.fencelessEvent)
    if (decision.essential && fencing) stream.fence = stream.events.length
  }

  function forget(stream: Stream, { redactions = [], forgottenSecrets = [] }: Accepted): void {
    for (const { version, data } of gap.keeps === 'names' ? [] : redactions) {
      const event = stream.events[version - 1]
      if (event === undefined) throw new Error(`there is no event ${version} to tell otherwise`)
      stream.events[version - 1] = deepFreeze(structuredClone({ ...event, data }))
      stream.takes[version - 1] = []
    }
    for (const name of gap.keeps === 'secrets' ? [] : forgottenSecrets) stream.secrets.delete(name)
  }

  function write(id: string, decision: Accepted, by: string): void {
    const stream = streams.get(id) ?? newStream()
    // A decision without events makes no stream.
    if (decision.events.length > 0) streams.set(id, stream)
    writeEvents(id, stream, decision, by)
    forget(stream, decision)
    for (const key of gap.keeps === 'claims' ? [] : (decision.releases ?? [])) {
      if (claims.get(key) === id) claims.delete(key)
    }
    for (const claim of decision.claims ?? []) claims.set(keyOf(claim), id)
    for (const { name, value } of decision.secrets ?? []) stream.secrets.set(name, value)
  }

  /** What an earlier release has left. */
  function load(id: string, events: readonly RecordedEvent[], held: readonly string[]): void {
    const frozen = events.map((event) => deepFreeze(structuredClone(event)))
    const takes = frozen.map(() => [])
    streams.set(id, { ...newStream(), events: [...frozen], originals: [...frozen], takes })
    for (const key of held) claims.set(key, id)
  }

  return {
    load,
    commit(id: string, decision: Accepted, decidedOn: number, by: string): CommitOutcome {
      if (!basisHolds(decision, streamOf(id), decidedOn)) return { kind: 'basis-gone' }
      const held = heldByOthers(id, decision)
      if (held.length > 0) return { kind: 'claims-held', claims: held }
      write(id, decision, by)
      return { kind: 'committed' }
    },
    streams: (): readonly string[] => [...streams.keys()],
    events: (id: string): readonly RecordedEvent[] => streamOf(id).events,
    originals: (id: string): readonly RecordedEvent[] => streamOf(id).originals,
    secrets: (id: string): ReadonlyMap<string, string> => streamOf(id).secrets,
    holder: (claim: string): string | null => claims.get(claim) ?? null,
    claimsOf: (id: string) => [...claims].flatMap(([key, holder]) => (holder === id ? [key] : [])),
    claims: (prefix: string, after: string | null, limit: number) =>
      [...claims]
        .filter(([key]) => key.startsWith(prefix) && key > (after ?? ''))
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .slice(0, limit)
        .map(([key, stream]) => ({ key, stream })),
  }
}

export type ModelStore = ReturnType<typeof modelStore>

function keyOf(claim: Claim): string {
  return typeof claim === 'string' ? claim : claim.key
}
