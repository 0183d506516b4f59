import type { Acceptance, Claim, DomainEvent, RecordedEvent } from '@matchday/kernel'
import { deepFreeze } from './deep-freeze.ts'

/** What the store leaves out, to see that a check notices: claims with a prefix, the fence of an event. */
export type Gap = { readonly claimPrefix?: string; readonly fencelessEvent?: string }

type Stream = { events: RecordedEvent[]; fence: number; secrets: Map<string, string> }
type Accepted = Acceptance<DomainEvent>
export type CommitOutcome =
  | { readonly kind: 'committed' }
  | { readonly kind: 'basis-gone' }
  | { readonly kind: 'claims-held'; readonly claims: readonly Claim[] }

/** The store's rules about what an append conflicts with, in memory. */
export function modelStore(gap: Gap) {
  const streams = new Map<string, Stream>()
  const claims = new Map<string, string>()
  const nothing: Stream = { events: [], fence: 0, secrets: new Map() }
  const streamOf = (id: string): Stream => streams.get(id) ?? nothing

  function basisHolds(decision: Accepted, { events, fence }: Stream, decidedOn: number): boolean {
    return decision.basis === 'fence' ? fence <= decidedOn : events.length === decidedOn
  }

  function heldByOthers(id: string, { claims: wanted = [], releases = [] }: Accepted): readonly Claim[] {
    return wanted.filter((claim) => {
      const key = keyOf(claim)
      if (gap.claimPrefix !== undefined && key.startsWith(gap.claimPrefix)) return false
      const holder = claims.get(key)
      return holder !== undefined && !(holder === id && releases.includes(key))
    })
  }

  function write(id: string, decision: Accepted, by: string): void {
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

  return {
    commit(id: string, decision: Accepted, decidedOn: number, by: string): CommitOutcome {
      if (!basisHolds(decision, streamOf(id), decidedOn)) return { kind: 'basis-gone' }
      const held = heldByOthers(id, decision)
      if (held.length > 0) return { kind: 'claims-held', claims: held }
      write(id, decision, by)
      return { kind: 'committed' }
    },
    streams: (): readonly string[] => [...streams.keys()],
    events: (id: string): readonly RecordedEvent[] => streamOf(id).events,
    secrets: (id: string): ReadonlyMap<string, string> => streamOf(id).secrets,
    holder: (claim: string): string | null => claims.get(claim) ?? null,
    claimsOf: (id: string) => [...claims].flatMap(([key, holder]) => (holder === id ? [key] : [])),
  }
}

export type ModelStore = ReturnType<typeof modelStore>

function keyOf(claim: Claim): string {
  return typeof claim === 'string' ? claim : claim.key
}
