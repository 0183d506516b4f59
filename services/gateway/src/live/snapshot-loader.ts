import { setTimeout as sleep } from 'node:timers/promises'
import { type Caller, callerScope } from '@matchday/contracts'
import type { Log } from '@matchday/kernel'
import type { Ask } from './asking.ts'
import type { LiveChannel } from './channel.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import { errorOfCode, type ReplyErrorName } from './codes.ts'
import type { LiveLimits } from './limits.ts'

export type LoadOutcome =
  | { readonly kind: 'loaded' }
  | {
      /** `refused`: the service says that he may not, or that there is no such thing. */
      readonly kind: 'failed' | 'refused'
      readonly error: ReplyErrorName
      readonly code: string
    }

/**
 * Reads a channel's snapshot as somebody. Whoever asks as the same caller while one is being read shares it: a
 * thousand arrivals, one query.
 */
export type LoadSnapshot = (channel: LiveChannel, caller: Caller) => Promise<LoadOutcome>

export function createSnapshotLoader(parts: {
  ask: Ask
  registry: ChannelRegistry
  limits: LiveLimits
  log: Log
  onQuery: () => void
}): LoadSnapshot {
  const { limits } = parts
  const failed = (code: 'internal'): LoadOutcome => ({ kind: 'failed', error: errorOfCode[code], code })
  const loads = new WeakMap<LiveChannel, Map<string, Promise<LoadOutcome>>>()

  /** `old`: as of a time before what is known here. */
  async function readOnce(channel: LiveChannel, caller: Caller): Promise<LoadOutcome | 'again' | 'old'> {
    const epochBefore = channel.epoch
    parts.onQuery()
    const reply = await parts.ask(channel.contract.snapshot, { id: channel.id }, caller)
    if (reply.kind !== 'ok') {
      const kind = reply.kind === 'rejected' ? 'refused' : 'failed'
      return { kind, error: errorOfCode[reply.code], code: reply.code }
    }
    const { body, version, epoch } = reply
    if (version === undefined || epoch === undefined) {
      parts.log.error({ operation: channel.contract.snapshot }, 'a snapshot came without version or epoch')
      return failed('internal')
    }
    // The store was restored while we read: an event already told us, and the answer may be from before.
    if (channel.epoch !== epochBefore && channel.epoch !== epoch) return 'again'
    // He may have been allowed then, and not be now.
    if (channel.epoch === epoch && version < channel.accessVersion) return 'old'
    const kept = parts.registry.changeHistory(channel, () =>
      channel.keepSnapshot(epoch, version, JSON.stringify(body)),
    )
    return kept ? { kind: 'loaded' } : 'again'
  }

  async function read(channel: LiveChannel, caller: Caller): Promise<LoadOutcome> {
    for (let attempt = 1; attempt <= limits.snapshotAttemptsMax; attempt++) {
      const outcome = await readOnce(channel, caller)
      if (typeof outcome === 'object') return outcome
      // A replica follows in its own time.
      if (outcome === 'old') await sleep(limits.catchUpWaitMs * 2 ** attempt, undefined, { ref: false })
    }
    parts.log.warn({ channel: channel.name }, 'snapshots stayed behind the events')
    return failed('internal')
  }

  return (channel, caller) => {
    const ofChannel = loads.get(channel) ?? new Map<string, Promise<LoadOutcome>>()
    loads.set(channel, ofChannel)
    // What was asked for before something changed says nothing about who may listen now.
    const key = `${channel.accessRound} ${callerScope(caller)}`
    const running = ofChannel.get(key)
    if (running) return running
    const load = read(channel, caller).finally(() => ofChannel.delete(key))
    ofChannel.set(key, load)
    return load
  }
}
