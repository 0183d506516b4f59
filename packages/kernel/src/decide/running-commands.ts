import { faultReply } from '../bus/fault-reply.ts'
import type { Reply } from '../message.ts'
import { requestIdReused } from './replies.ts'

/** Commands on their way to an answer: what is sent again meanwhile waits for the same one. */
export class RunningCommands {
  readonly #commandsMax: number
  readonly #isIdleBesides: () => boolean
  readonly #running = new Map<string, { readonly fingerprint: string; readonly reply: Promise<Reply> }>()
  #drained: (() => void)[] = []

  /** `isIdleBesides`: whether nothing else is to be waited for at the end. */
  constructor(commandsMax: number, isIdleBesides: () => boolean = () => true) {
    this.#commandsMax = commandsMax
    this.#isIdleBesides = isIdleBesides
  }

  /** What a command is told that is not to begin; undefined: it may. */
  replyTo(key: string, fingerprint: string): Promise<Reply> | undefined {
    const same = this.#running.get(key)
    if (same !== undefined) {
      return same.fingerprint === fingerprint ? same.reply : Promise.resolve(requestIdReused)
    }
    if (this.#running.size >= this.#commandsMax) return Promise.resolve(faultReply('overloaded'))
    return undefined
  }

  add(key: string, fingerprint: string, reply: Promise<Reply>): void {
    this.#running.set(key, { fingerprint, reply })
  }

  end(key: string): void {
    this.#running.delete(key)
    this.tellIfDrained()
  }

  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained.push(resolve)
      this.tellIfDrained()
    })
  }

  /** Also to be called when what else was waited for is over. */
  tellIfDrained(): void {
    if (this.#drained.length === 0 || this.#running.size > 0 || !this.#isIdleBesides()) return
    for (const resolve of this.#drained) resolve()
    this.#drained = []
  }
}
