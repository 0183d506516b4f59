import { Fault, type Log, type PartHealth } from '@matchday/kernel'
import { pause } from './pause.ts'

export const waitLimits = {
  /** Before the second try: a random time up to this; twice as long each time, up to the maximum. */
  retryMs: 100,
  retryMsMax: 3_000,
} as const

/** Thrown to whoever waits when the process is told to stop. */
export class Stopped extends Error {}

type WaitOptions<Value> = {
  /** What is waited for, in words: `the database`. */
  readonly what: string
  /** Bounded by itself. */
  attempt(): Promise<Value>
  /** Whether waiting may help; everything else is thrown at once. */
  isPassing(fault: Fault): boolean
  /** What to do with something that came after the stop. */
  discard(value: Value): Promise<void>
}

/** What a part of this process waits for: tried again and again until it is there, or the process is to stop. */
export type Waits = {
  /** Throws what can't pass by waiting, and `Stopped`. */
  for<Value>(options: WaitOptions<Value>): Promise<Value>
  /** One line for each thing that is waited for. */
  health(): readonly PartHealth[]
}

export function createWaits(parts: {
  role: string
  signal: AbortSignal
  log: Log
  random?: () => number
}): Waits {
  const { role, signal, log, random = Math.random } = parts
  const waiting = new Map<string, string>()

  async function waitFor<Value>(options: WaitOptions<Value>): Promise<Value> {
    const { what } = options
    for (let tries = 0; ; tries++) {
      if (signal.aborted) throw new Stopped()
      try {
        const value = await unlessStopped(options.attempt(), signal, options.discard)
        if (tries > 0) log.info({ role, what, tries }, 'waiting is over')
        return value
      } catch (error) {
        if (!(error instanceof Fault) || !options.isPassing(error)) throw error
        const reason = reasonOf(error)
        // One line for each reason, not for each try.
        if (waiting.get(what) !== reason) log.warn({ role, what, reason }, `waiting for ${what}`)
        waiting.set(what, reason)
      }
      const longestMs = Math.min(waitLimits.retryMs * 2 ** tries, waitLimits.retryMsMax)
      await pause(random() * longestMs, signal)
    }
  }

  return {
    for: async (options) => {
      waiting.set(options.what, 'not there yet')
      try {
        return await waitFor(options)
      } finally {
        waiting.delete(options.what)
      }
    },
    health: () =>
      [...waiting].map(([what, reason]) => ({
        name: role,
        state: 'starting',
        detail: `waiting for ${what}: ${reason}`,
      })),
  }
}

function reasonOf({ message, hint }: Fault): string {
  return hint === undefined ? message : `${message}. ${hint}`
}

/** Whoever is told to stop does not wait for the end of a try; what still comes of it is thrown away. */
async function unlessStopped<Value>(
  attempt: Promise<Value>,
  signal: AbortSignal,
  discard: (value: Value) => Promise<void>,
): Promise<Value> {
  let onStop = () => {}
  const stopped = new Promise<never>((_, reject) => {
    onStop = () => reject(new Stopped())
    if (signal.aborted) onStop()
    else signal.addEventListener('abort', onStop, { once: true })
  })
  try {
    return await Promise.race([attempt, stopped])
  } catch (error) {
    if (error instanceof Stopped) void attempt.then(discard).catch(() => {})
    throw error
  } finally {
    signal.removeEventListener('abort', onStop)
  }
}
