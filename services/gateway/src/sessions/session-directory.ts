import { type Realm, realms } from '@matchday/contracts'
import { type Bus, type Clock, claimedRealm, type Log, type TokenVerifier } from '@matchday/kernel'
import type { Asker } from '../http/ports.ts'
import { MissLimiter } from '../limits/miss-limiter.ts'
import type { SharedBudgets } from '../limits/shared-budgets.ts'
import { createApiKeys, isApiKey } from './api-keys.ts'
import { createAskAsEdge } from './asking.ts'
import type { Ended, Endings, VerifyToken } from './credential.ts'
import { createRealmSessions, type RealmState } from './realm-sessions.ts'
import { keyMissBounds, type SessionLimits, sessionLimits } from './session-limits.ts'

export type SessionDirectory = Endings & {
  readonly verifyToken: VerifyToken
  states(): readonly RealmState[]
  close(): void
}

/** Whom the edge speaks to: it knows what each kind of token says, and what has ended. */
export function createSessionDirectory(parts: {
  passes: Pick<TokenVerifier, 'verify'>
  asker: Asker
  bus: Pick<Bus, 'subscribeEvents' | 'onState'>
  budgets: SharedBudgets
  clock: Clock
  log: Log
  limits?: Partial<SessionLimits>
}): SessionDirectory {
  const { bus, clock } = parts
  const limits: SessionLimits = { ...sessionLimits, ...parts.limits }
  const log = parts.log.child({ part: 'sessions' })
  const listeners = new Set<(ended: Ended) => void>()
  const onEnded = (ended: Ended) => {
    for (const listener of listeners) listener(ended)
  }
  const ask = createAskAsEdge(parts.asker, limits, log)
  const common = { limits, ask, bus, clock, log, onEnded }
  const ofRealm = {
    staff: createRealmSessions({ ...common, realm: 'staff' }),
    players: createRealmSessions({ ...common, realm: 'players' }),
  } as const satisfies Record<Realm, unknown>
  const misses = new MissLimiter(parts.budgets.budget('misses:key', keyMissBounds))
  const keys = createApiKeys({ ...common, misses })

  return {
    async verifyToken(token, address) {
      if (isApiKey(token)) return keys.find(token, address)
      const realm = claimedRealm(token)
      if (realm !== null) return ofRealm[realm].verify(token)
      const caller = await parts.passes.verify(token)
      return caller === null ? null : { kind: 'pass', caller }
    },
    async isStillGood(credential) {
      switch (credential.kind) {
        case 'pass':
          return true
        case 'access':
          return ofRealm[credential.token.realm].isStillGood(credential)
        case 'key':
          return keys.isStillGood(credential)
        default:
          return credential satisfies never
      }
    },
    onEnded(listener) {
      listeners.add(listener)
      return { close: () => listeners.delete(listener) }
    },
    states: () => realms.map((realm) => ofRealm[realm].state),
    close() {
      for (const realm of realms) ofRealm[realm].close()
      keys.close()
    },
  }
}
