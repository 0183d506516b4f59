import type { Caller } from '@matchday/contracts'
import type { EventMessage } from '@matchday/kernel'
import type { LiveChannel } from './channel.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import type { TakeEvent } from './event-intake.ts'
import type { LiveLimits } from './limits.ts'
import type { Recovery } from './protocol.ts'
import type { ReadLog } from './stream-log.ts'

/**
 * Makes a channel's past reach back to where a client stands who was connected elsewhere, if the service's log says
 * how, in few pages. Resolves in any case; whether it worked shows in the channel's answer. `reader`: somebody who may
 * listen, or anybody as long as nobody knows who may: what everybody may read everybody may hear.
 */
export type LoadPast = (channel: LiveChannel, position: Recovery, reader: Caller) => Promise<void>

/** Versions are 32-bit integers in the store. */
const versionMax = 2 ** 31 - 1

export function createPastLoader(parts: {
  readLog: ReadLog
  registry: ChannelRegistry
  take: TakeEvent
  limits: LiveLimits
}): LoadPast {
  const { registry, limits } = parts
  const loads = new WeakMap<LiveChannel, Promise<void>>()

  async function load(channel: LiveChannel, position: Recovery, reader: Caller): Promise<void> {
    const { accessRound } = channel
    const events: EventMessage[] = []
    let asOf = Number.POSITIVE_INFINITY
    const from = Math.max(0, position.offset - limits.pastMarginMax)
    for (let pages = 0; pages < limits.logPagesMax; pages++) {
      const page = await parts.readLog(channel, from + events.length, [reader])
      if (typeof page === 'string' || page.epoch !== position.epoch) return
      const isNews = accessRound === channel.accessRound && page.version >= channel.accessVersion
      if (reader.kind === 'anyone' && channel.access === 'unknown' && !channel.isHeld && isNews) {
        channel.access = 'open'
      }
      asOf = Math.min(asOf, page.version)
      events.push(...page.events)
      if (!page.hasMore) break
      // Too far back: a snapshot is cheaper.
      if (pages === limits.logPagesMax - 1) return
    }
    // Ahead of its own store, which can't be: the client's place is not of this log.
    if ((events.at(-1)?.version ?? 0) < position.offset) return
    const fresh = registry.changeHistory(channel, () => channel.keepPast(position.epoch, events, asOf))
    for (const event of fresh ?? []) parts.take(channel, event)
  }

  return async (channel, position, reader) => {
    if (position.offset < 1 || position.offset > versionMax) return
    if (channel.epoch !== null && channel.epoch !== position.epoch) return
    // More than the ring could hold.
    if (channel.head !== null && channel.head - position.offset > limits.ringPublicationsMax) return
    // Many come back at once, from about the same place: the first one's load may do for all.
    const running = loads.get(channel)
    if (running !== undefined) {
      await running
      if (channel.recovers(position)) return
    }
    const own = loads.get(channel) ?? load(channel, position, reader)
    loads.set(channel, own)
    await own.finally(() => loads.delete(channel))
  }
}
