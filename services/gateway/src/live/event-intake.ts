import type { EventMessage, Log } from '@matchday/kernel'
import type { LiveChannel } from './channel.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import type { Disconnect } from './session.ts'
import type { Sessions } from './sessions.ts'

/** Takes one event for a channel, wherever it comes from; the same event may come often. */
export type TakeEvent = (channel: LiveChannel, event: EventMessage) => void

/** From an event to the channel's subscribers, and to the sockets that it ends. */
export function createEventIntake(parts: {
  registry: ChannelRegistry
  sessions: Sessions
  disconnect: Disconnect
  /** Events have come before their predecessors. */
  onGap: (channel: LiveChannel) => void
  /** It may be otherwise now who may listen. */
  onHeld: (channel: LiveChannel) => Promise<void>
  log: Log
}): TakeEvent {
  const { registry, sessions, disconnect } = parts

  /** First the news, then the good-bye: the phone can show why. */
  function endSessions(channel: LiveChannel, event: EventMessage): void {
    const { closes } = channel.contract
    const ending = Object.hasOwn(closes, event.type) ? closes[event.type] : undefined
    if (ending === undefined) return
    channel.flush()
    for (const session of sessions.ofPlayer(String(event.data.playerId))) {
      const { caller } = session
      if (caller.kind !== 'player' || caller.tournamentId !== event.stream) continue
      const isStillGood = ending === 'pass-moved' && caller.pass >= Number(event.data.pass)
      if (!isStillGood) disconnect(session, ending)
    }
  }

  function recheck(channel: LiveChannel): void {
    parts.onHeld(channel).catch((error: unknown) => {
      parts.log.error({ err: error, channel: channel.name }, 'who may listen could not be found out')
      // Rather nobody than somebody who may not.
      registry.changeHistory(channel, () => channel.restart())
    })
  }

  /** Every event of a stream is published, known type or not: a version left out would look like one lost. */
  return (channel, event) => {
    try {
      const { accessRound } = channel
      for (const taken of registry.take(channel, event)) endSessions(channel, taken)
      if (channel.isHeld && channel.accessRound !== accessRound) recheck(channel)
      if (channel.isBehind) parts.onGap(channel)
    } catch (error) {
      parts.log.error({ err: error, type: event.type }, 'an event could not be passed on')
    }
  }
}
