import type { Json } from '../message.ts'
import type { LoadedStream, Store } from '../store/port.ts'
import type { Decider, DomainEvent } from './decider.ts'

/** A committed state; never changed in place, since readers and writers share it. */
export type StreamState = {
  readonly stream: string
  readonly decider: Decider<Json, DomainEvent>
  readonly state: Json
  /** 0: there is no such stream. */
  readonly version: number
  /** Of the stream, when the events that it is computed from were read. */
  readonly redactions: number
}

type Wanted = { readonly stream: string; readonly decider: Decider<Json, DomainEvent> }
/** An error is one stream's own: an event that `evolve` can't take must not stop the others. */
export type LoadedStates = ReadonlyMap<string, StreamState | Error>

export type StreamStates = {
  /** Cached states as they are, which may be behind; the others loaded. Throws Fault `unavailable`. */
  known(wanted: readonly Wanted[]): Promise<LoadedStates> | LoadedStates
  /** At least as new as every commit before the call. Throws Fault `unavailable`. */
  fresh(wanted: readonly Wanted[]): Promise<LoadedStates>
  /** After a commit. */
  put(state: StreamState): void
  /** Somebody else has changed the stream: `known` loads what is missing. */
  markBehind(stream: string): void
}

/** Keeps the states of the streams used last. Only committed states ever get in here. */
export function createStreamStates(store: Store, streamsMax: number): StreamStates {
  const cached = new Map<string, StreamState>()
  const behind = new Set<string>()

  function put(state: StreamState): void {
    const before = cached.get(state.stream)
    // Whoever asks for what does not exist must not push out what does.
    if (state.version === 0) return
    if (before !== undefined && before.decider === state.decider && before.version > state.version) return
    cached.set(state.stream, state)
    if (cached.size > streamsMax) forget(cached.keys().next().value!)
  }

  /** Whoever was asked for last goes last. */
  function touch(stream: string): void {
    const state = cached.get(stream)
    if (state === undefined) return
    cached.delete(stream)
    cached.set(stream, state)
  }

  function forget(stream: string): void {
    cached.delete(stream)
    behind.delete(stream)
  }

  function usable({ stream, decider }: Wanted): StreamState | undefined {
    const state = cached.get(stream)
    return state?.decider === decider ? state : undefined
  }

  async function load(wanted: readonly Wanted[], found: Map<string, StreamState | Error>): Promise<void> {
    for (const { stream } of wanted) behind.delete(stream)
    const bases = wanted.map(usable)
    const loaded = await store.load(
      wanted.map(({ stream, decider }, index) => ({
        stream,
        after: bases[index]?.version ?? 0,
        snapshotSchema: decider.snapshotSchema,
      })),
    )
    const again: Wanted[] = []
    wanted.forEach((want, index) => {
      const base = bases[index]
      const stream = loaded[index]!
      if (base !== undefined && (stream.version < base.version || stream.redactions !== base.redactions)) {
        // The store was restored to an earlier time, or events are told otherwise since: nothing that is known of
        // this stream holds any more.
        forget(want.stream)
        again.push(want)
        return
      }
      const state = attempt(() => foldStream(want.decider, base, stream))
      if (!(state instanceof Error)) put(state)
      touch(want.stream)
      found.set(want.stream, state)
    })
    if (again.length > 0) await load(again, found)
  }

  return {
    known(wanted) {
      const found = new Map<string, StreamState | Error>()
      const missing = wanted.filter((want) => {
        const state = behind.has(want.stream) ? undefined : usable(want)
        if (state === undefined) return true
        found.set(want.stream, state)
        touch(want.stream)
        return false
      })
      return missing.length === 0 ? found : load(missing, found).then(() => found)
    },
    async fresh(wanted) {
      const found = new Map<string, StreamState | Error>()
      await load(wanted, found)
      return found
    },
    put,
    markBehind: (stream) => {
      if (cached.has(stream)) behind.add(stream)
    },
  }
}

/** The state of a stream from a cached state or a snapshot (or nothing) and the events after it. */
export function foldStream(
  decider: Decider<Json, DomainEvent>,
  base: StreamState | undefined,
  loaded: LoadedStream,
): StreamState {
  let { state, version } = base ?? {
    state: loaded.snapshot === null ? decider.initial() : loaded.snapshot.state,
    version: loaded.snapshot?.version ?? 0,
  }
  for (const event of loaded.events) {
    if (event.version !== version + 1) {
      throw new Error(`stream ${loaded.stream} has event ${event.version} after ${version}`)
    }
    version = event.version
    state = decider.evolve(state, event, { stream: loaded.stream, version, at: event.at })
  }
  if (version !== loaded.version) {
    throw new Error(`stream ${loaded.stream} ends at ${version}, not at ${loaded.version}`)
  }
  return { stream: loaded.stream, decider, state, version, redactions: loaded.redactions }
}

function attempt<Value>(work: () => Value): Value | Error {
  try {
    return work()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
