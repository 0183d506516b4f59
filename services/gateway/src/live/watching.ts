import type { Caller, Channel } from '@matchday/contracts'
import type { Reply } from '@matchday/kernel'
import type { LiveChannel } from './channel.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import { Session } from './session.ts'

/**
 * A player's session hears about its tournament even when it has not subscribed: an event may end it. So it keeps the
 * channel open.
 */
export type Watching = {
  /**
   * Before the seat is asked for. Answers with a check for the service's answer: false when it was older than what
   * had happened before, or when what happened since can't be known. Null: there is no room.
   */
  watch(session: Session, caller: Caller): ((reply: Reply) => boolean) | null
}

export function createWatching(parts: {
  contracts: readonly Channel[]
  registry: ChannelRegistry
}): Watching {
  const contract = parts.contracts.find(({ closes }) => Object.keys(closes).length > 0)
  return {
    watch(session, caller) {
      if (contract === undefined || caller.kind !== 'player') return () => true
      const channel = session.watched ?? parts.registry.open(contract, caller.tournamentId)
      if (channel === null) return null
      channel.watchers.add(session)
      session.watched = channel
      const { head, epoch } = channel
      return (reply) => {
        if (reply.kind !== 'ok' || reply.epoch === undefined || reply.version === undefined) return true
        if (reply.epoch === epoch && head !== null && reply.version < head) return false
        return channel.learn(reply.epoch, reply.version)
      }
    },
  }
}

/** For a channel that has lost its place: the event that would have ended a session may be among those lost. */
export function recheckWatchers(
  { watchers }: Pick<LiveChannel, 'watchers'>,
  recheck: (session: Session) => Promise<void>,
): void {
  const sessions = [...watchers].filter((watcher) => watcher instanceof Session)
  // One after the other, so that a full tournament is not a storm of queries.
  const inTurn = async () => {
    for (const session of sessions) await recheck(session)
  }
  void inTurn()
}
