import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '@matchday/kernel'
import type { LiveChannel } from './channel.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import type { TakeEvent } from './event-intake.ts'
import type { LiveLimits } from './limits.ts'
import type { ReadLog } from './stream-log.ts'

/** `later`: the service could not be asked. */
export type CatchUpOutcome = 'level' | 'later'

/** Brings a channel level with its service. Its subscribers get what they missed, in order. */
export type CatchUp = (channel: LiveChannel) => Promise<CatchUpOutcome>

export function createCatchUp(parts: {
  readLog: ReadLog
  registry: ChannelRegistry
  take: TakeEvent
  limits: LiveLimits
  log: Log
}): CatchUp {
  const { registry, limits } = parts

  /** One page. `more`: there is more to read; `behind`: the log didn't have what the bus has brought already. */
  async function step(channel: LiveChannel): Promise<'level' | 'more' | 'behind' | 'lost' | 'later'> {
    const { head: after, epoch } = channel
    if (after === null) return 'level'
    const page = await parts.readLog(channel, after, channel.readers())
    if (!registry.holds(channel) || channel.head === null) return 'level'
    // It has restarted while we read, and everybody begins anew anyway.
    if (channel.epoch !== epoch) return 'level'
    if (page === 'unknown') return 'later'
    if (page === 'gone' || page.epoch !== epoch) return 'lost'
    for (const event of page.events) parts.take(channel, event)
    if (page.hasMore) return 'more'
    return channel.isBehind ? 'behind' : 'level'
  }

  return async (channel) => {
    let pages = 0
    for (let attempt = 1; attempt <= limits.catchUpAttemptsMax && pages < limits.logPagesMax; ) {
      const result = await step(channel)
      if (result === 'level' || result === 'later') return result
      if (result === 'lost') break
      if (result === 'more') pages++
      else {
        await sleep(limits.catchUpWaitMs * 2 ** (attempt - 1), undefined, { ref: false })
        if (!channel.isBehind) return 'level'
        attempt++
      }
    }
    parts.log.warn({ channel: channel.name }, 'a channel lost its place: it starts over with a snapshot')
    if (registry.holds(channel)) registry.changeHistory(channel, () => channel.restart())
    return 'level'
  }
}
