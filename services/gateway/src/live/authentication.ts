import { type Caller, callerScope } from '@matchday/contracts'
import type { Log } from '@matchday/kernel'
import type { Ask } from './asking.ts'
import type { LiveLimits } from './limits.ts'
import { encodeReply } from './protocol.ts'
import type { Disconnect, Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { Watching } from './watching.ts'

/** Who the token says it is; null when it is not good. Throws only when it can't be known now. */
export type VerifyToken = (token: string) => Promise<Caller | null>

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
  log: Log
  /** Runs once the client is in, before its waiting commands. */
  onConnected: (session: Session) => void
}): Authentication {
  const { sessions, disconnect } = parts

  async function verify(session: Session, token: string): Promise<Caller | null> {
    try {
      const caller = token.length > parts.limits.tokenLengthMax ? null : await parts.verifyToken(token)
      if (caller === null) disconnect(session, 'invalid-token')
      return caller
    } catch (error) {
      parts.log.warn({ err: error }, 'a token could not be verified')
      disconnect(session, 'internal')
      return null
    }
  }

  /** A player's token may be sound and yet no longer good: he was removed, or his seat moved to another device. */
  async function hasGoodSeat(session: Session, caller: Caller): Promise<boolean> {
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
    else if (reply.code === 'pass-moved') disconnect(session, 'pass-moved')
    else if (reply.code === 'not-a-player' || reply.code === 'not-found') disconnect(session, 'not-a-player')
    else disconnect(session, 'invalid-token')
    return false
  }

  return {
    async recheck(session) {
      if (session.phase === 'open') await hasGoodSeat(session, session.caller)
    },

    async connect(session, { id, token }) {
      session.phase = 'connecting'
      if (token !== '') {
        const caller = await verify(session, token)
        if (caller === null || session.phase !== 'connecting') return
        // Known before the seat is asked for: an event that comes in between ends the session too.
        sessions.identify(session, caller)
        if (!(await hasGoodSeat(session, caller)) || session.phase !== 'connecting') return
      }
      session.phase = 'open'
      session.send(encodeReply(id, 'connect', connectResult(parts.limits)))
      parts.onConnected(session)
    },

    async refresh(session, { id, token }) {
      const caller = await verify(session, token)
      if (caller === null || session.phase !== 'open') return
      if (callerScope(caller) !== callerScope(session.caller)) {
        disconnect(session, 'invalid-token')
        return
      }
      if (!(await hasGoodSeat(session, caller)) || session.phase !== 'open') return
      sessions.identify(session, caller)
      session.send(encodeReply(id, 'refresh', '{"expires":false}'))
    },
  }
}

function connectResult(limits: LiveLimits): string {
  return JSON.stringify({
    client: crypto.randomUUID(),
    version: 'matchday 1',
    expires: false,
    ping: Math.max(1, Math.round(limits.pingIntervalMs / 1_000)),
    pong: true,
  })
}
