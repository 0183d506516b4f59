import type { AccessToken } from '@matchday/kernel'
import type { SessionLimits } from './session-limits.ts'

type Entry = { readonly generation: number; readonly sinceMs: number; untilMs: number }

/**
 * What ended before its tokens did, of one realm. Kept until those tokens are over. When there is more than can be
 * kept, the oldest is forgotten, and with it all tokens are refused that were given before it: a session then has to
 * be renewed, and none that has ended comes back.
 */
export class DenyList {
  /** Accounts with the oldest generation that is good; in the order in which they came. */
  readonly #accounts = new Map<string, Entry>()
  readonly #sessions = new Map<string, Entry>()
  readonly #limits: Pick<SessionLimits, 'endedMax' | 'endedKeptMs'>
  #refusedUpToMs = Number.NEGATIVE_INFINITY

  constructor(limits: Pick<SessionLimits, 'endedMax' | 'endedKeptMs'>) {
    this.#limits = limits
  }

  get size(): number {
    return this.#accounts.size + this.#sessions.size
  }

  /** Tokens of this account of an earlier generation are not good. True: that is new. */
  endAccount(accountId: string, generation: number, nowMs: number): boolean {
    const known = this.#accounts.get(accountId)
    if (known !== undefined && known.generation >= generation) {
      known.untilMs = nowMs + this.#limits.endedKeptMs
      return false
    }
    this.#accounts.delete(accountId)
    this.#add(this.#accounts, accountId, generation, nowMs)
    return true
  }

  /** True: that is new. */
  endSession(sessionId: string, nowMs: number): boolean {
    const known = this.#sessions.get(sessionId)
    if (known !== undefined) {
      known.untilMs = nowMs + this.#limits.endedKeptMs
      return false
    }
    this.#add(this.#sessions, sessionId, 0, nowMs)
    return true
  }

  hasEnded({ caller, generation, issuedAtMs }: AccessToken): boolean {
    const account = this.#accounts.get(caller.accountId)
    if (account !== undefined && generation < account.generation) return true
    return this.#sessions.has(caller.sessionId) || issuedAtMs <= this.#refusedUpToMs
  }

  /** Forgets what no token can be about any more. */
  sweep(nowMs: number): void {
    for (const entries of [this.#accounts, this.#sessions]) {
      for (const [id, { untilMs }] of entries) if (untilMs <= nowMs) entries.delete(id)
    }
  }

  #add(entries: Map<string, Entry>, id: string, generation: number, nowMs: number): void {
    if (this.size >= this.#limits.endedMax) this.#forgetOldest()
    entries.set(id, { generation, sinceMs: nowMs, untilMs: nowMs + this.#limits.endedKeptMs })
  }

  #forgetOldest(): void {
    const [account, session] = [this.#accounts, this.#sessions].map(
      (entries) => entries.entries().next().value,
    )
    const isAccount =
      account !== undefined && (session === undefined || account[1].sinceMs <= session[1].sinceMs)
    const oldest = isAccount ? account : session
    if (oldest === undefined) return
    ;(isAccount ? this.#accounts : this.#sessions).delete(oldest[0])
    this.#refusedUpToMs = Math.max(this.#refusedUpToMs, oldest[1].sinceMs)
  }
}
