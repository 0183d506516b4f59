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
  let saving = false

  async function saveAll(): Promise<void> {
    saving = true
    for (const [stream, { decider, version, state }] of waiting) {
      waiting.delete(stream)
      await store.saveSnapshot(stream, decider.snapshotSchema, version, state).catch((error: unknown) => {
        log.warn({ err: error, stream }, 'snapshot not saved')
      })
    }
    saving = false
    onIdle()
  }

  return {
    committed(before, state) {
      const every = state.decider.snapshotEvery
      if (Math.floor(before / every) === Math.floor(state.version / every)) return
      if (waiting.size >= waitingMax && !waiting.has(state.stream)) return
      waiting.set(state.stream, state)
      if (!saving) void saveAll()
    },
    isIdle: () => !saving && waiting.size === 0,
  }
}
