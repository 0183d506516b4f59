import { type Call, isLinearizable, type Model } from '@matchday/testkit'

/** Calls of many clients, by the object (key) that they were about. */
export class History<Input, Output> {
  readonly #calls = new Map<string, Call<Input, Output>[]>()

  /** Makes a call and writes down when it began and ended, and what came of it. */
  async record(key: string, input: Input, make: () => Promise<Output>): Promise<Output> {
    const calledAt = performance.now()
    const output = await make()
    this.add(key, { input, output, calledAt, returnedAt: performance.now() })
    return output
  }

  add(key: string, call: Call<Input, Output>): void {
    const calls = this.#calls.get(key)
    if (calls) calls.push(call)
    else this.#calls.set(key, [call])
  }

  get keys(): readonly string[] {
    return [...this.#calls.keys()]
  }

  get size(): number {
    return [...this.#calls.values()].reduce((sum, calls) => sum + calls.length, 0)
  }

  of(key: string): readonly Call<Input, Output>[] {
    return this.#calls.get(key) ?? []
  }

  /** How many calls of a key were under way at once, at most: a race without overlap proves nothing. */
  overlap(key: string): number {
    const ends = this.of(key).flatMap(({ calledAt, returnedAt }) => [
      { at: calledAt, step: 1 },
      { at: returnedAt, step: -1 },
    ])
    ends.sort((one, other) => one.at - other.at || one.step - other.step)
    let [now, most] = [0, 0]
    for (const { step } of ends) most = Math.max(most, (now += step))
    return most
  }

  /** Keys whose calls no single thread could have answered so. */
  violations<State>(model: Model<State, Input, Output>): readonly string[] {
    return this.keys.filter((key) => !isLinearizable(this.of(key), model))
  }
}

/** Runs all tasks, so many at a time, in their order: neighbours meet. */
export async function atOnce(clients: number, tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
  const queue = tasks.values()
  const client = async () => {
    for (const task of queue) await task()
  }
  await Promise.all(Array.from({ length: clients }, client))
}

/** Puts a list into another order, the same for the same seed. */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const list = [...items]
  let state = seed >>> 0
  for (let index = list.length - 1; index > 0; index--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = state % (index + 1)
    ;[list[index], list[other]] = [list[other]!, list[index]!]
  }
  return list
}
