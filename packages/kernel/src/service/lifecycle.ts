import type { Log } from '../log.ts'
import { settlesWithin } from '../settles-within.ts'

export type PartState = 'starting' | 'ready' | 'failing' | 'stopped'
/** One part's line in `/readyz`. */
export type PartHealth = { readonly name: string; readonly state: PartState; readonly detail?: string }

export type Lifecycle = AsyncDisposable & {
  /**
   * Takes over a part that has been started. It is stopped before those that were added earlier, for it may use them.
   * `timeoutMs` bounds its stopping. Without a `health` of its own it is ready until it is stopped.
   */
  add(
    name: string,
    stop: () => Promise<void> | void,
    timeoutMs: number,
    health?: () => Omit<PartHealth, 'name'>,
  ): void
  /** Stops all parts, last one first, each within its time. Never throws; a second call waits for the first. */
  stopAll(): Promise<void>
  /** In the order of starting. */
  health(): readonly PartHealth[]
}

type Part = {
  readonly name: string
  readonly stop: () => Promise<void> | void
  readonly timeoutMs: number
  readonly health: () => Omit<PartHealth, 'name'>
  stopped: boolean
}

/** Parts are started by whoever knows how; this knows the way back. */
export function createLifecycle(log: Log): Lifecycle {
  const parts: Part[] = []
  let stopping: Promise<void> | null = null

  const stopAll = async () => {
    for (const part of parts.toReversed()) {
      await stopPart(part, log)
      part.stopped = true
    }
  }
  const stopOnce = () => {
    stopping ??= stopAll()
    return stopping
  }
  return {
    add: (name, stop, timeoutMs, health = () => ({ state: 'ready' })) => {
      parts.push({ name, stop, timeoutMs, health, stopped: false })
    },
    stopAll: stopOnce,
    health: () =>
      parts.map((part) => ({ name: part.name, ...(part.stopped ? { state: 'stopped' } : part.health()) })),
    [Symbol.asyncDispose]: stopOnce,
  }
}

/** A part that fails to stop, or takes too long, must not keep the others from being stopped. */
async function stopPart(part: Part, log: Log): Promise<void> {
  const { name, timeoutMs } = part
  try {
    const inTime = await settlesWithin((async () => part.stop())(), timeoutMs)
    if (!inTime) log.warn({ part: name, timeoutMs }, 'a part took too long to stop')
  } catch (error) {
    log.error({ part: name, err: error }, 'a part failed to stop')
  }
}
