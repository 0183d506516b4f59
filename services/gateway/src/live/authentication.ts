import { callerScope } from '@matchday/contracts'
import type { Clock, Log } from '@matchday/kernel'
import type { Credential, VerifyToken } from '../sessions/credential.ts'
import type { Ask } from './asking.ts'
import type { LiveLimits } from './limits.ts'
import { encodeError, encodeReply } from './protocol.ts'
import type { Disconnect, Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { Watching } from './watching.ts'

export type Authentication = {
  /** Asks again whether a player's seat is still good, and ends the session when it isn't. */
  recheck(session: Session): Promise<void>
  connect(session: Session, command: { id: number; token: string }): Promise<void>
  refresh(session: Session, command: { id: number; token: string }): Promise<void>
}

export function createAuthentication(parts: {
  verifyToken: VerifyToken
  ask: Ask
  watching: Watching
  sessions: Sessions
  disconnect: Disconnect
  limits: LiveLimits
  clock: Clock
  log: Log
  /** Runs once the client is in, before its waiting commands. */
  onConnected: (session: Session) => void
}): Authentication {
  const { sessions, disconnect } = parts

  /** Undefined: it was refused, and that was said. */
  async function verify(session: Session, id: number, token: string): Promise<Credential | undefined> {
    try {
      const isTooLong = token.length > parts.limits.tokenLengthMax
      const credential = isTooLong ? null : await parts.verifyToken(token, session.address)
      if (credential === 'expired') session.send(encodeError(id, 'token-expired'))
      else if (credential === null) disconnect(session, 'invalid-token')
      else if (credential.kind !== 'pass' && session.isExposed) disconnect(session, 'insecure-connection')
      else return credential
    } catch (error) {
      parts.log.warn({ err: error }, 'a token could not be verified')
      disconnect(session, 'internal')
    }
    return undefined
  }

  /**
   * Who the browser says it is, for pages that hold no token themselves; null: nobody. Cookies that are no longer good
   * say nothing. Undefined: it can't be known now.
   */
  async function verifyCookies(session: Session): Promise<Credential | null | undefined> {
    const { cookies } = session
    session.cookies = null
    try {
      for (const { realm, token } of cookies ?? []) {
        const credential = await parts.verifyToken(token, session.address)
        if (credential === null || credential === 'expired') continue
        if (credential.kind === 'access' && credential.token.realm === realm) return credential
      }
      return null
    } catch (error) {
      parts.log.warn({ err: error }, 'a cookie could not be verified')
      disconnect(session, 'internal')
      return undefined
    }
  }

  /** A player's token may be sound and yet no longer good: he was removed, or his seat moved to another device. */
  async function hasGoodSeat(session: Session, { caller }: Credential): Promise<boolean> {
    if (caller.kind !== 'player') return true
    const isCurrent = parts.watching.watch(session, caller)
    if (isCurrent === null) {
      disconnect(session, 'internal')
      return false
    }
    const input = { id: caller.tournamentId, playerId: caller.playerId }
    const reply = await parts.ask('getSeat', input, caller)
    if (session.phase === 'closed') return false
    if (reply.kind === 'ok' && isCurrent(reply)) return true
    if (reply.kind !== 'rejected') disconnect(session, 'internal')
    // He may wait here until he is let in; what he may hear meanwhile his subscriptions find out.
    else if (reply.code === 'waiting-for-approval') return true
    else if (reply.code === 'pass-moved') disconnect(session, 'pass-moved')
    else if (reply.code === 'not-a-player' || reply.code === 'not-found') disconnect(session, 'not-a-player')
    else disconnect(session, 'invalid-token')
    return false
  }

  return {
    async recheck(session) {
      if (session.phase === 'open' && session.credential) await hasGoodSeat(session, session.credential)
    },

    async connect(session, { id, token }) {
      session.phase = 'connecting'
      const byToken = token !== ''
      const credential = byToken ? await verify(session, id, token) : await verifyCookies(session)
      if (session.phase !== 'connecting') return
      if (credential === undefined) {
        // It may try again with another token, within the time that it had anyway.
        session.phase = 'new'
        return
      }
      if (credential !== null) {
        // Known before the seat is asked for: an event that comes in between ends the session too.
        sessions.identify(session, credential)
        if (!(await hasGoodSeat(session, credential)) || session.phase !== 'connecting') return
      }
      session.phase = 'open'
      const expiry = byToken ? expiryOf(credential, parts.clock) : doesNotExpire
      session.send(encodeReply(id, 'connect', connectResult(parts.limits, expiry)))
      parts.onConnected(session)
    },

    async refresh(session, { id, token }) {
      const credential = await verify(session, id, token)
      if (credential === undefined || session.phase !== 'open') return
      if (callerScope(credential.caller) !== callerScope(session.caller)) {
        disconnect(session, 'invalid-token')
        return
      }
      if (!(await hasGoodSeat(session, credential)) || session.phase !== 'open') return
      sessions.identify(session, credential)
      session.send(encodeReply(id, 'refresh', JSON.stringify(expiryOf(credential, parts.clock))))
    },
  }
}

type Expiry = { expires: false } | { expires: true; ttl: number }
const doesNotExpire: Expiry = { expires: false }

/** When the client should come with a new token, in seconds. Whose token is in a cookie can't: it comes back anew. */
function expiryOf(credential: Credential | null, clock: Clock): Expiry {
  if (credential?.kind !== 'access') return doesNotExpire
  const ttl = Math.max(1, Math.floor((credential.token.expiresAtMs - clock.now()) / 1_000))
  return { expires: true, ttl }
}

function connectResult(limits: LiveLimits, expiry: Expiry): string {
  return JSON.stringify({
    client: crypto.randomUUID(),
    version: 'matchday 1',
    ...expiry,
    ping: Math.max(1, Math.round(limits.pingIntervalMs / 1_000)),
    pong: true,
  })
}
