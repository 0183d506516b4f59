import type { Log } from '@matchday/kernel'
import type { Ask } from './asking.ts'
import type { LiveChannel } from './channel.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import { errorOfCode, type ReplyErrorName } from './codes.ts'
import type { LiveLimits } from './limits.ts'

type LoadOutcome =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'failed'; readonly error: ReplyErrorName; readonly code: string }

/** Reads a channel's snapshot. Whoever asks while one is being read shares it: a thousand arrivals, one query. */
export type LoadSnapshot = (channel: LiveChannel) => Promise<LoadOutcome>

export function createSnapshotLoader(parts: {
  ask: Ask
  registry: ChannelRegistry
  limits: LiveLimits
  log: Log
  onQuery: () => void
}): LoadSnapshot {
  const failed = (code: 'internal'): LoadOutcome => ({ kind: 'failed', error: errorOfCode[code], code })
  const loads = new WeakMap<LiveChannel, Promise<LoadOutcome>>()

  async function readOnce(channel: LiveChannel): Promise<LoadOutcome | 'again'> {
    const epochBefore = channel.epoch
    parts.onQuery()
    const reply = await parts.ask(channel.contract.snapshot, { id: channel.id }, { kind: 'anyone' })
    if (reply.kind !== 'ok') return { kind: 'failed', error: errorOfCode[reply.code], code: reply.code }
    const { body, version, epoch } = reply
    if (version === undefined || epoch === undefined) {
      parts.log.error({ operation: channel.contract.snapshot }, 'a snapshot came without version or epoch')
      return failed('internal')
    }
    // The store was restored while we read: an event already told us, and the answer may be from before.
    if (channel.epoch !== epochBefore && channel.epoch !== epoch) return 'again'
    const kept = parts.registry.changeHistory(channel, () =>
      channel.keepSnapshot(epoch, version, JSON.stringify(body)),
    )
    return kept ? { kind: 'loaded' } : 'again'
  }

  async function read(channel: LiveChannel): Promise<LoadOutcome> {
    for (let attempt = 1; attempt <= parts.limits.snapshotAttemptsMax; attempt++) {
      const outcome = await readOnce(channel)
      if (outcome !== 'again') return outcome
    }
    parts.log.warn({ channel: channel.name }, 'snapshots stayed behind the events')
    return failed('internal')
  }

  return (channel) => {
    const running = loads.get(channel)
    if (running) return running
    const load = read(channel).finally(() => loads.delete(channel))
    loads.set(channel, load)
    return load
  }
}
