import type { Clock } from '@matchday/kernel'
import type { ChannelRegistry } from './channel-registry.ts'
import { encodeTextFrame } from './frame.ts'
import type { LiveLimits } from './limits.ts'
import type { Disconnect, Session } from './session.ts'
import type { Sessions } from './sessions.ts'

export type Heartbeat = { add(session: Session): void; remove(session: Session): void; close(): void }

/**
 * One ticker for all sockets. Those that are in are spread over the ticks of a ping interval, so that 20,000 pings
 * don't fall into one turn; each costs one write of a shared frame.
 */
export function createHeartbeat(parts: {
  sessions: Sessions
  registry: ChannelRegistry
  /** Whatever else is looked at now and then. */
  onTick: (nowMs: number) => void
  disconnect: Disconnect
  limits: LiveLimits
  clock: Clock
}): Heartbeat {
  const { sessions, limits, disconnect } = parts
  const pingFrame = encodeTextFrame('{}')
  const slotCount = Math.max(1, Math.round(limits.pingIntervalMs / limits.tickMs))
  const slots = Array.from({ length: slotCount }, () => new Set<Session>())
  let tick = 0
  let nextSlot = 0

  function endStale(nowMs: number): void {
    for (const session of sessions.unauthenticated) {
      if (nowMs - session.openedAtMs < limits.connectTimeoutMs) return
      // Whoever has sent his token in time has only waited for us: he may come back.
      disconnect(session, session.phase === 'connecting' ? 'internal' : 'stale')
    }
  }

  function ping(slot: Set<Session>): void {
    for (const session of slot) {
      if (session.missedPongs >= limits.missedPongsMax) disconnect(session, 'no-pong')
      else {
        session.missedPongs++
        session.write(pingFrame)
      }
    }
  }

  const timer = setInterval(() => {
    const nowMs = parts.clock.monotonicMs()
    endStale(nowMs)
    ping(slots[tick % slotCount]!)
    parts.onTick(nowMs)
    if (tick % slotCount === 0) parts.registry.sweep(nowMs)
    tick++
  }, limits.tickMs)
  timer.unref()

  return {
    add(session) {
      session.pingSlot = nextSlot++ % slotCount
      slots[session.pingSlot]?.add(session)
    },
    remove(session) {
      slots[session.pingSlot]?.delete(session)
    },
    close: () => clearInterval(timer),
  }
}
