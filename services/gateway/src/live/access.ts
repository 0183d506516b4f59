import { type Caller, callerScope } from '@matchday/contracts'
import type { Clock, Log } from '@matchday/kernel'
import type { LiveChannel, Subscriber } from './channel.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import type { LiveLimits } from './limits.ts'
import type { LoadOutcome, LoadSnapshot } from './snapshot-loader.ts'

export type Access = {
  /** `loaded`: this caller may listen, as of the channel's present round of access. */
  admit(channel: LiveChannel, caller: Caller): Promise<LoadOutcome>
  /** After an event that may have changed who may listen: ends those who may not, then lets the events go on. */
  recheck(channel: LiveChannel): Promise<void>
  /** Looks at those who are in by what they are elsewhere: no event of the channel tells when they are no longer. */
  tick(nowMs: number): void
}

const anyone: Caller = { kind: 'anyone' }
const loaded: LoadOutcome = { kind: 'loaded' }

/**
 * Who may listen to a channel: whom the query of its snapshot answers. What it answers to anybody counts for all, so
 * that a thousand spectators are one question; otherwise each is asked for by himself.
 */
export function createAccess(parts: {
  loadSnapshot: LoadSnapshot
  registry: ChannelRegistry
  limits: LiveLimits
  clock: Clock
  log: Log
  /** From 0 to below 1. */
  random?: () => number
}): Access {
  const { loadSnapshot, registry, limits, random = Math.random } = parts

  async function askFor(channel: LiveChannel, caller: Caller): Promise<LoadOutcome> {
    if (channel.access !== 'closed' || caller.kind === 'anyone') {
      const round = channel.accessRound
      const outcome = await loadSnapshot(channel, anyone)
      if (round !== channel.accessRound) return outcome
      // While events are held it is the recheck that says so, when it has ended those who may not.
      if (outcome.kind === 'loaded' && !channel.isHeld) channel.access = 'open'
      if (outcome.kind !== 'refused' || caller.kind === 'anyone') return outcome
      if (!channel.isHeld) channel.access = 'closed'
    }
    return loadSnapshot(channel, caller)
  }

  /** Ends subscriptions of callers who may no longer. `unsure`: what happens to those who can't be asked for now. */
  async function endRefused(
    channel: LiveChannel,
    callers: readonly Caller[],
    unsure: 'end' | 'keep',
  ): Promise<void> {
    const round = channel.accessRound
    const waiting = [...callers]
    const work = async () => {
      for (let caller = waiting.shift(); caller !== undefined; caller = waiting.shift()) {
        const outcome = await loadSnapshot(channel, caller)
        if (round !== channel.accessRound) return
        if (outcome.kind === 'loaded' || (outcome.kind === 'failed' && unsure === 'keep')) continue
        const reason = outcome.kind === 'refused' ? 'not-allowed' : 'insufficient-state'
        for (const subscriber of subscribersAs(channel, caller)) channel.end(subscriber, reason)
      }
    }
    await Promise.all(Array.from({ length: limits.accessChecksAtOnceMax }, work))
  }

  function release(channel: LiveChannel, access: 'open' | 'closed'): void {
    registry.changeHistory(channel, () => channel.release(access))
  }

  async function recheck(channel: LiveChannel): Promise<void> {
    const round = channel.accessRound
    const outcome = await loadSnapshot(channel, anyone)
    if (round !== channel.accessRound) return
    if (outcome.kind === 'loaded') return release(channel, 'open')
    if (outcome.kind === 'failed') {
      // Nobody can say who may; so everybody asks for himself, and comes in when somebody can.
      parts.log.warn({ channel: channel.name, code: outcome.code }, 'who may listen could not be asked for')
      return registry.changeHistory(channel, () => channel.restart())
    }
    for (const subscriber of subscribersAs(channel, anyone)) channel.end(subscriber, 'not-allowed')
    await endRefused(channel, distinctCallers(channel.subscribers), 'end')
    if (round === channel.accessRound) release(channel, 'closed')
  }

  return {
    async admit(channel, caller) {
      for (let attempt = 1; attempt <= limits.accessAttemptsMax; attempt++) {
        if (channel.access === 'open') return loaded
        const round = channel.accessRound
        const outcome = await askFor(channel, caller)
        if (round === channel.accessRound) return outcome
      }
      return { kind: 'failed', error: 'internal', code: 'internal' }
    },
    recheck,
    tick(nowMs) {
      for (const channel of registry.all()) {
        if (channel.access !== 'closed' || channel.subscribers.size === 0) continue
        const isDue = channel.accessCheckAtMs !== 0 && nowMs >= channel.accessCheckAtMs
        if (isDue || channel.accessCheckAtMs === 0) {
          channel.accessCheckAtMs = nowMs + limits.accessCheckMs * (1 + random() / 4)
        }
        if (!isDue) continue
        const fromElsewhere = distinctCallers(channel.subscribers).filter(
          ({ kind }) => kind === 'staff' || kind === 'player-account' || kind === 'key',
        )
        void endRefused(channel, fromElsewhere, 'keep')
      }
    },
  }
}

function subscribersAs({ subscribers }: LiveChannel, caller: Caller): Subscriber[] {
  const scope = callerScope(caller)
  return [...subscribers].filter((subscriber) => callerScope(subscriber.caller) === scope)
}

function distinctCallers(subscribers: Iterable<Subscriber>): Caller[] {
  const byScope = new Map<string, Caller>()
  for (const { caller } of subscribers) byScope.set(callerScope(caller), caller)
  return [...byScope.values()]
}
