/** One call as its caller saw it. Times are of one clock, in any unit. */
export type Call<Input, Output> = {
  readonly input: Input
  /** Undefined: the outcome is not known. It may have had its effect, at any time after the call, or none. */
  readonly output: Output | undefined
  readonly calledAt: number
  readonly returnedAt: number
}

export type Model<State, Input, Output> = {
  readonly initial: State
  /** The state after the call, or null when it could not have answered this on this state. */
  step(state: State, input: Input, output: Output | undefined): State | null
  /** Equal states have equal keys. */
  key(state: State): string
}

/**
 * Whether there is an order of the calls, each somewhere between its beginning and its end, in which a single
 * thread would have given the very same answers (Wing and Gong's search, with Lowe's memory of what was
 * tried). Give it the calls of one independent object, such as a key: the time grows fast with calls that
 * overlap.
 */
export function isLinearizable<State, Input, Output>(
  calls: readonly Call<Input, Output>[],
  model: Model<State, Input, Output>,
): boolean {
  const ordered = [...calls].sort((one, other) => one.calledAt - other.calledAt)
  const ends = ordered.map((call) => (call.output === undefined ? Number.POSITIVE_INFINITY : call.returnedAt))
  const isDone = new Uint8Array(ordered.length)
  const tried = new Set<string>()

  /** Only calls that began before every unfinished one ended can come next. */
  function candidates(): number[] {
    let firstEnd = Number.POSITIVE_INFINITY
    for (let index = 0; index < ends.length; index++) {
      if (!isDone[index]) firstEnd = Math.min(firstEnd, ends[index]!)
    }
    const found: number[] = []
    for (let index = 0; index < ordered.length && ordered[index]!.calledAt <= firstEnd; index++) {
      if (!isDone[index]) found.push(index)
    }
    return found
  }

  function search(state: State, answered: number): boolean {
    if (answered === 0) return true
    const situation = `${isDone.join('')} ${model.key(state)}`
    if (tried.has(situation)) return false
    tried.add(situation)
    for (const index of candidates()) {
      const call = ordered[index]!
      const next = model.step(state, call.input, call.output)
      if (next === null) continue
      isDone[index] = 1
      if (search(next, answered - (call.output === undefined ? 0 : 1))) return true
      isDone[index] = 0
    }
    return false
  }

  return search(model.initial, ordered.filter((call) => call.output !== undefined).length)
}
