import type { Clock, Log } from '@matchday/kernel'
import type { Credential, Endings } from '../sessions/credential.ts'
import type { LiveLimits } from './limits.ts'
import type { Disconnect, Session } from './session.ts'
import type { Sessions } from './sessions.ts'

export type SocketEndings = {
  /** Looks at those whose time has come. */
  tick(nowMs: number): void
  close(): void
}

/** Where nothing ends. */
export const neverEnding: Endings = { isStillGood: async () => true, onEnded: () => ({ close() {} }) }

/**
 * Sends sockets away whose session or key has ended: at once when that is told, a minute later at most if it isn't.
 * Whose token ran out comes back with a new one.
 */
export function createSocketEndings(parts: {
  endings: Endings
  sessions: Sessions
  disconnect: Disconnect
  limits: LiveLimits
  clock: Clock
  log: Log
}): SocketEndings {
  const { endings, sessions, disconnect, limits, clock } = parts

  async function check(session: Session, credential: Credential): Promise<void> {
    try {
      const isGood = await endings.isStillGood(credential)
      // It may have been renewed meanwhile.
      if (!isGood && session.credential === credential) disconnect(session, 'session-ended')
    } catch (error) {
      // Who was let in stays until it is known otherwise.
      parts.log.warn({ err: error }, 'a session could not be checked')
    }
  }

  const told = endings.onEnded((ended) => {
    for (const session of sessions.of(ended)) if (session.credential) void check(session, session.credential)
  })

  return {
    tick(nowMs) {
      const now = clock.now()
      for (const session of sessions.accountable) {
        const { credential } = session
        if (credential === null) continue
        if (now >= endOf(credential) + limits.expiredGraceMs) disconnect(session, 'expired')
        else if (nowMs - session.checkedAtMs >= limits.credentialCheckMs) {
          session.checkedAtMs = nowMs
          void check(session, credential)
        }
      }
    },
    close: () => told.close(),
  }
}

/** Milliseconds since 1970. A key ends for good, which is found out when it is looked at. */
function endOf(credential: Credential): number {
  return credential.kind === 'access' ? credential.token.expiresAtMs : Number.POSITIVE_INFINITY
}
