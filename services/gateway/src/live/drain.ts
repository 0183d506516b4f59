import { setTimeout as sleep } from 'node:timers/promises'
import type { LiveLimits } from './limits.ts'
import type { Disconnect } from './session.ts'
import type { Sessions } from './sessions.ts'

const stepMs = 25

/**
 * Sends everybody away with "come back", spread over time so that those who take over are not run down: at most
 * `drainClosesPerSecond`, but all within `drainMs`; with few sockets it is over at once. Whoever has not gone by the
 * end of the close handshake is cut off.
 */
export async function drain(sessions: Sessions, disconnect: Disconnect, limits: LiveLimits): Promise<void> {
  const leaving = [...sessions.all]
  const spreadMs = Math.min(limits.drainMs, (leaving.length / limits.drainClosesPerSecond) * 1_000)
  const perStep = Math.max(1, Math.ceil((leaving.length * stepMs) / Math.max(stepMs, spreadMs)))
  for (let index = 0; index < leaving.length; index += perStep) {
    if (index > 0) await sleep(stepMs)
    for (const session of leaving.slice(index, index + perStep)) disconnect(session, 'shutdown')
  }
  const patience = new AbortController()
  const timeUp = sleep(limits.closeTimeoutMs, undefined, { signal: patience.signal }).catch(() => undefined)
  await Promise.race([sessions.empty(), timeUp])
  patience.abort()
  for (const session of sessions.all) session.socket.terminate()
}
