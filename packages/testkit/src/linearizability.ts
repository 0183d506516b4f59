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
  /**
   * True: a call that was answered so changes nothing, on whatever state (a read, a refusal). Without it
   * many losers of one race take too long, for each subset of them is tried.
   */
  readsOnly?(input: Input, output: Output): boolean
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
  const isReading = ordered.map(
    ({ input, output }) => output !== undefined && model.readsOnly?.(input, output) === true,
  )
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

  function step(index: number, state: State): State | null {
    const { input, output } = ordered[index]!
    return model.step(state, input, output)
  }

  function search(state: State, answered: number): boolean {
    if (answered === 0) return true
    const situation = `${isDone.join('')} ${model.key(state)}`
    if (tried.has(situation)) return false
    tried.add(situation)
    const open = candidates()
    // What only reads and fits here need not be tried anywhere later: nothing else would come out differently.
    const reading = open.find((index) => isReading[index] && step(index, state) !== null)
    for (const index of reading === undefined ? open : [reading]) {
      const next = step(index, state)
      if (next === null) continue
      isDone[index] = 1
      if (search(next, answered - (ordered[index]!.output === undefined ? 0 : 1))) return true
      isDone[index] = 0
    }
    return false
  }

  return search(model.initial, ordered.filter((call) => call.output !== undefined).length)
}
