import type { Log } from '../log.ts'
import type { Store } from '../store/port.ts'
import type { StreamState } from './stream-states.ts'

export type SnapshotSaver = {
  /**
   * After a commit: saves a snapshot, in the background, when it has crossed a multiple of `snapshotEvery`.
   */
  committed(before: number, state: StreamState): void
  isIdle(): boolean
}

/**
 * A snapshot only saves time: what is too much is left out, what fails is logged. One is written at a time.
 */
export function createSnapshotSaver(
  store: Store,
  log: Log,
  waitingMax: number,
  onIdle: () => void,
): SnapshotSaver {
  const waiting = new Map<string, StreamState>()
  let isSaving = false

  async function saveAll(): Promise<void> {
    isSaving = true
    for (const [stream, { decider, version, state, redactions }] of waiting) {
      waiting.delete(stream)
      const saving = store.saveSnapshot(stream, decider.snapshotSchema, version, state, redactions)
      await saving.catch((error: unknown) => log.warn({ err: error, stream }, 'snapshot not saved'))
    }
    isSaving = false
    onIdle()
  }

  return {
    committed(before, state) {
      const every = state.decider.snapshotEvery
      if (Math.floor(before / every) === Math.floor(state.version / every)) return
      if (waiting.size >= waitingMax && !waiting.has(state.stream)) return
      waiting.set(state.stream, state)
      if (!isSaving) void saveAll()
    },
    isIdle: () => !isSaving && waiting.size === 0,
  }
}
