import { randomBytes } from 'node:crypto'
import { type Algorithm, hash, type Options, parseOptions, verify } from '@node-rs/argon2'
import type { HashingLimits } from './hashing-limits.ts'

/** The queue is full: nothing was hashed. */
export class HashingBusy extends Error {
  readonly retryAfterS: number

  constructor(retryAfterS: number) {
    super('too many passwords wait to be hashed')
    this.retryAfterS = retryAfterS
  }
}

export type PasswordHasher = {
  /** Throws HashingBusy. */
  hash(password: string): Promise<string>
  /**
   * Whether it is the password of this hash. `null`: there is no such account, or it has no password; that is found
   * out by the same work. Throws HashingBusy.
   */
  verify(hash: string | null, password: string): Promise<boolean>
  /** Whether a hash was made with less work than is asked for now. */
  isOutdated(hash: string): boolean
  /** How many hashes were made or compared. */
  readonly count: number
  /** How many wait for their turn. */
  readonly waiting: number
}

/** argon2id. Few at once, and few that wait: a flood of sign-ins must not take the machine from everybody else. */
export function createPasswordHasher(limits: HashingLimits): PasswordHasher {
  return new LimitedHasher(limits)
}

class LimitedHasher implements PasswordHasher {
  readonly #limits: HashingLimits
  readonly #options: Options
  readonly #waiting: (() => void)[] = []
  #running = 0
  #count = 0
  /** Of a password that nobody knows. Made once; whoever needs it first and whoever has an account wait alike. */
  #dummy: Promise<string> | undefined

  constructor(limits: HashingLimits) {
    this.#limits = limits
    this.#options = {
      // Its enum exists in types alone, so the compiler can't put the number in when files are compiled one by one.
      algorithm: 2 satisfies Algorithm.Argon2id,
      memoryCost: limits.memoryKib,
      timeCost: limits.passes,
      parallelism: limits.lanes,
    }
  }

  get count(): number {
    return this.#count
  }

  get waiting(): number {
    return this.#waiting.length
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(composed(password), this.#options))
  }

  async verify(known: string | null, password: string): Promise<boolean> {
    this.#dummy ??= hash(randomBytes(32), this.#options)
    const dummy = await this.#dummy
    const isRight = await this.#inTurn(() => verify(known ?? dummy, composed(password)))
    return isRight && known !== null
  }

  isOutdated(known: string): boolean {
    const { algorithm, memoryCost, timeCost, parallelism } = parseOptions(known)
    const { memoryKib, passes, lanes } = this.#limits
    const isAtLeast = memoryCost >= memoryKib && timeCost >= passes && parallelism >= lanes
    return algorithm !== this.#options.algorithm || !isAtLeast
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#limits.hashesAtOnceMax) {
      if (this.#waiting.length >= this.#limits.hashesWaitingMax)
        throw new HashingBusy(this.#limits.retryAfterS)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else this.#running++
    this.#count++
    try {
      return await work()
    } finally {
      // Whoever waits takes over this place.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}

/** A letter with an accent is typed in two ways by two keyboards, and is one. */
function composed(password: string): string {
  return password.normalize('NFC')
}
