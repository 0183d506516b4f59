import type { Realm } from '@matchday/contracts'
import { type Bus, type Clock, createAccessTokenVerifier, Fault, type Log } from '@matchday/kernel'
import type { AskAsEdge } from './asking.ts'
import type { Credential, Ended } from './credential.ts'
import { DenyList } from './deny-list.ts'
import { keepRealmEndings } from './realm-endings.ts'
import { keepRealmKeys } from './realm-keys.ts'
import type { SessionLimits } from './session-limits.ts'

export type RealmSessions = {
  /** As `VerifyToken`, for access tokens of this realm. */
  verify(token: string): Promise<Credential | 'expired' | null>
  /** Of a token that was good: false when its session has ended since. */
  isStillGood(credential: Extract<Credential, { kind: 'access' }>): boolean
  readonly state: RealmState
  close(): void
}

/** What the edge knows about the sessions of a realm. */
export type RealmState = {
  readonly realm: Realm
  /** Keys and endings are known, so that tokens can be checked; this stays so when nobody answers any more. */
  readonly isKnown: boolean
  /** Why they can't be asked for at the moment. */
  readonly problem: string | null
  /** Sessions and accounts that ended before their tokens did. */
  readonly ended: number
}

/** Who is signed in with accounts of a realm: its keys, and what ended before its tokens did. */
export function createRealmSessions(parts: {
  realm: Realm
  limits: SessionLimits
  ask: AskAsEdge
  bus: Pick<Bus, 'subscribeEvents' | 'onState'>
  clock: Clock
  log: Log
  onEnded: (ended: Ended) => void
}): RealmSessions {
  const { realm, clock } = parts
  const verifier = createAccessTokenVerifier(realm, clock)
  const denyList = new DenyList(parts.limits)
  const endings = keepRealmEndings({ ...parts, denyList })
  const keys = keepRealmKeys({ ...parts, verifier })
  const isKnown = () => keys.hasWorked && endings.hasWorked

  function unavailable(): never {
    throw new Fault('unavailable', `Sessions of ${realm} can't be checked yet.`, { retryable: true })
  }

  return {
    async verify(token) {
      // Whether a session has ended isn't known yet, and then nobody is let in by it.
      if (!isKnown()) unavailable()
      let finding = await verifier.verify(token)
      if (finding.kind === 'unknown-key') {
        const outcome = await keys.askAgain()
        if (outcome === 'failed') unavailable()
        // Also when it is too soon: somebody else's question may have brought it.
        finding = await verifier.verify(token)
      }
      if (finding.kind === 'expired') return 'expired'
      if (finding.kind !== 'good' || denyList.hasEnded(finding.token)) return null
      return { kind: 'access', caller: finding.token.caller, token: finding.token }
    },
    isStillGood: ({ token }) => !denyList.hasEnded(token),
    get state() {
      const problem = keys.problem ?? endings.problem
      return { realm, isKnown: isKnown(), problem, ended: denyList.size }
    },
    close() {
      keys.close()
      endings.close()
    },
  }
}
