import type { Bus, Clock } from '@matchday/kernel'
import type { CatchUp } from './catch-up.ts'
import type { LiveChannel } from './channel.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import type { LiveLimits } from './limits.ts'

export type Resync = {
  /** Events came in another order, or some are missing. */
  onGap(channel: LiveChannel): void
  /** Compares channels whose time has come. */
  tick(nowMs: number): void
  close(): void
}

/**
 * Decides when a channel is compared with its service. The bus delivers to gateways at most once, so each channel is
 * compared when events are missing, when the bus has come back, and now and then in any case: nobody may miss an
 * update for good, even when no later one comes.
 */
export function createResync(parts: {
  bus: Pick<Bus, 'onState'>
  registry: ChannelRegistry
  catchUp: CatchUp
  limits: LiveLimits
  clock: Clock
  /** From 0 to below 1. */
  random?: () => number
}): Resync {
  const { registry, limits, clock, random = Math.random } = parts
  const gaps = new Set<LiveChannel>()
  let gapTimer: NodeJS.Timeout | null = null
  /** At most all channels. */
  const waiting = new Set<LiveChannel>()
  const running = new Set<LiveChannel>()

  async function run(channel: LiveChannel): Promise<void> {
    running.add(channel)
    const outcome = await parts.catchUp(channel).catch(() => 'later' as const)
    running.delete(channel)
    channel.lookedForLost(clock.monotonicMs())
    if (outcome === 'later') {
      const againAtMs = clock.monotonicMs() + limits.resyncRetryMs * (1 + random())
      channel.checkAtMs = Math.min(channel.checkAtMs, againAtMs)
    }
    startWaiting()
  }

  function startWaiting(): void {
    for (const channel of waiting) {
      if (running.size >= limits.resyncsAtOnceMax) return
      // One at a time for each channel: it stays in line until the other is done.
      if (running.has(channel)) continue
      waiting.delete(channel)
      if (registry.holds(channel)) void run(channel)
    }
  }

  function closeGaps(): void {
    gapTimer = null
    for (const channel of gaps) if (channel.isBehind) waiting.add(channel)
    gaps.clear()
    startWaiting()
  }

  const busState = parts.bus.onState((state) => {
    if (state === 'down') return
    const nowMs = clock.monotonicMs()
    const channels = [...registry.all()]
    const spreadMs = Math.min(limits.resyncSpreadMs, (channels.length / limits.resyncsPerSecondMin) * 1_000)
    for (const channel of channels) channel.checkAtMs = nowMs + random() * spreadMs
  })

  return {
    onGap(channel) {
      gaps.add(channel)
      gapTimer ??= setTimeout(closeGaps, limits.gapPatienceMs).unref()
    },
    tick(nowMs) {
      for (const channel of registry.all()) {
        const isDue = channel.checkAtMs !== 0 && nowMs >= channel.checkAtMs
        if (isDue || channel.checkAtMs === 0) {
          channel.checkAtMs = nowMs + limits.positionCheckMs * (0.75 + random() / 2)
        }
        if ((isDue && !channel.isIdle) || channel.hasLostEvents(nowMs)) waiting.add(channel)
      }
      startWaiting()
    },
    close() {
      busState.close()
      if (gapTimer) clearTimeout(gapTimer)
      waiting.clear()
      gaps.clear()
    },
  }
}
