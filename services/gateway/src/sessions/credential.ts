import type { Caller } from '@matchday/contracts'
import type { AccessToken } from '@matchday/kernel'

/** What somebody has shown: a pass, which says all by itself; a token of a session, or a key, which may end. */
export type Credential =
  | { readonly kind: 'pass'; readonly caller: Caller }
  | { readonly kind: 'access'; readonly caller: Caller; readonly token: AccessToken }
  | {
      readonly kind: 'key'
      readonly caller: Extract<Caller, { kind: 'key' }>
      readonly hash: string
      /** Milliseconds since 1970; null: it has no end of its own. */
      readonly endsAtMs: number | null
    }

/**
 * Who a token says it is; null when it is not good, `expired` when it was. `address`: whose guesses are counted.
 * Throws Fault `unavailable` when it can't be known now, and `too-many-requests` when too much was guessed.
 */
export type VerifyToken = (token: string, address: string) => Promise<Credential | 'expired' | null>

/** What has ended: sockets that are there by it must go. */
export type Ended =
  | { readonly what: 'account'; readonly id: string }
  | { readonly what: 'session'; readonly id: string }
  | { readonly what: 'key'; readonly id: string }

/** Whether those who are in may stay. */
export type Endings = {
  /** False: its session, or it itself, has ended. Throws when it can't be known now. */
  isStillGood(credential: Credential): Promise<boolean>
  onEnded(listener: (ended: Ended) => void): { close(): void }
}
