import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../fault.ts'
import type { AppendOutcome } from '../store/port.ts'
import { answerKnown, decideWork, dropExpired } from './decide-work.ts'
import type { ExecutorParts } from './executor-parts.ts'
import type { StreamWork } from './lanes.ts'
import { doubtDraft, failCommand, finishDraft, refuseDraft } from './outcomes.ts'
import type { StreamDraft } from './stream-draft.ts'

/**
 * Takes what is waiting and brings it to a commit: 1 drop what nobody waits for any more, 2 look up what may
 * be answered already, 3 load states, 4 prepare anew what depends on them, 5 decide, 6 append, 7 answer. What
 * lost against others goes back to its lane and comes again.
 */
export class Committer {
  readonly #parts: ExecutorParts
  #isWoken = false
  #commitsInFlight = 0
  /** On the monotonic clock. */
  #startedAt = 0
  /** Runs while work waits for a commit in flight to be over, or to have taken too long. */
  #patience: NodeJS.Timeout | undefined
  /** Consecutive tries that did not reach the database. */
  #outages = 0
  #isPausing = false

  constructor(parts: ExecutorParts) {
    this.#parts = parts
  }

  /** Something may be waiting. What comes in the same turn goes along; nothing waits for a timer. */
  wake(): void {
    if (this.#isWoken || !this.#mayStart()) return
    this.#isWoken = true
    queueMicrotask(() => this.#startCommits())
  }

  #mayStart(): boolean {
    const { limits, lanes, clock } = this.#parts
    if (this.#isPausing || this.#commitsInFlight >= limits.commitsInFlightMax) return false
    if (this.#commitsInFlight === 0 || lanes.waiting >= limits.overlapCommandsMin) return true
    const leftMs = this.#startedAt + limits.overlapAfterMs - clock.monotonicMs()
    if (leftMs <= 0) return true
    this.#patience ??= setTimeout(() => {
      this.#patience = undefined
      this.wake()
    }, leftMs)
    return false
  }

  #startCommits(): void {
    this.#isWoken = false
    const { lanes, limits } = this.#parts
    while (this.#mayStart()) {
      const work = lanes.take(limits.streamsPerCommitMax, limits.commandsPerStreamMax)
      if (work.length === 0) return
      this.#commitsInFlight += 1
      this.#startedAt = this.#parts.clock.monotonicMs()
      void this.#run(work).finally(() => {
        this.#commitsInFlight -= 1
        this.wake()
      })
    }
  }

  /** Never throws; every command taken is settled or back in a lane, and every stream is released. */
  async #run(taken: readonly StreamWork[]): Promise<void> {
    let work = dropExpired(this.#parts, taken)
    let drafts: readonly StreamDraft[]
    try {
      work = await answerKnown(this.#parts, work)
      drafts = await decideWork(this.#parts, work)
    } catch (error) {
      // Something that one of them asks for is refused by the database: the others must not fail with it.
      if (work.length > 1 && !isPassing(error)) for (const one of work) await this.#run([one])
      else this.#notDecided(work, error)
      return
    }
    await this.#commit(drafts)
  }

  async #commit(drafts: readonly StreamDraft[]): Promise<void> {
    const { store, lanes } = this.#parts
    const full = drafts.filter((draft) => draft.decided.length > 0)
    for (const draft of drafts)
      if (draft.decided.length === 0) lanes.release(draft.base.stream, draft.rest, 0)
    if (full.length === 0) return
    let outcomes: readonly AppendOutcome[]
    try {
      outcomes = await store.append(full.map((draft) => draft.append))
    } catch (error) {
      await this.#notCommitted(full, error)
      return
    }
    this.#outages = 0
    full.forEach((draft, index) => {
      finishDraft(this.#parts, draft, outcomes[index]!)
    })
  }

  async #notCommitted(drafts: readonly StreamDraft[], error: unknown): Promise<void> {
    if (isPassing(error)) {
      this.#pause(error)
      for (const draft of drafts) doubtDraft(this.#parts, draft)
      return
    }
    // Something in one of them is refused by the database: the others must not fail with it.
    if (drafts.length === 1) refuseDraft(this.#parts, drafts[0]!, error)
    else for (const draft of drafts) await this.#commit([draft])
  }

  #notDecided(work: readonly StreamWork[], error: unknown): void {
    const passing = isPassing(error)
    if (passing) this.#pause(error)
    for (const { stream, commands } of work) {
      if (!passing) for (const command of commands) failCommand(this.#parts.log, command, error)
      this.#parts.lanes.release(stream, passing ? commands : [], 0)
    }
  }

  /** The database can't be reached: everything waits a little, the longer the longer it lasts. */
  #pause(error: unknown): void {
    if (this.#isPausing) return
    this.#isPausing = true
    const { limits, log } = this.#parts
    const longestMs = Math.min(limits.outageDelayMsMax, limits.outageDelayMsMin * 2 ** this.#outages)
    this.#outages += 1
    log.warn({ err: error, outages: this.#outages }, 'database not reached')
    void delay(longestMs * (0.5 + Math.random() / 2)).then(() => {
      this.#isPausing = false
      this.wake()
    })
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof Fault && error.retryable
}
