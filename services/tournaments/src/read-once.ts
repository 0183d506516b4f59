import type { ReadContext } from '@matchday/kernel'

/** What one request has read it is not read again for: guard and handler judge by the same, and pay for it once. */
export function readOnce(context: ReadContext): ReadContext {
  const states = new Map<string, ReturnType<ReadContext['state']>>()
  const rows = new Map<string, Promise<readonly unknown[]>>()
  return {
    ...context,
    // Whoever asks for a stream of this service asks by the same decider, and whoever sends the same text knows its rows.
    state: (decider, stream) => remembered(states, stream, () => context.state(decider, stream)) as never,
    rows: (text, values) =>
      remembered(rows, JSON.stringify([text, values]), () => context.rows(text, values)) as never,
  }
}

function remembered<Value>(known: Map<string, Value>, key: string, find: () => Value): Value {
  const found = known.get(key)
  if (found !== undefined) return found
  const value = find()
  known.set(key, value)
  return value
}
