import { Fifo } from '../bus/fifo.ts'

/** So many at a time; the others wait, first come, first served. */
export class Slots {
  #free: number
  readonly #waiting = new Fifo<() => void>()

  constructor(max: number) {
    this.#free = max
  }

  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      // A slot goes from hand to hand, so that nobody comes in between.
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}

/**
 * So many at a time, and about one stream one at a time: what would only wait for the lock of its stream must not
 * keep a connection from others.
 */
export class Turns {
  readonly #slots: Slots
  /** Stream → the end of the last one that waits for it. */
  readonly #ends = new Map<string, Promise<void>>()

  constructor(max: number) {
    this.#slots = new Slots(max)
  }

  async take<Result>(stream: string, work: () => Promise<Result>): Promise<Result> {
    const own = this.#after(this.#ends.get(stream), work)
    const end = own.then(nothing, nothing)
    this.#ends.set(stream, end)
    try {
      return await own
    } finally {
      if (this.#ends.get(stream) === end) this.#ends.delete(stream)
    }
  }

  async #after<Result>(before: Promise<void> | undefined, work: () => Promise<Result>): Promise<Result> {
    await before
    return this.#slots.use(work)
  }
}

function nothing(): void {}
