import type { Whisper } from '@matchday/kernel'
import type { ChannelRegistry } from './channel-registry.ts'
import type { LiveLimits } from './limits.ts'

/** channel → type → key → item, as JSON. */
type Collected = Map<string, Map<string, Map<string, string>>>

export type Fleeting = { take(message: Whisper): void; close(): void }

/**
 * Collects what is fleeting for a moment, the latest per key, and rebroadcasts it without an offset: fifty fingers
 * moving over a grid of teams become at most 25 publications a second.
 */
export function createFleeting(registry: ChannelRegistry, limits: LiveLimits): Fleeting {
  let collected: Collected = new Map()
  let timer: NodeJS.Timeout | null = null

  function flush(): void {
    timer = null
    const now = collected
    collected = new Map()
    for (const [name, types] of now) {
      const channel = registry.get(name)
      if (!channel) continue
      for (const [type, items] of types) {
        channel.whisper(`{"type":${JSON.stringify(type)},"items":[${[...items.values()].join(',')}]}`)
      }
      registry.markDirty(channel)
    }
  }

  return {
    take({ channel, type, key, value }) {
      if (!registry.get(channel)?.subscribers.size) return
      const types = getOrMake(collected, channel, () => new Map())
      const items = getOrMake(types, type, () => new Map<string, string>())
      // The latest goes to the end, so that what is dropped beyond the bound is the oldest.
      items.delete(key)
      items.set(key, JSON.stringify({ playerId: key, ...value }))
      if (items.size > limits.fleetingKeysMax) items.delete(items.keys().next().value ?? '')
      timer ??= setTimeout(flush, limits.fleetingDelayMs)
    },
    close() {
      if (timer) clearTimeout(timer)
      timer = null
      collected.clear()
    },
  }
}

function getOrMake<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}
